package dev.marea.server.llama.door;

import dev.marea.server.llama.gguf.GgmlType;
import dev.marea.server.llama.talk.EngineSettings;
import dev.marea.wire.text.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/** The command line, with the names that KServe's and vLLM's servers take. */
record LlmFlags(Map<String, String> given, List<String> ignored, boolean help) {
    private static final int LENGTH_MOST = 1 << 24;

    private static final Set<String> KNOWN =
            Set.of(
                    "framework",
                    "model_name",
                    "model_dir",
                    "http_port",
                    "host",
                    "max_model_len",
                    "max_num_seqs",
                    "max_num_batched_tokens",
                    "max_num_queued_reqs",
                    "kv_cache_tokens",
                    "kv_cache_dtype",
                    "threads",
                    "repack",
                    "chat_template",
                    "trust_request_chat_template",
                    "lora_modules");

    private static final Map<String, String> OTHER_NAMES =
            Map.of(
                    "served_model_name", "model_name",
                    "model", "model_dir",
                    "model_id", "model_dir",
                    "port", "http_port",
                    "max_length", "max_model_len");

    /** What steers other engines: taken, so that their manifests start here too. */
    private static final Set<String> WITHOUT_MEANING =
            Set.of(
                    "backend",
                    "block_size",
                    "disable_log_requests",
                    "disable_log_stats",
                    "dtype",
                    "enable_auto_tool_choice",
                    "enable_chunked_prefill",
                    "enable_docs_url",
                    "enable_grpc",
                    "enable_latency_logging",
                    "enable_lora",
                    "enable_prefix_caching",
                    "enforce_eager",
                    "generation_config",
                    "gpu_memory_utilization",
                    "grpc_port",
                    "log_config_file",
                    "max_lora_rank",
                    "max_loras",
                    "model_revision",
                    "pipeline_parallel_size",
                    "quantization",
                    "reasoning_parser",
                    "return_token_type_ids",
                    "swap_space",
                    "task",
                    "tensor_parallel_size",
                    "tokenizer",
                    "tokenizer_mode",
                    "tool_call_parser",
                    "trust_remote_code",
                    "uvicorn_log_level",
                    "workers");

    static final String HELP =
            """
            Serves one LLM over the OpenAI API with llama.cpp.

              --model_name NAME        the model's name in requests (default: model)
              --model_dir PATH         a GGUF file, or a directory with one (several parts are one)
              --http_port PORT         0 takes any free port (default: $PORT, else 8080)
              --host ADDRESS           where to listen (default: $HOST, else 0.0.0.0)
              --max_model_len N        the longest prompt with its answer, in tokens
              --max_num_seqs N         answers at once; others wait (default: 16)
              --max_num_queued_reqs N  requests that wait; more are refused (default: 512)
              --max_num_batched_tokens N  tokens of one step (default: 512)
              --kv_cache_tokens N      tokens in memory, of all answers together
              --kv_cache_dtype TYPE    auto (f16), q8_0, q5_0 or q4_0: less memory for the same tokens
              --threads N              of one step (default: the processors that this container has)
              --repack false           reads weights where they lie: slower, and others share their memory
              --chat_template FILE     in place of the model's own
              --trust_request_chat_template true  lets requests bring their own
              --lora_modules NAME=FILE,...  LoRA adapters, asked for by their names
              --help                   prints this

            Environment: PORT, HOST, TERMINATION_LOG (a file that gets the reason of a failed start),
            MAREA_NATIVES (a directory where llama.cpp is unpacked). Flags of vLLM's that have no
            meaning here are taken and ignored.
            """;

    /** A command line that cannot be followed. */
    static final class BadFlag extends Exception {
        private static final long serialVersionUID = 1;

        BadFlag(String message) {
            super(message, null, false, false);
        }
    }

    static LlmFlags parse(String... args) throws BadFlag {
        var given = new LinkedHashMap<String, String>();
        var ignored = new ArrayList<String>();
        boolean help = false;
        for (int i = 0; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            var name = name(equals < 0 ? args[i] : args[i].substring(0, equals));
            if (name.equals("help")) {
                help = true;
                continue;
            }
            boolean apart = equals < 0 && i + 1 < args.length && !args[i + 1].startsWith("--");
            var value = equals >= 0 ? args[i].substring(equals + 1) : apart ? args[++i] : "";
            if (WITHOUT_MEANING.contains(name)) {
                ignored.add(name);
            } else if (value.isEmpty()) {
                throw new BadFlag("--" + name + " needs a value");
            } else {
                given.put(name, value);
            }
        }
        return new LlmFlags(given, ignored, help);
    }

