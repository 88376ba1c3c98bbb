package dev.marea.server.grpc;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Call;
import dev.marea.server.predict.Question;
import java.util.Optional;

/** A prediction asked for over gRPC, alone or in a stream. */
abstract sealed class InferCall implements Call permits Infer.One, StreamedCall {
    final Caller caller;
    final InferRequest request;

    InferCall(Caller caller, InferRequest request) {
        this.caller = caller;
        this.request = request;
    }

    @Override
    public final String model() {
        return request.model();
    }

    @Override
    public final Optional<String> version() {
        return request.version();
    }

    @Override
    public final int bodyBytes() {
        return request.bytes();
    }

    @Override
    public Question read(Lease model) throws Refused {
        return new Question(request.readInputs(), model.asked(request.readOutputs()));
    }

    @Override
    public final boolean isUnwanted() {
        return caller.isOver();
    }

    @Override
    public final Optional<Long> deadline() {
        var deadline = caller.deadline();
        return deadline.isPresent() ? Optional.of(deadline.getAsLong()) : Optional.empty();
    }
}
