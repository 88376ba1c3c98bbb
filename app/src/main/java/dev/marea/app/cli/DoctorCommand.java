package dev.marea.app.cli;

import dev.marea.app.doctor.Doctor;
import dev.marea.app.doctor.Finding;
import dev.marea.wire.json.Json;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what is well and what is not around an installation, and what to do about it. */
@Command(
        mixinStandardHelpOptions = true,
        name = "doctor",
        description =
                "Examine a cluster (or the platform of --home) and say what to fix. Exit code 1 if something does not work.",
        footerHeading = "%nExamples:%n",
        footer = {"  marea doctor", "  marea doctor --kubeconfig ~/.kube/config -o json"})
final class DoctorCommand extends Verb {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "table",
            description = "table or json")
    private Output output = Output.table;

    @Option(
            names = "--system-namespace",
            paramLabel = "NAME",
            defaultValue = "marea-system",
            description = "Where Marea is installed. Default: ${DEFAULT-VALUE}")
    private String system = "marea-system";

    @Override
    public Integer call() throws Exception {
        if (output != Output.table && output != Output.json) {
            throw Failure.misuse("doctor knows -o table and -o json");
        }
        List<Finding> findings;
        try (var cluster = root().cluster()) {
            findings = new Doctor(cluster, system, InstantSource.system()).examine();
        }
        if (output == Output.json) {
            console().line(json(findings).toString());
        } else {
            findings.forEach(this::show);
        }
        return findings.stream().anyMatch(f -> f.level() == Finding.Level.FAIL) ? 1 : 0;
    }

    private void show(Finding finding) {
        var mark =
                switch (finding.level()) {
                    case OK -> console().good("ok  ");
                    case WARN -> console().paint("33", "warn");
                    case FAIL -> console().bad("FAIL");
                };
        var subject = "%-12s".formatted(finding.subject());
        console().line(mark + "  " + subject + "  " + Printable.of(finding.found()));
        if (!finding.advice().isEmpty()) {
            console().line(" ".repeat(20) + "-> " + finding.advice());
        }
    }

    private static Json json(List<Finding> findings) {
        return Json.of(
                findings.stream()
                        .map(f ->
                                Json.Obj.of(
                                        "level", f.level().name().toLowerCase(Locale.ROOT),
                                        "subject", f.subject(),
                                        "found", f.found(),
                                        "advice", f.advice()))
                        .toList());
    }
}
