package dev.marea.server.rest;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Tensor;
import java.util.List;
import java.util.Optional;

/** How one protocol reads a request and writes its answer. There is one for each request. */
interface Codec {
    /** The request's tensors, and how the model is to be asked. */
    Question read(Bytes body, Lease model) throws Refused;

    /** The answer as JSON on one line. */
    byte[] json(Lease model, List<Tensor> outputs) throws Refused;

    default Reply reply(Lease model, List<Tensor> outputs) throws Refused {
        return Reply.json(200, json(model, outputs));
    }

    /** When the answer is worth nothing any more, where the request says so once it is read. */
    default Optional<Long> deadline() {
        return Optional.empty();
    }
}
