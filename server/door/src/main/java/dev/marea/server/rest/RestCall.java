package dev.marea.server.rest;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Call;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Tensor;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A prediction asked for over REST. */
final class RestCall implements Call {
    private final Route route;
    private final byte[] body;
    private final Channel client;
    private final Consumer<Reply> reply;
    private @Nullable Optional<String> id;

    private RestCall(Route route, byte[] body, Channel client, Consumer<Reply> reply) {
        this.route = route;
        this.body = body;
        this.client = client;
        this.reply = reply;
    }

    static RestCall of(Route route, byte[] body, Channel client, Consumer<Reply> reply) {
        return new RestCall(route, body, client, reply);
    }

    @Override
    public String model() {
        return switch (route) {
            case Route.V1Predict(var name) -> name;
            case Route.V2Infer(var name) -> name;
            case Route.Question question -> throw new AssertionError(question);
        };
    }

    @Override
    public Optional<String> version() {
        return Optional.empty();
    }

    @Override
    public int bodyBytes() {
        return body.length;
    }

    @Override
    public Question read(Lease model) throws Refused {
        return switch (route) {
            case Route.V1Predict _ ->
                    new Question(V1.read(body, model.loaded().metadata()), model.asked(List.of()));
            case Route.V2Infer(var name) -> {
                var asking = V2.read(body, name);
                id = asking.id();
                yield new Question(asking.inputs(), model.asked(asking.outputs()));
            }
            case Route.Question question -> throw new AssertionError(question);
        };
    }

    @Override
    public void answer(Lease model, Question question, List<Tensor> outputs) {
        var given = id;
        reply.accept(
                Reply.json(
                        200,
                        given == null
                                ? V1.write(outputs.getFirst())
                                : V2.write(model.model(), given.orElseGet(V2::newId), outputs)));
    }

    @Override
    public void refuse(Refused why) {
        reply.accept(Reply.of(why));
    }

    @Override
    public boolean isUnwanted() {
        return !client.isActive();
    }
}
