package dev.marea.app.cli;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import dev.marea.wire.text.Nearest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists services, or any other kind. */
@Command(
        mixinStandardHelpOptions = true,
        name = "get",
        description = "List services (or another kind), or show one.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  marea get",
            "  marea get -A -o wide",
            "  marea get sklearn-iris -o yaml",
            "  marea get pods"
        })
final class GetCommand extends Verb {
    @Parameters(
            arity = "0..2",
            paramLabel = "[KIND] [NAME]",
            description =
                    "A kind such as isvc or pods, and a name; one word that is no kind names a service")
    private List<String> words = List.of();

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "In every namespace")
    private boolean everywhere;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}")
    private Output output = Output.table;

    @Option(
            names = "--show-managed-fields",
            description = "With -o json or yaml: also who set which field")
    private boolean managedFields;

    @Override
    public Integer call() throws Exception {
        var target = Target.of(words);
        try (var cluster = root().cluster()) {
            if (target.name() == null) {
                print(
                        cluster.list(target.resource(), everywhere ? "" : namespace(cluster), ""),
                        target.resource(),
                        true);
            } else {
                print(
                        List.of(one(cluster, target.resource(), target.name())),
                        target.resource(),
                        false);
            }
        }
        return 0;
    }

    private Json.Obj one(Cluster cluster, ResourcePath resource, String name)
            throws IOException, Failure {
        if (resource.equals(ResourcePath.INFERENCE_SERVICE)) {
            return Services.find(cluster, namespace(cluster), name).tree();
        }
        return cluster.get(resource, namespace(cluster), name)
                .orElseThrow(() ->
                        new Failure(
                                "there is no "
                                        + resource.kind()
                                        + " "
                                        + name
                                        + " in namespace "
                                        + namespace(cluster)));
    }

    private void print(List<Json.Obj> items, ResourcePath resource, boolean list) {
        switch (output) {
            case json -> console().line(whole(items, list).toString());
            case yaml -> console().line(Yaml.write(whole(items, list)).stripTrailing());
            case name ->
                    items.forEach(
                            i -> console().line(word(resource) + "/" + new ServiceView(i).name()));
            case table, wide -> table(items, resource);
        }
    }

    // As kubectl names things, so that the word can be given to it.
    private static String word(ResourcePath resource) {
        var kind = resource.kind().toLowerCase(Locale.ROOT);
        return resource.group().isEmpty() ? kind : kind + "." + resource.group();
    }

    private Json whole(List<Json.Obj> items, boolean list) {
        var shown = managedFields ? items : items.stream().map(GetCommand::withoutOwners).toList();
        return list
                ? Json.Obj.of("apiVersion", "v1", "kind", "List", "items", shown)
                : shown.getFirst();
    }

    private static Json.Obj withoutOwners(Json.Obj object) {
        return object.withoutAt(List.of("metadata", "managedFields"));
    }

    private void table(List<Json.Obj> items, ResourcePath resource) {
        if (items.isEmpty()) {
            console()
                    .note(
                            "No "
                                    + resource.plural()
                                    + " found"
                                    + (everywhere ? "." : "; -A looks in every namespace."));
        } else if (resource.equals(ResourcePath.INFERENCE_SERVICE)) {
            services(items.stream().map(ServiceView::new).toList());
        } else {
            objects(items);
        }
    }

    private void services(List<ServiceView> services) {
        var now = Instant.now();
        boolean wide = output == Output.wide;
        var table =
                wide
                        ? new Table(
                                "NAMESPACE",
                                "NAME",
                                "READY",
                                "TRAFFIC",
                                "AGE",
                                "URL",
                                "ADDRESS",
                                "WHY NOT")
                        : new Table("NAMESPACE", "NAME", "READY", "TRAFFIC", "AGE", "URL");
        for (var s : services) {
            var ready = s.ready() ? "True" : "False";
            if (wide) {
                table.row(
                        s.namespace(),
                        s.name(),
                        ready,
                        Traffic.text(s),
                        s.age(now),
                        s.url(),
                        s.address(),
                        s.ready() ? "" : s.why());
            } else {
                table.row(s.namespace(), s.name(), ready, Traffic.text(s), s.age(now), s.url());
            }
        }
        table.print(console());
    }

    private void objects(List<Json.Obj> items) {
        var now = Instant.now();
        var table = new Table("NAMESPACE", "NAME", "AGE");
        items.stream()
                .map(ServiceView::new)
                .forEach(i -> table.row(i.namespace(), i.name(), i.age(now)));
        table.print(console());
    }

    private record Target(ResourcePath resource, @Nullable String name) {
        static Target of(List<String> words) throws Failure {
            if (words.isEmpty()) {
                return new Target(ResourcePath.INFERENCE_SERVICE, null);
            }
            var first = words.getFirst();
            var kind = ResourcePath.named(first);
            if (words.size() == 1) {
                return kind.map(k -> new Target(k, null))
                        .orElseGet(() -> new Target(ResourcePath.INFERENCE_SERVICE, first));
            }
            return new Target(kind.orElseThrow(() -> unknown(first)), words.get(1));
        }

        private static Failure unknown(String word) {
            return new Failure(
                    "unknown kind "
                            + word
                            + Nearest.of(word, ResourcePath.words())
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse(""));
        }
    }
}
