package dev.marea.server.grpc;

import com.google.protobuf.CodedOutputStream;
import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Tensor;
import dev.marea.wire.proto.inference.ModelStreamInferResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request of a stream. Its responses are made on a worker and handed to the stream. */
final class StreamedCall extends InferCall {
    private static final String FINAL = "triton_final_response";

    /** Parts of one answer that are on their way to the network. */
    private static final int PARTS_UNSENT_MAX = 16;

    private static final long LOOK_SECONDS = 1;
    private static final int STALLED_LOOKS_MAX = 60;

    private final StreamInfer stream;
    private final boolean inParts;
    private final boolean emptyFinal;
    private @Nullable Lease asked;
    private final Semaphore room = new Semaphore(PARTS_UNSENT_MAX);

    StreamedCall(StreamInfer stream, Caller caller, InferRequest request, boolean inParts) {
        super(caller, request);
        this.stream = stream;
        this.inParts = inParts;
        var wish = request.parameters().get(InferAnswer.EMPTY_FINAL);
        emptyFinal = wish != null && wish.getBoolParam();
    }

    @Override
    public Question read(Lease model) throws Refused {
        asked = model;
        return super.read(model);
    }

    @Override
    public boolean isStreamed() {
        return inParts;
    }

    @Override
    public void answer(Lease model, Question question, List<Tensor> outputs) {
        try {
            var frame = frame(answer(model, outputs), true);
            caller.onLoop(() -> stream.ended(this, frame));
        } catch (Refused refused) {
            refuse(refused);
        }
    }

    /** Waits where the client reads more slowly than the model answers. */
    @Override
    public void part(Lease model, Question question, List<Tensor> outputs) {
        try {
            var frame = frame(answer(model, outputs), false);
            takeRoom();
            caller.onLoop(() -> caller.send(frame, room::release));
        } catch (Refused refused) {
            refuse(refused);
            throw new CancellationException("the answer cannot be told as it was asked");
        }
    }

    private void takeRoom() {
        try {
            for (int looks = 0; looks < STALLED_LOOKS_MAX && !caller.isOver(); looks++) {
                if (room.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new CancellationException("the client takes no more of the answer");
    }

    @Override
    public void ended() {
        var model = asked;
        if (emptyFinal && model != null) {
            var frame = frame(InferAnswer.empty(model, request), true);
            caller.onLoop(() -> stream.ended(this, frame));
        } else {
            caller.onLoop(() -> stream.ended(this));
        }
    }

    @Override
    public void refuse(Refused why) {
        var status = Status.of(why);
        var message = ModelStreamInferResponse.newBuilder().setErrorMessage(status.message());
        message.getInferResponseBuilder().setId(request.id());
        var frame = caller.frame(Body.of(message.build()));
        caller.onLoop(() -> stream.failed(this, frame, status));
    }

    private byte[] frame(InferAnswer answer, boolean last) {
        return caller.frame(new Response(answer.with(FINAL, last)));
    }

    /** A ModelStreamInferResponse that is no error. */
    private record Response(InferAnswer answer) implements Body {
        private static final int INFER_RESPONSE = 2;

        @Override
        public int size() {
            return answer.sizeAs(INFER_RESPONSE);
        }

        @Override
        public void writeTo(CodedOutputStream out) throws IOException {
            answer.writeAs(INFER_RESPONSE, out);
        }
    }
}
