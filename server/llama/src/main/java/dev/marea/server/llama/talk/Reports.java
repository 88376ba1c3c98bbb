package dev.marea.server.llama.talk;

import dev.marea.server.llama.sample.TokenOdds;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;

/** News as frames. */
public final class Reports {
    private Reports() {}

    public static void write(Frames frames, News news) throws IOException {
        frames.write(out -> write(out, news));
    }

    public static News read(Frames frames) throws IOException {
        return frames.read(Reports::read);
    }

    private static void write(DataOutputStream out, News news) throws IOException {
        switch (news) {
            case News.Ready(var facts) -> {
                out.writeByte(0);
                facts(out, facts);
            }
            case News.NotLoaded(var message) -> {
                out.writeByte(1);
                Fields.text(out, message);
            }
            case News.Pulse(var gauges) -> {
                out.writeByte(2);
                gauges(out, gauges);
            }
            case News.Of of -> {
                out.writeByte(3);
                out.writeLong(of.id());
                write(out, of);
            }
        }
    }

    private static void write(DataOutputStream out, News.Of news) throws IOException {
        switch (news) {
            case News.Read(_, var prompt, var cached) -> {
                out.writeByte(0);
                out.writeInt(prompt);
                out.writeInt(cached);
            }
            case News.Made(_, var choice, var token, var text, var odds) -> {
                out.writeByte(1);
                out.writeInt(choice);
                out.writeInt(token);
                Fields.text(out, text);
                out.writeBoolean(odds.isPresent());
                if (odds.isPresent()) {
                    odds(out, odds.get());
                }
            }
            case News.Ended(_, var choice, var end, var text, var stop, var tokens) -> {
                out.writeByte(2);
                out.writeInt(choice);
                Fields.text(out, end.name());
                Fields.text(out, text);
                Fields.text(out, stop);
                out.writeInt(tokens);
            }
            case News.Failed(_, var why, var message) -> {
                out.writeByte(3);
                Fields.text(out, why.name());
                Fields.text(out, message);
            }
            case News.Vector(_, var values, var tokens) -> {
                out.writeByte(4);
                Fields.floats(out, values);
                out.writeInt(tokens);
            }
            case News.Tokens(_, var tokens) -> {
                out.writeByte(5);
                Fields.ints(out, tokens);
            }
            case News.Text(_, var text) -> {
                out.writeByte(6);
                Fields.text(out, text);
            }
        }
    }

    private static News read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 0 -> new News.Ready(facts(in));
            case 1 -> new News.NotLoaded(Fields.text(in));
            case 2 -> new News.Pulse(gauges(in));
            case 3 -> of(in, in.readLong(), in.readUnsignedByte());
            default -> throw new IOException("news of the unknown kind " + kind);
        };
    }

    private static News of(DataInputStream in, long id, int kind) throws IOException {
        return switch (kind) {
            case 0 -> new News.Read(id, in.readInt(), in.readInt());
            case 1 ->
                    new News.Made(
                            id,
                            in.readInt(),
                            in.readInt(),
                            Fields.text(in),
                            in.readBoolean() ? Optional.of(odds(in)) : Optional.empty());
            case 2 ->
                    new News.Ended(
                            id,
                            in.readInt(),
                            Fields.one(in, News.End.class),
                            Fields.text(in),
                            Fields.text(in),
                            in.readInt());
            case 3 -> new News.Failed(id, Fields.one(in, News.Why.class), Fields.text(in));
            case 4 -> new News.Vector(id, Fields.floats(in), in.readInt());
            case 5 -> new News.Tokens(id, Fields.ints(in));
            case 6 -> new News.Text(id, Fields.text(in));
            default -> throw new IOException("news of an order of the unknown kind " + kind);
        };
    }

    private static void odds(DataOutputStream out, News.Odds odds) throws IOException {
        out.writeInt(odds.odds().token());
        out.writeFloat(odds.odds().logprob());
        Fields.list(
                out,
                odds.odds().top(),
                (to, top) -> {
                    to.writeInt(top.token());
                    to.writeFloat(top.logprob());
                });
        Fields.bytes(out, odds.text());
        Fields.list(out, odds.topTexts(), Fields::bytes);
    }

    private static News.Odds odds(DataInputStream in) throws IOException {
        var odds =
                new TokenOdds(
                        in.readInt(),
                        in.readFloat(),
                        Fields.list(
                                in, from -> new TokenOdds.Top(from.readInt(), from.readFloat())));
        return new News.Odds(odds, Fields.bytes(in), Fields.list(in, Fields::bytes));
    }

    private static void gauges(DataOutputStream out, Gauges g) throws IOException {
        out.writeInt(g.running());
        out.writeInt(g.waiting());
        out.writeDouble(g.cellsUsed());
        out.writeLong(g.preempted());
        out.writeLong(g.prefixAsked());
        out.writeLong(g.prefixHit());
        out.writeLong(g.steps());
        out.writeLong(g.stepTokens());
    }

    private static Gauges gauges(DataInputStream in) throws IOException {
        return new Gauges(
                in.readInt(),
                in.readInt(),
                in.readDouble(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong());
    }

    private static void facts(DataOutputStream out, ModelFacts f) throws IOException {
        Fields.text(out, f.kind().name());
        Fields.text(out, f.architecture());
        out.writeInt(f.lengthMax());
        out.writeInt(f.cells());
        out.writeInt(f.width());
        out.writeInt(f.vocabulary());
        Fields.text(out, f.chatTemplate());
        Fields.text(out, f.bos());
        Fields.text(out, f.eos());
        out.writeBoolean(f.addsBos());
        Fields.list(out, f.control(), Fields::text);
    }

    private static ModelFacts facts(DataInputStream in) throws IOException {
        return new ModelFacts(
                Fields.one(in, ModelFacts.Kind.class),
                Fields.text(in),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                Fields.text(in),
                Fields.text(in),
                Fields.text(in),
                in.readBoolean(),
                Fields.list(in, Fields::text));
    }
}
