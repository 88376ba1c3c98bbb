package dev.marea.server.grpc;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Tensor;
import dev.marea.wire.proto.inference.InferParameter;
import dev.marea.wire.proto.inference.ModelInferResponse;
import dev.marea.wire.proto.inference.ModelStreamInferResponse;
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
        var frame = frame(InferAnswer.of(model, request, outputs), true);
        caller.onLoop(() -> stream.ended(this, frame));
    }

    /** Waits where the client reads more slowly than the model answers. */
    @Override
    public void part(Lease model, Question question, List<Tensor> outputs) {
        var frame = frame(InferAnswer.of(model, request, outputs), false);
        takeRoom();
        caller.onLoop(() -> caller.send(frame, room::release));
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
            var frame = frame(InferAnswer.begin(model, request), true);
            caller.onLoop(() -> stream.ended(this, frame));
        } else {
            caller.onLoop(() -> stream.ended(this));
        }
    }

    @Override
    public void refuse(Refused why) {
        var message = ModelStreamInferResponse.newBuilder().setErrorMessage(why.message());
        message.getInferResponseBuilder().setId(request.id());
        var frame = caller.frame(message.build());
        caller.onLoop(() -> stream.failed(this, frame, Status.of(why)));
    }

    private byte[] frame(ModelInferResponse.Builder answer, boolean last) {
        answer.putParameters(FINAL, InferParameter.newBuilder().setBoolParam(last).build());
        return caller.frame(ModelStreamInferResponse.newBuilder().setInferResponse(answer).build());
    }
}
