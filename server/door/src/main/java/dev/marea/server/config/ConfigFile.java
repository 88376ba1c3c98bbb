package dev.marea.server.config;

import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.TensorSpec;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Triton's {@code config.pbtxt}: the fields that mean something here; others are skipped. */
public final class ConfigFile {
    public static final String NAME = "config.pbtxt";

    private static final long BYTES_MAX = 1 << 20;
    private static final int INT_MAX = Integer.MAX_VALUE;
    private static final int RANK_MAX = 32;
    private static final long MICROS_MAX = 60_000_000;

    private ConfigFile() {}

    /** What lies in this directory of a model; {@link ModelConfig#PLAIN} where nothing does. */
    public static ModelConfig in(Path directory) throws LoadFailure {
        var file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return ModelConfig.PLAIN;
        }
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new LoadFailure(
                        file, "is larger than " + BYTES_MAX + " bytes", "it cannot be meant");
            }
            return read(Files.readString(file));
        } catch (CharacterCodingException bad) {
            throw new LoadFailure(file, "is not UTF-8 text", "save it as text").causedBy(bad);
        } catch (IOException bad) {
            throw new LoadFailure(file, "cannot be read: " + bad, "check its permissions")
                    .causedBy(bad);
        } catch (BadConfig bad) {
            throw new LoadFailure(file, String.valueOf(bad.getMessage()), "mend that line")
                    .causedBy(bad);
        }
    }

    static ModelConfig read(String text) throws BadConfig {
        var root = TextFormat.read(text);
        int size = number(root, "max_batch_size", 0, 1 << 20).orElse(0);
        return new ModelConfig(
                backend(root),
                batching(root, size),
                versions(root),
                instances(root),
                tensors(root, "input"),
                tensors(root, "output"));
    }

    private static Optional<String> backend(Block root) throws BadConfig {
        for (var name : List.of("backend", "platform")) {
            var field = root.field(name);
            if (field.isPresent() && !field.get().text().isEmpty()) {
                return Optional.of(field.get().text());
            }
        }
        return Optional.empty();
    }

    /** Size 0 says that the first dimension is no batch; a size without batching is one request. */
    private static Batching batching(Block root, int size) throws BadConfig {
        var dynamic = root.field("dynamic_batching");
        if (dynamic.isEmpty()) {
            boolean said = root.field("max_batch_size").isPresent();
            return said
                    ? new Batching(
                            OptionalInt.of(1),
                            Duration.ZERO,
                            List.of(),
                            OptionalInt.empty(),
                            Optional.empty())
                    : Batching.PLAIN;
        }
        var block = dynamic.get().block();
        var preferred = new ArrayList<Integer>();
        for (var field : block.all("preferred_batch_size")) {
            preferred.add((int) field.number(1, 1 << 20));
        }
        var policy = block.field("default_queue_policy");
        var queue = policy.isPresent() ? policy.get().block() : new Block(List.of());
        return new Batching(
                OptionalInt.of(Math.max(1, size)),
                micros(block, "max_queue_delay_microseconds").orElse(Duration.ZERO),
                preferred,
                positive(number(queue, "max_queue_size", 0, INT_MAX)),
                timeout(queue));
    }

    /** Only where a late request is to be refused, as is Triton's default. */
    private static Optional<Duration> timeout(Block queue) throws BadConfig {
        var action = queue.field("timeout_action");
        if (action.isPresent() && action.get().text().equals("DELAY")) {
            return Optional.empty();
        }
        return micros(queue, "default_timeout_microseconds").filter(time -> !time.isZero());
    }

    private static Optional<Duration> micros(Block block, String name) throws BadConfig {
        var field = block.field(name);
        return field.isPresent()
                ? Optional.of(Duration.ofNanos(1_000 * field.get().number(0, MICROS_MAX)))
                : Optional.empty();
    }

    private static OptionalInt number(Block block, String name, int least, int most)
            throws BadConfig {
        var field = block.field(name);
        return field.isPresent()
                ? OptionalInt.of((int) field.get().number(least, most))
                : OptionalInt.empty();
    }

    private static OptionalInt positive(OptionalInt number) {
        return number.orElse(0) > 0 ? number : OptionalInt.empty();
    }

    private static VersionPolicy versions(Block root) throws BadConfig {
        var field = root.field("version_policy");
        if (field.isEmpty()) {
            return new VersionPolicy.Latest(1);
        }
        var policy = field.get().block();
        var specific = policy.field("specific");
        if (specific.isPresent()) {
            var numbers = new ArrayList<Long>();
            for (var number : specific.get().block().all("versions")) {
                numbers.add(number.number(0, Long.MAX_VALUE));
            }
            if (numbers.isEmpty()) {
                throw new BadConfig(specific.get().line(), "specific names no versions");
            }
            return new VersionPolicy.Specific(numbers);
        }
        if (policy.field("all").isPresent()) {
            return new VersionPolicy.All();
        }
        var latest = policy.field("latest");
        var count =
                latest.isPresent()
                        ? number(latest.get().block(), "num_versions", 1, 1_000)
                        : OptionalInt.empty();
        return new VersionPolicy.Latest(count.orElse(1));
    }

    /** The sum of all groups; a group without a count is one. */
    private static OptionalInt instances(Block root) throws BadConfig {
        int sum = 0;
        for (var group : root.all("instance_group")) {
            sum += number(group.block(), "count", 0, 1_000).orElse(1);
        }
        return positive(OptionalInt.of(sum));
    }

    private static List<TensorSpec> tensors(Block root, String name) throws BadConfig {
        var specs = new ArrayList<TensorSpec>();
        for (var field : root.all(name)) {
            specs.add(tensor(field));
        }
        return specs;
    }

    private static TensorSpec tensor(Block.Field field) throws BadConfig {
        var block = field.block();
        var name = block.field("name");
        var type = block.field("data_type");
        if (name.isEmpty() || type.isEmpty()) {
            throw new BadConfig(field.line(), field.name() + " needs a name and a data_type");
        }
        var dims = new ArrayList<Integer>();
        for (var dim : block.all("dims")) {
            dims.add((int) dim.number(-1, INT_MAX));
        }
        if (dims.size() > RANK_MAX) {
            throw new BadConfig(field.line(), "more than " + RANK_MAX + " dims");
        }
        return new TensorSpec(name.get().text(), datatype(type.get()), dims);
    }

    private static Datatype datatype(Block.Field field) throws BadConfig {
        var name = field.text();
        var plain = name.startsWith("TYPE_") ? name.substring("TYPE_".length()) : name;
        return Datatype.named(plain.equals("STRING") ? "BYTES" : plain)
                .orElseThrow(() -> new BadConfig(field.line(), "unknown data_type " + name));
    }
}
