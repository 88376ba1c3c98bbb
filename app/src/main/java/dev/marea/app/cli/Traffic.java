package dev.marea.app.cli;

import java.util.stream.Collectors;

/** The split between a service's revisions, as text. */
final class Traffic {
    private static final int BAR = 20;

    private Traffic() {}

    /** One cell: {@code 00001 90% 00002 10%}. */
    static String text(ServiceView service) {
        return service.traffic().stream()
                .map(t ->
                        shortName(service.name(), t.text("revisionName").orElse("?"))
                                + " "
                                + t.integer("percent").orElse(0)
                                + "%")
                .collect(Collectors.joining(", "));
    }

    static String bar(long percent) {
        int filled = (int) Math.round(percent * BAR / 100.0);
        return "█".repeat(filled) + "░".repeat(BAR - filled);
    }

    /** The number of a revision, after the name of its version where it has one. */
    static String shortName(String service, String revision) {
        var number = revision.substring(revision.lastIndexOf('-') + 1);
        var start = service + "-";
        var end = "-predictor-" + number;
        return revision.startsWith(start)
                        && revision.length() > start.length() + end.length()
                        && revision.endsWith(end)
                ? revision.substring(start.length(), revision.length() - end.length())
                        + "-"
                        + number
                : number;
    }
}
