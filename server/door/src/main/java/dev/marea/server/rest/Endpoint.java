package dev.marea.server.rest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that can be asked over REST: what is found by a path, and what the API's description says.
 */
enum Endpoint {
    ALIVE(Work.QUESTION, "/", "Whether the process lives."),
    METRICS(Work.QUESTION, "/metrics", "Counters and histograms in Prometheus's text format."),
    OPENAPI(Work.QUESTION, "/openapi.json", "This description."),
    DOCS(Work.QUESTION, "/docs", "A page for people: models, tensors, examples."),
    REDOC(Work.QUESTION, "/redoc", "The same page, where KServe's users also look."),
    V1_MODELS(Work.QUESTION, "/v1/models", "The names of the models."),
    V1_MODEL(
            Work.QUESTION,
            "/v1/models/{model}[/versions/{version}]",
            "Whether a model is ready; 503 while it is not."),
    V1_PREDICT(
            Work.PREDICTION,
            "/v1/models/{model}[/versions/{version}]:predict",
            "Predictions for rows, objects or columns (V1)."),
    V1_EXPLAIN(
            Work.PREDICTION,
            "/v1/models/{model}[/versions/{version}]:explain",
            "Explanations, where the model gives them (V1)."),
    V2_SERVER(Work.QUESTION, "/v2", "The server's name, version and extensions."),
    V2_LIVE(Work.QUESTION, "/v2/health/live", "Whether the process lives."),
    V2_READY(Work.QUESTION, "/v2/health/ready", "Whether every model is ready."),
    V2_MODELS(Work.QUESTION, "/v2/models", "The names of the models."),
    V2_ALL_STATISTICS(Work.QUESTION, "/v2/models/stats", "What every loaded model has done."),
    V2_MODEL(
            Work.QUESTION,
            "/v2/models/{model}[/versions/{version}]",
            "A model's platform, versions and tensors."),
    V2_MODEL_READY(
            Work.QUESTION,
            "/v2/models/{model}[/versions/{version}]/ready",
            "Whether a model is ready; 503 while it is not."),
    V2_STATISTICS(
            Work.QUESTION,
            "/v2/models/{model}[/versions/{version}]/stats",
            "What a model has done since it was loaded."),
    V2_CONFIG(
            Work.QUESTION,
            "/v2/models/{model}[/versions/{version}]/config",
            "How a model is served, as Triton words it."),
    V2_INFER(
            Work.PREDICTION,
            "/v2/models/{model}[/versions/{version}]/infer",
            "Outputs for tensors, as JSON or binary (V2)."),
    V2_INFER_STREAM(
            Work.PREDICTION,
            "/v2/models/{model}[/versions/{version}]/infer_stream",
            "As infer, each part of the answer as a server-sent event."),
    V2_GENERATE(
            Work.PREDICTION,
            "/v2/models/{model}[/versions/{version}]/generate",
            "Plain values by the names of the inputs to values by the names of the outputs."),
    V2_GENERATE_STREAM(
            Work.PREDICTION,
            "/v2/models/{model}[/versions/{version}]/generate_stream",
            "As generate, each part of the answer as a server-sent event."),
    INDEX(Work.REPOSITORY, "/v2/repository/index", "The models of the repository."),
    LOAD(
            Work.REPOSITORY,
            "/v2/repository/models/{model}/load",
            "Loads a model, or loads it again."),
    UNLOAD(
            Work.REPOSITORY,
            "/v2/repository/models/{model}/unload",
            "Takes a model out of service.");

    /** What answering takes. */
    enum Work {
        /** Nothing but what the server knows: answered where it comes in. */
        QUESTION,
        /** A body and a model. */
        PREDICTION,
        /** A small body, and perhaps a long time. */
        REPOSITORY
    }

    private static final String MODEL = "{model}";
    private static final String VERSION = "[/versions/{version}]";
    private static final Map<String, Endpoint> FIXED = new HashMap<>();
    private static final List<Family> FAMILIES = new ArrayList<>();

    static {
        for (var endpoint : values()) {
            endpoint.enter();
        }
    }

    private final Work work;
    private final String path;
    private final String summary;

    Endpoint(Work work, String path, String summary) {
        this.work = work;
        this.path = path;
        this.summary = summary;
    }

    /** Paths that begin alike and go on with a model's name. */
    record Family(String prefix, boolean versioned, Map<String, Endpoint> byTail) {
        @Nullable Endpoint at(String tail) {
            return byTail.get(tail);
        }
    }

    private void enter() {
        int model = path.indexOf(MODEL);
        if (model < 0) {
            FIXED.put(path, this);
            return;
        }
        var rest = path.substring(model + MODEL.length());
        boolean versioned = rest.startsWith(VERSION);
        family(path.substring(0, model), versioned)
                .byTail()
                .put(versioned ? rest.substring(VERSION.length()) : rest, this);
    }

    private static Family family(String prefix, boolean versioned) {
        for (var family : FAMILIES) {
            if (family.prefix().equals(prefix)) {
                return family;
            }
        }
        var family = new Family(prefix, versioned, new HashMap<>());
        FAMILIES.add(family);
        return family;
    }

    static @Nullable Endpoint fixed(String path) {
        return FIXED.get(path);
    }

    static List<Family> families() {
        return FAMILIES;
    }

    Work work() {
        return work;
    }

    String summary() {
        return summary;
    }

    boolean isOfModel() {
        return path.contains(MODEL);
    }

    /** The paths that lead here, without and with a version. */
    List<String> paths() {
        return path.contains(VERSION)
                ? List.of(path.replace(VERSION, ""), path.replace("[", "").replace("]", ""))
                : List.of(path);
    }

    boolean isPost() {
        return work != Work.QUESTION;
    }

    boolean isV1() {
        return this == V1_PREDICT || this == V1_EXPLAIN;
    }

    /** Whether the answer is a stream of events whatever the request says. */
    boolean isStream() {
        return this == V2_INFER_STREAM || this == V2_GENERATE_STREAM;
    }

    /** The methods that it takes, as the header {@code Allow} lists them. */
    String allow() {
        return isPost() ? "POST" : "GET, HEAD";
    }

    boolean takes(String method) {
        return isPost() ? method.equals("POST") : method.equals("GET") || method.equals("HEAD");
    }
}
