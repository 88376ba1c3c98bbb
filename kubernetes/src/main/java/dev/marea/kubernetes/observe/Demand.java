package dev.marea.kubernetes.observe;

import dev.marea.wire.json.Json;
import dev.marea.wire.text.Quantity;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Amounts of resources, in thousandths so that half a processor can be told from none. */
record Demand(Map<String, Long> milli) {
    static final Demand NONE = new Demand(Map.of());

    Demand {
        milli = Map.copyOf(milli);
    }

    /** What a pod needs at the same time: its containers together, or one of its first steps. */
    static Demand of(Json pod) {
        var together = new TreeMap<String, Long>();
        for (var container : pod.list("spec", "containers")) {
            of(container.object("resources", "requests"), container.object("resources", "limits"))
                    .milli()
                    .forEach((name, amount) -> together.merge(name, amount, Long::sum));
        }
        for (var step : pod.list("spec", "initContainers")) {
            of(step.object("resources", "requests"), step.object("resources", "limits"))
                    .milli()
                    .forEach((name, amount) -> together.merge(name, amount, Math::max));
        }
        return new Demand(together);
    }

    /** Requests; a limit alone is one too, as the API has it. */
    private static Demand of(Json.Obj requests, Json.Obj limits) {
        var amounts = new TreeMap<>(amounts(limits).milli());
        amounts.putAll(amounts(requests).milli());
        return new Demand(amounts);
    }

    static Demand amounts(Json.Obj resources) {
        var amounts = new TreeMap<String, Long>();
        resources
                .fields()
                .forEach((name, value) ->
                        amount(value).ifPresent(milli -> amounts.put(name, milli)));
        return new Demand(amounts);
    }

    private static OptionalLong amount(Json value) {
        return Quantity.milli(value instanceof Json.Str(var text) ? text : value.toString());
    }

    long of(String resource) {
        return Optional.ofNullable(milli.get(resource)).orElse(0L);
    }

    /** GPUs and their like; everything that only some nodes have. */
    static boolean isDevice(String resource) {
        return resource.contains("/") || resource.startsWith("hugepages-");
    }

    /** For a person: whole devices, memory in Gi or Mi, processors with a fraction. */
    static String told(String resource, long milli) {
        if (!resource.equals("memory") && !resource.equals("ephemeral-storage")) {
            return milli % 1000 == 0 ? Long.toString(milli / 1000) : milli + "m";
        }
        long mebibytes = (milli / 1000) >> 20;
        return mebibytes >= (10 << 10) ? (mebibytes >> 10) + "Gi" : mebibytes + "Mi";
    }
}
