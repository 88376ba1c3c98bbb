package dev.marea.server.rest;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Call;
import dev.marea.server.predict.Predictions;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Tensor;
import dev.marea.wire.http.ErrorBody;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** A prediction asked for over REST. */
final class RestCall implements Call {
    private final Route.To to;
    private final Heading heading;
    private final Codec codec;
    private final byte[] body;
    private final Client client;
    private final Predictions memory;
    private boolean begun;
    private boolean over;

    RestCall(Route.To to, Heading heading, byte[] body, Client client, Predictions memory) {
        this.to = to;
        this.heading = heading;
        this.codec = EventCodec.of(codec(to.endpoint(), heading), heading.event());
        this.body = body;
        this.client = client;
        this.memory = memory;
    }

    private static Codec codec(Endpoint endpoint, Heading heading) {
        return switch (endpoint) {
            case V1_PREDICT -> new V1Codec(false);
            case V1_EXPLAIN -> new V1Codec(true);
            case V2_GENERATE, V2_GENERATE_STREAM -> new GenerateCodec();
            default -> new V2Codec(heading.jsonBytes());
        };
    }

    @Override
    public String model() {
        return to.model();
    }

    @Override
    public Optional<String> version() {
        return to.version();
    }

    /** A packed body may be a large one, whatever came in. */
    @Override
    public int bodyBytes() {
        return heading.coding() == Compression.NONE ? body.length : Integer.MAX_VALUE;
    }

    @Override
    public Question read(Lease model) throws Refused {
        if (heading.coding() == Compression.NONE) {
            return codec.read(Bytes.of(body), model);
        }
        var unpacking = new Unpacking();
        try {
            return codec.read(heading.coding().unpacked(Bytes.of(body), unpacking), model);
        } finally {
            memory.release(unpacking.bytes);
        }
    }

    /** What an unpacked body takes while it is read. */
    private final class Unpacking implements Compression.Memory {
        private int bytes;

        @Override
        public boolean reserve(int more) {
            boolean granted = memory.reserve(more);
            bytes += granted ? more : 0;
            return granted;
        }
    }

    @Override
    public Optional<Long> deadline() {
        return codec.deadline();
    }

    @Override
    public void answer(Lease model, Question question, List<Tensor> outputs) {
        try {
            client.answer(heading.accepted().packed(codec.reply(model, outputs)));
        } catch (Refused refused) {
            refuse(refused);
        }
    }

    @Override
    public boolean isStreamed() {
        return to.endpoint().isStream() || heading.wantsEvents();
    }

    @Override
    public void part(Lease model, Question question, List<Tensor> outputs) {
        try {
            var json = codec.json(model, outputs);
            begin();
            client.event(json);
        } catch (Refused refused) {
            refuse(refused);
            throw new CancellationException("the answer cannot be written");
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            client.beginEvents();
        }
    }

    @Override
    public void ended() {
        begin();
        client.endEvents();
    }

    /** Once events are on their way, the error is the last of them: the status is told already. */
    @Override
    public void refuse(Refused why) {
        if (over) {
            return;
        }
        over = true;
        if (!begun) {
            client.answer(Reply.of(why));
            return;
        }
        try {
            client.event(ErrorBody.plain(why.message()));
            client.endEvents();
        } catch (CancellationException _) {
            // Nobody is left to be told.
        }
    }

    @Override
    public boolean isUnwanted() {
        return client.isGone();
    }
}
