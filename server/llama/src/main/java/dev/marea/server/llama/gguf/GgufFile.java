package dev.marea.server.llama.gguf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;

/**
 * What a GGUF file says of itself.
 *
 * @param dataBytes of all tensors
 */
public record GgufFile(
        int version,
        SequencedMap<String, GgufValue> metadata,
        List<GgufTensor> tensors,
        long dataBytes) {
    public GgufFile {
        tensors = List.copyOf(tensors);
    }

    /** The family of the model, which is also the prefix of its own keys. */
    public String architecture() {
        return text("general.architecture").orElse("");
    }

    public Optional<String> text(String key) {
        return metadata.get(key) instanceof GgufValue.Text(var value)
                ? Optional.of(value)
                : Optional.empty();
    }

    public OptionalLong whole(String key) {
        return metadata.get(key) instanceof GgufValue.Whole(var value)
                ? OptionalLong.of(value)
                : OptionalLong.empty();
    }

    public OptionalDouble decimal(String key) {
        return metadata.get(key) instanceof GgufValue.Decimal(var value)
                ? OptionalDouble.of(value)
                : OptionalDouble.empty();
    }

    /** A number of the architecture's own, as {@code block_count}. */
    public OptionalLong own(String key) {
        return whole(architecture() + "." + key);
    }

    /** How many elements a list has, 0 without it. */
    public long count(String key) {
        return metadata.get(key) instanceof GgufValue.Many(var count, _) ? count : 0;
    }

    /** A number that is one for all layers, or a list with one for each: the sum over layers. */
    long ownOverLayers(String key, long layers, long otherwise) {
        var value = metadata.get(architecture() + "." + key);
        return switch (value) {
            case GgufValue.Many(_, var wholes) when !wholes.isEmpty() ->
                    wholes.stream().mapToLong(Long::longValue).sum();
            case GgufValue.Whole(var each) -> each * layers;
            case null, default -> otherwise * layers;
        };
    }
}
