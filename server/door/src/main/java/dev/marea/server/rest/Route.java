package dev.marea.server.rest;

import java.util.List;

/** What a method and a path ask for. Everything that is not listed here does not exist. */
sealed interface Route {
    /** One whose answer is made from what the server knows. */
    sealed interface Question extends Route {}

    enum Plain implements Question {
        ALIVE,
        METRICS,
        V1_MODELS,
        V2_SERVER,
        V2_LIVE,
        V2_READY,
        V2_MODELS
    }

    record V1Model(String name) implements Question {}

    record V2Model(String name) implements Question {}

    record V2ModelReady(String name) implements Question {}

    record Explain(String name) implements Question {}

    record Versioned() implements Question {}

    record WrongMethod(String allow) implements Question {}

    record Unknown(String path) implements Question {}

    record V1Predict(String name) implements Route {}

    record V2Infer(String name) implements Route {}

    String READ = "GET, HEAD";

    static Route of(String method, String path) {
        var found = at(path);
        if (found instanceof Unknown) {
            return found;
        }
        boolean post =
                found instanceof V1Predict || found instanceof V2Infer || found instanceof Explain;
        var allow = post ? "POST" : READ;
        boolean allowed =
                post ? method.equals("POST") : method.equals("GET") || method.equals("HEAD");
        // A versioned path may be any of several; its refusal fits them all.
        return allowed || found instanceof Versioned ? found : new WrongMethod(allow);
    }

    private static Route at(String path) {
        return switch (path) {
            case "/" -> Plain.ALIVE;
            case "/metrics" -> Plain.METRICS;
            case "/v1/models", "/v1/models/" -> Plain.V1_MODELS;
            case "/v2", "/v2/" -> Plain.V2_SERVER;
            case "/v2/health/live" -> Plain.V2_LIVE;
            case "/v2/health/ready" -> Plain.V2_READY;
            case "/v2/models", "/v2/models/" -> Plain.V2_MODELS;
            default -> ofModel(path);
        };
    }

    private static Route ofModel(String path) {
        if (path.startsWith("/v1/models/")) {
            return v1(path, path.substring("/v1/models/".length()));
        }
        if (path.startsWith("/v2/models/")) {
            return v2(path, List.of(path.substring("/v2/models/".length()).split("/", -1)));
        }
        return new Unknown(path);
    }

    private static Route v1(String path, String rest) {
        if (rest.indexOf('/') >= 0) {
            return new Unknown(path);
        }
        int colon = rest.lastIndexOf(':');
        if (colon < 0) {
            return new V1Model(rest);
        }
        var name = rest.substring(0, colon);
        return switch (rest.substring(colon + 1)) {
            case "predict" -> new V1Predict(name);
            case "explain" -> new Explain(name);
            default -> new Unknown(path);
        };
    }

    private static Route v2(String path, List<String> parts) {
        var name = parts.getFirst();
        var verb = parts.getLast();
        boolean versioned =
                parts.size() >= 3 && parts.size() <= 4 && parts.get(1).equals("versions");
        if (versioned) {
            boolean known = parts.size() == 3 || verb.equals("infer") || verb.equals("ready");
            return known ? new Versioned() : new Unknown(path);
        }
        return switch (parts.size()) {
            case 1 -> new V2Model(name);
            case 2 ->
                    switch (verb) {
                        case "infer" -> new V2Infer(name);
                        case "ready" -> new V2ModelReady(name);
                        default -> new Unknown(path);
                    };
            default -> new Unknown(path);
        };
    }
}
