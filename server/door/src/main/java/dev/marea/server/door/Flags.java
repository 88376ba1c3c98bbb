package dev.marea.server.door;

import dev.marea.wire.text.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The command line, with the names that KServe's model servers take. */
record Flags(Map<String, String> given, List<String> ignored, boolean help) {
    private static final Set<String> KNOWN = known();

    private static Set<String> known() {
        var known = new TreeSet<>(ModelFlags.NAMES);
        known.addAll(Set.of("http_port", "grpc_port", "host", "help"));
        return known;
    }

    /** KServe's flags that have no meaning here: taken, so that old manifests start. */
    private static final Set<String> WITHOUT_MEANING =
            Set.of(
                    "access_log_format",
                    "configure_logging",
                    "enable_docs_url",
                    "enable_grpc",
                    "enable_latency_logging",
                    "enable_predictor_health_check",
                    "event_loop",
                    "grpc_max_receive_message_length",
                    "grpc_max_send_message_length",
                    "log_config_file",
                    "max_asyncio_workers",
                    "max_threads",
                    "nthread",
                    "predictor_host",
                    "predictor_protocol",
                    "predictor_request_retries",
                    "predictor_request_timeout_seconds",
                    "predictor_use_ssl",
                    "timeout_keep_alive",
                    "workers");

    static final String HELP =
            """
            Serves models over HTTP and gRPC (KServe's V1 and V2 protocols).

            One model:
              --model_name NAME   the model's name in URLs (default: model)
              --model_dir PATH    a directory with one model, or its file
              --framework NAME    sklearn, xgboost, lightgbm, onnx, java (default: found by the files)
            Many:
              --model_repository PATH  a directory of them, each in its own, as Triton has them
              --model_control HOW      none: all there are at the start (the default); explicit: those
                                       that are asked to be loaded; poll: what is there, watched
              --load_model A,B         loaded before the server is ready; it ends if one cannot be
              --repository_poll_secs N the time between two looks (default: 5)
              --model_memory SIZE      for all of them, as 4Gi (default: 60 % of the container's); the
                                       one not asked the longest makes room
            Batching:
              --max_batch_size N       rows that requests are joined to (default: 64 where rows are
                                       known to be independent, else 1)
              --max_batch_delay TIME   how long two requests wait for more, as 500us or 5ms (default: 0)
            Where:
              --http_port PORT    0 takes any free port (default: $PORT, else 8080)
              --grpc_port PORT    a second port with the same services (gRPC is on the first one too)
              --host ADDRESS      where to listen (default: $HOST, else 0.0.0.0)
              --help              prints this

            Environment: PORT, HOST, PREDICT_PROBA=true (answer probabilities), TERMINATION_LOG (a
            file that gets the reason of a failed start); MAREA_MAX_BATCH_SIZE for --max_batch_size,
            and so on for all that concerns models. KServe's other flags are taken and ignored.

            Example: --model_name=iris --model_dir=/mnt/models --http_port=8080
            """;

    /** A command line that cannot be followed. */
    static final class BadFlag extends Exception {
        private static final long serialVersionUID = 1;

        BadFlag(String message) {
            super(message, null, false, false);
        }
    }

    static Flags parse(String... args) throws BadFlag {
        var given = new LinkedHashMap<String, String>();
        var ignored = new ArrayList<String>();
        boolean help = false;
        for (int i = 0; i < args.length; i++) {
            var arg = args[i];
            int equals = arg.indexOf('=');
            var name = name(equals < 0 ? arg : arg.substring(0, equals));
            if (name.equals("help")) {
                help = true;
                continue;
            }
            boolean apart = equals < 0 && i + 1 < args.length && !args[i + 1].startsWith("--");
            var value = equals >= 0 ? arg.substring(equals + 1) : apart ? args[++i] : "";
            if (WITHOUT_MEANING.contains(name)) {
                ignored.add(name);
            } else if (value.isEmpty()) {
                throw new BadFlag("--" + name + " needs a value");
            } else {
                // Triton's --load-model may come more than once.
                given.merge(name, value, name.equals("load_model") ? Flags::both : (_, b) -> b);
            }
        }
        return new Flags(given, ignored, help);
    }

    /** Dashes and underscores are one, as KServe mixes them. */
    private static String name(String arg) throws BadFlag {
        if (arg.equals("-h")) {
            return "help";
        }
        if (!arg.startsWith("--")) {
            throw new BadFlag("'" + arg + "' is no flag; flags start with --");
        }
        var said = arg.substring(2).replace('-', '_');
        var name = ModelFlags.OTHER_NAMES.getOrDefault(said, said);
        if (!KNOWN.contains(name) && !WITHOUT_MEANING.contains(name)) {
            throw new BadFlag("unknown flag --" + name + Nearest.hint(name, all()));
        }
        return name;
    }

    private static String both(String one, String other) {
        return one + "," + other;
    }

    private static Set<String> all() {
        var all = new TreeSet<>(KNOWN);
        all.addAll(WITHOUT_MEANING);
        return all;
    }

    ServerSettings settings(Map<String, String> environment) throws BadFlag {
        try {
            var models = new ModelFlags(given, environment);
            var settings =
                    ServerSettings.of(
                            models.offer(),
                            models.serving(),
                            or("host", environment, "HOST", "0.0.0.0"),
                            port(or("http_port", environment, "PORT", "8080")));
            var grpcPort = given.get("grpc_port");
            return grpcPort == null ? settings : settings.withGrpc(port(grpcPort));
        } catch (IllegalArgumentException bad) {
            throw new BadFlag(String.valueOf(bad.getMessage()));
        }
    }

    private String or(String flag, Map<String, String> environment, String variable, String last) {
        var value = given.get(flag);
        return value != null ? value : environment.getOrDefault(variable, last);
    }

    private static int port(String text) throws BadFlag {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new BadFlag("the port must be a number 0..65535, was '" + text + "'");
    }
}
