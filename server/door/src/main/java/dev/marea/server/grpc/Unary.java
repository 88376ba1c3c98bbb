package dev.marea.server.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Predictions;
import org.slf4j.LoggerFactory;

/** A method of one question and one answer. */
final class Unary<Q extends MessageLite, A extends MessageLite> implements Rpc {
    /** Answers, on whatever thread it is asked. */
    interface Answers<Q, A> {
        A to(Q question) throws Refused;
    }

    /** Where a question is answered. */
    interface Place {
        void run(Runnable task) throws Refused;
    }

    /** For answers that are at hand. */
    static final Place HERE = Runnable::run;

    private final Caller caller;
    private final Predictions memory;
    private final Parser<Q> questions;
    private final Answers<Q, A> answers;
    private final Place place;
    private boolean asked;

    Unary(
            Caller caller,
            Predictions memory,
            Parser<Q> questions,
            Answers<Q, A> answers,
            Place place) {
        this.caller = caller;
        this.memory = memory;
        this.questions = questions;
        this.answers = answers;
        this.place = place;
    }

    @Override
    public void message(byte[] bytes) throws Refused {
        memory.release(bytes.length);
        checkFirst(asked);
        asked = true;
        var question = parse(questions, bytes);
        place.run(() -> answer(question));
    }

    private void answer(Q question) {
        try {
            caller.answer(Body.of(answers.to(question)));
        } catch (Refused refused) {
            caller.end(Status.of(refused));
        } catch (RuntimeException | Error bug) {
            LoggerFactory.getLogger(Unary.class).error("{} failed", caller.head().method(), bug);
            caller.end(Status.of(new Refused(Refused.Why.FAILED, "internal error")));
        }
    }

    @Override
    public void halfClosed() throws Refused {
        checkAsked(asked);
    }

    static void checkFirst(boolean asked) throws Refused {
        if (asked) {
            throw Refused.badInput("this method takes one message, a second one came");
        }
    }

    static void checkAsked(boolean asked) throws Refused {
        if (!asked) {
            throw Refused.badInput("this method takes one message, none came");
        }
    }

    static <M> M parse(Parser<M> parser, byte[] bytes) throws Refused {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException bad) {
            throw badMessage(bad);
        }
    }

    static Refused badMessage(InvalidProtocolBufferException bad) {
        return Refused.badInput("the message is no protobuf of this method: " + bad.getMessage());
    }
}
