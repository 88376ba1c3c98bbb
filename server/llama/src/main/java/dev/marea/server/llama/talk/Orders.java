package dev.marea.server.llama.talk;

import dev.marea.server.llama.gguf.GgmlType;
import dev.marea.server.llama.sample.Sampling;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Orders as frames. */
public final class Orders {
    private Orders() {}

    public static void write(Frames frames, Order order) throws IOException {
        frames.write(out -> write(out, order));
    }

    public static Order read(Frames frames) throws IOException {
        return frames.read(Orders::read);
    }

    private static void write(DataOutputStream out, Order order) throws IOException {
        switch (order) {
            case Order.Load(var settings) -> {
                out.writeByte(0);
                settings(out, settings);
            }
            case Order.Generate(var id, var prompt, var wanted) -> {
                head(out, 1, id);
                prompt(out, prompt);
                wanted(out, wanted);
            }
            case Order.Cancel(var id) -> head(out, 2, id);
            case Order.Embed(var id, var prompt, var second) -> {
                head(out, 3, id);
                prompt(out, prompt);
                Fields.text(out, second);
            }
            case Order.Tokenize(var id, var prompt) -> {
                head(out, 4, id);
                prompt(out, prompt);
            }
            case Order.Detokenize(var id, var tokens) -> {
                head(out, 5, id);
                Fields.ints(out, tokens);
            }
        }
    }

    private static void head(DataOutputStream out, int kind, long id) throws IOException {
        out.writeByte(kind);
        out.writeLong(id);
    }

    private static Order read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        if (kind == 0) {
            return new Order.Load(settings(in));
        }
        long id = in.readLong();
        return switch (kind) {
            case 1 -> new Order.Generate(id, prompt(in), wanted(in));
            case 2 -> new Order.Cancel(id);
            case 3 -> new Order.Embed(id, prompt(in), Fields.text(in));
            case 4 -> new Order.Tokenize(id, prompt(in));
            case 5 -> new Order.Detokenize(id, Fields.ints(in));
            default -> throw new IOException("an order of the unknown kind " + kind);
        };
    }

    private static void settings(DataOutputStream out, EngineSettings s) throws IOException {
        Fields.text(out, s.model());
        out.writeInt(s.lengthMax());
        out.writeInt(s.cells());
        out.writeInt(s.batch());
        out.writeInt(s.active());
        out.writeInt(s.waitingMax());
        out.writeInt(s.threads());
        Fields.text(out, s.kv().name());
        out.writeBoolean(s.repacked());
        out.writeInt(s.adapters().size());
        for (var adapter : s.adapters().entrySet()) {
            Fields.text(out, adapter.getKey());
            Fields.text(out, adapter.getValue());
        }
    }

    private static EngineSettings settings(DataInputStream in) throws IOException {
        return new EngineSettings(
                Fields.text(in),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                Fields.one(in, GgmlType.class),
                in.readBoolean(),
                adapters(in));
    }

    private static SequencedMap<String, String> adapters(DataInputStream in) throws IOException {
        var adapters = new LinkedHashMap<String, String>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            adapters.put(Fields.text(in), Fields.text(in));
        }
        return adapters;
    }

    private static void prompt(DataOutputStream out, Prompt prompt) throws IOException {
        switch (prompt) {
            case Prompt.Text(var parts, var addSpecial) -> {
                out.writeByte(0);
                out.writeBoolean(addSpecial);
                Fields.list(
                        out,
                        parts,
                        (to, part) -> {
                            Fields.text(to, part.text());
                            to.writeBoolean(part.control());
                        });
            }
            case Prompt.Tokens(var ids) -> {
                out.writeByte(1);
                Fields.ints(out, ids);
            }
        }
    }

    private static Prompt prompt(DataInputStream in) throws IOException {
        if (in.readUnsignedByte() == 1) {
            return new Prompt.Tokens(Fields.ints(in));
        }
        boolean addSpecial = in.readBoolean();
        return new Prompt.Text(
                Fields.list(in, from -> new Prompt.Part(Fields.text(from), from.readBoolean())),
                addSpecial);
    }

    private static void wanted(DataOutputStream out, Wanted w) throws IOException {
        sampling(out, w.sampling());
        out.writeInt(w.choices());
        out.writeInt(w.tokensMax());
        Fields.list(out, w.stops(), Fields::text);
        out.writeBoolean(w.keepsStop());
        out.writeInt(w.odds());
        Fields.text(out, w.grammar());
        out.writeBoolean(w.showsControl());
        Fields.text(out, w.adapter());
        Fields.text(out, w.salt());
        out.writeInt(w.priority());
    }

    private static Wanted wanted(DataInputStream in) throws IOException {
        return new Wanted(
                sampling(in),
                in.readInt(),
                in.readInt(),
                Fields.list(in, Fields::text),
                in.readBoolean(),
                in.readInt(),
                Fields.text(in),
                in.readBoolean(),
                Fields.text(in),
                Fields.text(in),
                in.readInt());
    }

    private static void sampling(DataOutputStream out, Sampling s) throws IOException {
        out.writeDouble(s.temperature());
        out.writeInt(s.topK());
        out.writeDouble(s.topP());
        out.writeDouble(s.minP());
        out.writeDouble(s.presence());
        out.writeDouble(s.frequency());
        out.writeDouble(s.repetition());
        out.writeLong(s.seed());
        out.writeInt(s.bias().size());
        for (var bias : s.bias().entrySet()) {
            out.writeInt(bias.getKey());
            out.writeFloat(bias.getValue());
        }
        out.writeInt(s.minTokens());
        out.writeBoolean(s.ignoresEnd());
    }

    private static Sampling sampling(DataInputStream in) throws IOException {
        return new Sampling(
                in.readDouble(),
                in.readInt(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readLong(),
                bias(in),
                in.readInt(),
                in.readBoolean());
    }

    private static Map<Integer, Float> bias(DataInputStream in) throws IOException {
        var bias = new LinkedHashMap<Integer, Float>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            bias.put(in.readInt(), in.readFloat());
        }
        return bias;
    }
}
