package dev.marea.local.rest;

import dev.marea.local.api.Catalog;
import dev.marea.local.api.ServedKind;
import dev.marea.local.discovery.Discovery;
import dev.marea.local.discovery.Offer;
import dev.marea.local.discovery.Offer.Sub;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.http.Request;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Everything that is the same for every request: version, discovery and OpenAPI. */
final class Documents {
    private static final List<String> SUB_VERBS = List.of("get", "patch", "update");
    private static final String OPENAPI_V3 = "/openapi/v3";

    // kubectl asks for version 2 only as protobuf, and only about groups that version 3 does not
    // list: a document without definitions lets it go on and say that there is no such kind.
    private static final String GNOSTIC =
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    private static final byte[] EMPTY_GNOSTIC = {0x0a, 3, '2', '.', '0'};

    private final Catalog catalog;
    private final Discovery discovery;
    private final String version;
    private final Map<String, byte[]> written = new ConcurrentHashMap<>();

    Documents(Catalog catalog, String version) {
        this.catalog = catalog;
        this.version = version;
        var offers = new ArrayList<Offer>();
        catalog.kinds().forEach(kind -> offers.add(offer(kind)));
        offers.addAll(Reviews.offers());
        this.discovery = new Discovery(offers);
    }

    private static Offer offer(ServedKind kind) {
        var resource = kind.resource();
        var subs = new ArrayList<Sub>();
        if (kind.status()) {
            subs.add(sub(kind, "status", SUB_VERBS));
        }
        if (kind.scale().isPresent()) {
            subs.add(new Sub("scale", "autoscaling", "v1", "Scale", SUB_VERBS));
        }
        if (resource.equals(Resource.POD)) {
            subs.add(sub(kind, "log", List.of("get")));
            subs.add(new Sub("eviction", "policy", "v1", "Eviction", List.of("create")));
        }
        return new Offer(
                resource.group(),
                resource.version(),
                resource.plural(),
                kind.singular(),
                resource.kind(),
                resource.namespaced(),
                kind.verbs(),
                kind.shortNames(),
                kind.categories(),
                subs);
    }

    private static Sub sub(ServedKind kind, String name, List<String> verbs) {
        var resource = kind.resource();
        return new Sub(name, resource.group(), resource.version(), resource.kind(), verbs);
    }

    /** True once it has answered: the path was one of these. */
    boolean answer(Request request, Answers answers) throws IOException, Refusal {
        var path = request.path();
        switch (path) {
            case "/healthz", "/livez", "/readyz" -> answers.text(200, "ok");
            case "/version" -> answers.json(200, version());
            case "/api" -> discovered(request, answers, true, discovery::coreVersions);
            case "/apis" -> discovered(request, answers, false, discovery::groups);
            case "/" -> answers.json(200, paths());
            case "/openapi/v2" -> {
                if (wantsGnostic(request)) {
                    answers.bytes(200, GNOSTIC.replace("@", "."), EMPTY_GNOSTIC.clone());
                    return true;
                }
                Accepted.of(request);
                send(answers, path, () -> Optional.of(catalog.schemas().openApiV2()));
            }
            case OPENAPI_V3 ->
                    send(answers, path, () -> Optional.of(catalog.schemas().openApiV3()));
            default -> {
                return deeper(path, answers);
            }
        }
        return true;
    }

    private static boolean wantsGnostic(Request request) {
        return request.header("accept")
                .filter(accepted -> accepted.contains(GNOSTIC) && !accepted.contains("json"))
                .isPresent();
    }

    private boolean deeper(String path, Answers answers) throws IOException, Refusal {
        if (path.startsWith(OPENAPI_V3 + "/")) {
            var of = path.substring(OPENAPI_V3.length() + 1);
            return send(answers, path, () -> catalog.schemas().openApiV3(of));
        }
        var parts = path.split("/", -1);
        if (path.equals("/api/v1")) {
            return send(answers, path, () -> discovery.resources("v1"));
        }
        if (parts.length == 3 && parts[1].equals("apis")) {
            return send(answers, path, () -> discovery.group(parts[2]));
        }
        return parts.length == 4
                && parts[1].equals("apis")
                && send(answers, path, () -> discovery.resources(parts[2] + "/" + parts[3]));
    }

    private void discovered(
            Request request, Answers answers, boolean core, Supplier<Json.Obj> plain)
            throws IOException, Refusal {
        if (Accepted.of(request) == Accepted.DISCOVERY) {
            answers.bytes(200, Discovery.AGGREGATED, JsonWriter.bytes(discovery.aggregated(core)));
        } else {
            answers.json(200, plain.get());
        }
    }

    /** The set of kinds never changes, so each document is written once. */
    private boolean send(Answers answers, String path, Supplier<Optional<Json.Obj>> document)
            throws IOException, Refusal {
        var bytes = written.get(path);
        if (bytes == null) {
            bytes = JsonWriter.bytes(document.get().orElseThrow(Target::unknown));
            written.put(path, bytes);
        }
        answers.bytes(200, "application/json", bytes);
        return true;
    }

    private Json.Obj version() {
        return Json.Obj.of(
                "major",
                "1",
                "minor",
                "32",
                "gitVersion",
                "v1.32.0+marea." + version,
                "gitCommit",
                "",
                "gitTreeState",
                "clean",
                "buildDate",
                "1970-01-01T00:00:00Z",
                "goVersion",
                "none",
                "compiler",
                "javac",
                "platform",
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT)
                        + "/"
                        + System.getProperty("os.arch", ""));
    }

    private Json.Obj paths() {
        var paths = new ArrayList<>(List.of("/api", "/api/v1", "/apis"));
        catalog.resources().stream()
                .filter(resource -> !resource.group().isEmpty())
                .map(resource -> "/apis/" + resource.apiVersion())
                .distinct()
                .forEach(paths::add);
        paths.addAll(
                List.of("/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"));
        return Json.Obj.of("paths", paths);
    }
}