    /** Dashes and underscores are one, as KServe and vLLM mix them. */
    private static String name(String arg) throws BadFlag {
        if (arg.equals("-h")) {
            return "help";
        }
        if (!arg.startsWith("--")) {
            throw new BadFlag("'" + arg + "' is no flag; flags start with --");
        }
        var said = arg.substring(2).replace('-', '_');
        var name = OTHER_NAMES.getOrDefault(said, said);
        if (!name.equals("help") && !KNOWN.contains(name) && !WITHOUT_MEANING.contains(name)) {
            var all = new TreeSet<>(KNOWN);
            all.addAll(WITHOUT_MEANING);
            throw new BadFlag("unknown flag --" + name + Nearest.hint(name, all));
        }
        return name;
    }

    /**
     * @param processors that this container has
     * @param natives where llama.cpp is unpacked unless the environment says otherwise
     */
    LlmSettings settings(Map<String, String> environment, int processors, Path natives)
            throws BadFlag {
        var model = given.get("model_dir");
        if (model == null) {
            throw new BadFlag("--model_dir is needed: a GGUF file, or a directory with one");
        }
        return new LlmSettings(
                given.getOrDefault("model_name", "model"),
                Path.of(model),
                or("host", environment.getOrDefault("HOST", "0.0.0.0")),
                number("http_port", environment.getOrDefault("PORT", "8080"), 0, 65_535),
                number("max_model_len", "0", 0, LENGTH_MOST),
                number("kv_cache_tokens", "0", 0, LENGTH_MOST),
                number(
                        "max_num_batched_tokens",
                        String.valueOf(EngineSettings.BATCH),
                        1,
                        LENGTH_MOST),
                number(
                        "max_num_seqs",
                        String.valueOf(EngineSettings.ACTIVE),
                        1,
                        EngineSettings.ACTIVE_MOST),
                number(
                        "max_num_queued_reqs",
                        String.valueOf(EngineSettings.WAITING_MAX),
                        0,
                        1 << 16),
                number("threads", String.valueOf(processors), 1, 1_024),
                kv(or("kv_cache_dtype", "auto")),
                flag("repack", true),
                Optional.ofNullable(given.get("chat_template")).map(Path::of),
                flag("trust_request_chat_template", false),
                adapters(),
                Optional.ofNullable(environment.get("MAREA_NATIVES"))
                        .map(Path::of)
                        .orElse(natives));
    }

    private String or(String flag, String otherwise) {
        return given.getOrDefault(flag, otherwise);
    }

    private boolean flag(String name, boolean otherwise) throws BadFlag {
        var value = or(name, String.valueOf(otherwise));
        if (!value.equals("true") && !value.equals("false")) {
            throw new BadFlag("--" + name + " must be true or false, was '" + value + "'");
        }
        return value.equals("true");
    }

    private int number(String flag, String otherwise, int least, int most) throws BadFlag {
        var text = or(flag, otherwise);
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new BadFlag(
                "--%s must be a number %d..%d, was '%s'".formatted(flag, least, most, text));
    }

    private static GgmlType kv(String name) throws BadFlag {
        return switch (name) {
            case "auto", "f16", "fp16", "float16" -> GgmlType.F16;
            case "q8_0", "fp8", "int8" -> GgmlType.Q8_0;
            case "q5_0" -> GgmlType.Q5_0;
            case "q4_0" -> GgmlType.Q4_0;
            default ->
                    throw new BadFlag(
                            "--kv_cache_dtype must be auto, q8_0, q5_0 or q4_0, was '"
                                    + name
                                    + "'");
        };
    }

    private SequencedMap<String, Path> adapters() throws BadFlag {
        var adapters = new LinkedHashMap<String, Path>();
        for (var one : or("lora_modules", "").split("[, ]", -1)) {
            int equals = one.indexOf('=');
            if (!one.isEmpty() && (equals < 1 || equals == one.length() - 1)) {
                throw new BadFlag("--lora_modules is NAME=FILE,..., was '" + one + "'");
            }
            if (!one.isEmpty()) {
                adapters.put(one.substring(0, equals), Path.of(one.substring(equals + 1)));
            }
        }
        return adapters;
    }
}
