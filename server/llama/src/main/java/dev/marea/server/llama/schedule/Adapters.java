package dev.marea.server.llama.schedule;

import dev.marea.server.llama.ffm.Adapter;
import dev.marea.server.llama.ffm.NativeContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** LoRA adapters: a step computes with one of them or none, so those who use them take turns. */
final class Adapters {
    private final NativeContext context;
    private final Map<String, Adapter> known;
    private String current = "";

    Adapters(NativeContext context, Map<String, Adapter> known) {
        this.context = context;
        this.known = Map.copyOf(known);
    }

    boolean has(String name) {
        return name.isEmpty() || known.containsKey(name);
    }

    /** Those whose turn it is. */
    List<Answer> turn(List<Answer> running) {
        var names = running.stream().map(Adapters::name).distinct().sorted().toList();
        if (names.isEmpty()) {
            return List.of();
        }
        use(
                names.stream()
                        .filter(name -> name.compareTo(current) > 0)
                        .findFirst()
                        .orElse(names.getFirst()));
        return running.stream().filter(answer -> name(answer).equals(current)).toList();
    }

    private void use(String name) {
        if (!name.equals(current)) {
            context.adapt(
                    name.isEmpty() ? List.of() : List.of(Objects.requireNonNull(known.get(name))),
                    1);
            current = name;
        }
    }

    private static String name(Answer answer) {
        return answer.of.wanted().adapter();
    }
}
