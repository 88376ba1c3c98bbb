package dev.marea.kubernetes.reconcile;

import dev.marea.core.spec.Service;
import dev.marea.core.spec.Workload;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which services are language models, and by what name requests ask for them. */
final class LanguageModels {
    /** Formats that are served by engines with OpenAI's API. */
    private static final Set<String> FORMATS =
            Set.of("gguf", "huggingface", "vllm", "sglang", "tgi");

    private LanguageModels() {}

    /** The service's own name, which every engine of ours gives its model; none for others. */
    static List<String> names(Service service) {
        return switch (service.predictor().workload()) {
            case Workload.Model model when FORMATS.contains(lower(model.format().name())) ->
                    List.of(service.id().name());
            case Workload.Model _, Workload.Custom _ -> List.of();
        };
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
