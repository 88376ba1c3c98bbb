package dev.marea.local.node;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Which loopback port stands for each containerPort of one pod. All pods share this machine's one
 * address, so two replicas cannot both have port 8080.
 */
public record PortMap(SequencedMap<Integer, Integer> real) {
    /** The pod's annotation: {@code {"8080":21345}}. */
    public static final String ANNOTATION = "marea.dev/ports";

    public PortMap {
        real = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(real));
    }

    /** A port that was not declared stands for itself. */
    public int of(int containerPort) {
        return real.getOrDefault(containerPort, containerPort);
    }

    public static PortMap read(String json) throws JsonReader.MalformedJson {
        var real = new LinkedHashMap<Integer, Integer>();
        if (JsonReader.read(json) instanceof Json.Obj(var fields)) {
            for (var field : fields.entrySet()) {
                if (field.getValue() instanceof Json.Int(var number)) {
                    real.put(number(field.getKey()), (int) number);
                }
            }
        }
        return new PortMap(real);
    }

    private static int number(String text) throws JsonReader.MalformedJson {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw new JsonReader.MalformedJson("a port must be a number, was " + text);
        }
    }

    public String json() {
        var fields = new LinkedHashMap<String, Json>();
        real.forEach((port, loopback) -> fields.put(String.valueOf(port), Json.of(loopback)));
        return JsonWriter.text(new Json.Obj(fields));
    }
}
