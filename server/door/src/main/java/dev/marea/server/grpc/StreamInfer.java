package dev.marea.server.grpc;

import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Predictions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * ModelStreamInfer: requests as they come, several of them under way, answered in their order. A
 * request that fails has its error as response, and the stream goes on. A model that answers in
 * parts has the stream for itself meanwhile, so that no part has to wait in memory.
 */
final class StreamInfer implements Rpc, Lasting.Call {
    private static final int AT_ONCE = 8;

    private final Caller caller;
    private final Models models;
    private final Predictions predictions;
    private final Lasting lasting;
    private final Deque<Place> queue = new ArrayDeque<>(AT_ONCE);
    private @Nullable InferRequest held;
    private boolean alone;
    private boolean halfClosed;
    private boolean ending;

    /** A request's place in the order, and its response once that is there. */
    private static final class Place {
        final StreamedCall call;
        byte @Nullable [] frame;
        Status status = Status.OK;
        boolean ended;

        Place(StreamedCall call) {
            this.call = call;
        }
    }

    StreamInfer(Caller caller, Models models, Predictions predictions, Lasting lasting) {
        this.caller = caller;
        this.models = models;
        this.predictions = predictions;
        this.lasting = lasting;
        lasting.add(this);
    }

    @Override
    public boolean wants() {
        boolean room = queue.isEmpty() || (!alone && queue.size() < AT_ONCE);
        return room && held == null && !ending && caller.isWritable();
    }

    @Override
    public void message(byte[] bytes) throws Refused {
        InferRequest request;
        try {
            request = InferRequest.of(bytes);
        } catch (Refused bad) {
            predictions.release(bytes.length);
            throw bad;
        }
        if (inParts(request) && !queue.isEmpty()) {
            held = request;
        } else {
            submit(request);
        }
    }

    private void submit(InferRequest request) {
        alone = inParts(request);
        var call = new StreamedCall(this, caller, request, alone);
        queue.add(new Place(call));
        try {
            models.check(request.model(), request.version());
        } catch (Refused refused) {
            predictions.release(request.bytes());
            call.refuse(refused);
            return;
        }
        predictions.submit(call, request.bytes());
    }

    /** Where the model is not loaded yet, nobody knows: then it might. */
    private boolean inParts(InferRequest request) {
        try {
            var lease = models.lease(request.model(), request.version());
            if (lease.isEmpty()) {
                return true;
            }
            try (var model = lease.get()) {
                return model.loaded().streams();
            }
        } catch (Refused _) {
            return false;
        }
    }

    void ended(StreamedCall call) {
        ended(call, null, Status.OK);
    }

    void ended(StreamedCall call, byte[] frame) {
        ended(call, frame, Status.OK);
    }

    void failed(StreamedCall call, byte[] frame, Status status) {
        ended(call, frame, status);
    }

    private void ended(StreamedCall call, byte @Nullable [] frame, Status status) {
        for (var place : queue) {
            if (place.call == call) {
                place.frame = frame;
                place.status = status;
                place.ended = true;
            }
        }
        flush();
    }

    /** Sends what is due. */
    private void flush() {
        while (!queue.isEmpty() && queue.element().ended) {
            var first = queue.remove();
            if (first.status.code() != 0 && caller.head().failWhole()) {
                caller.end(first.status);
                return;
            }
            if (first.frame != null) {
                caller.send(first.frame);
            }
        }
        var next = held;
        if (next != null && queue.isEmpty() && !caller.isOver()) {
            held = null;
            submit(next);
        }
        endIfDone();
        caller.resume();
    }

    @Override
    public void halfClosed() {
        halfClosed = true;
        endIfDone();
    }

    private void endIfDone() {
        if ((halfClosed || ending) && queue.isEmpty() && held == null) {
            caller.end(halfClosed ? Status.OK : Lasting.ENDING);
        }
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public void endSoon() {
        ending = true;
        endIfDone();
    }

    @Override
    public void over() {
        lasting.remove(this);
        var waiting = held;
        held = null;
        if (waiting != null) {
            predictions.release(waiting.bytes());
        }
    }
}
