package dev.marea.server.grpc;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Predictions;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Tensor;
import java.util.List;

/** ModelInfer: one prediction. */
final class Infer implements Rpc {
    private final Caller caller;
    private final Models models;
    private final Predictions predictions;
    private boolean asked;

    Infer(Caller caller, Models models, Predictions predictions) {
        this.caller = caller;
        this.models = models;
        this.predictions = predictions;
    }

    @Override
    public void message(byte[] bytes) throws Refused {
        InferRequest request;
        try {
            Unary.checkFirst(asked);
            asked = true;
            request = InferRequest.of(bytes);
            models.check(request.model(), request.version());
        } catch (Refused refused) {
            predictions.release(bytes.length);
            throw refused;
        }
        predictions.submit(new One(caller, request), bytes.length);
    }

    @Override
    public void halfClosed() throws Refused {
        Unary.checkAsked(asked);
    }

    static final class One extends InferCall {
        One(Caller caller, InferRequest request) {
            super(caller, request);
        }

        @Override
        public void answer(Lease model, Question question, List<Tensor> outputs) {
            try {
                caller.answer(answer(model, outputs));
            } catch (Refused refused) {
                refuse(refused);
            }
        }

        @Override
        public void refuse(Refused why) {
            caller.end(Status.of(why));
        }
    }
}
