package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.ModelState;
import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Triton's repository extension; a load may take long, so these have threads of their own. */
final class RepositoryCalls implements AutoCloseable {
    private static final int THREADS_MAX = 2;
    private static final int WAITING_MAX = 64;
    private static final String FILE = "file:";

    private final Models models;
    private final ThreadPoolExecutor threads;

    RepositoryCalls(Models models) {
        this.models = models;
        threads =
                new ThreadPoolExecutor(
                        THREADS_MAX,
                        THREADS_MAX,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING_MAX),
                        Thread.ofPlatform().daemon().name("repository-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    void run(Route.To to, byte[] body, Client client) {
        try {
            threads.execute(() -> client.answer(answer(to, body)));
        } catch (RejectedExecutionException _) {
            client.answer(Reply.of(Refused.busy("other changes of the repository are waiting")));
        }
    }

    private Reply answer(Route.To to, byte[] body) {
        try {
            return switch (to.endpoint()) {
                case LOAD -> load(to.model(), body);
                case UNLOAD -> unload(to.model(), body);
                default -> index(body);
            };
        } catch (Refused refused) {
            return Reply.of(refused);
        } catch (RuntimeException | Error bug) {
            LoggerFactory.getLogger(RepositoryCalls.class)
                    .error("{} of {} failed", to.endpoint(), to.model(), bug);
            return Reply.error(500, "internal error");
        }
    }

    private Reply load(String model, byte[] body) throws Refused {
        checkParameters(body);
        models.load(model);
        return Reply.ok("name", model, "load", true);
    }

    private Reply unload(String model, byte[] body) throws Refused {
        checkParameters(body);
        models.unload(model);
        return Reply.ok("name", model, "unload", true);
    }

    private Reply index(byte[] body) throws Refused {
        boolean readyOnly =
                body.length > 0 && JsonBody.read(Bytes.of(body), RepositoryCalls::readyOnly);
        var states = new ArrayList<Json>();
        for (var state : models.index()) {
            if (!readyOnly || state.state() == ModelState.State.READY) {
                states.add(
                        Json.Obj.of(
                                "name", state.name(),
                                "version", state.version(),
                                "state", state.state().name(),
                                "reason", state.reason()));
            }
        }
        return Reply.json(new Json.Arr(states));
    }

    private static boolean readyOnly(JsonParser json) throws IOException, Refused {
        boolean ready = false;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            var value = json.nextToken();
            if (!field.equals("ready")) {
                json.skipChildren();
            } else if (value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE) {
                ready = value == JsonToken.VALUE_TRUE;
            } else if (value != JsonToken.VALUE_NULL) {
                throw Refused.badInput("'ready' must be true or false");
            }
        }
        return ready;
    }

    /**
     * Triton's parameters are taken and mean nothing here, but for a model's files: to serve others
     * than the sent ones would be a lie.
     */
    private static void checkParameters(byte[] body) throws Refused {
        if (body.length == 0) {
            return;
        }
        var parameters = JsonBody.read(Bytes.of(body), RepositoryCalls::parameters);
        for (var name : parameters.values().fields().keySet()) {
            if (name.startsWith(FILE)) {
                throw new Refused(
                        Refused.Why.NOT_IMPLEMENTED,
                        "Models are loaded from the repository's directory; '%s' is not taken."
                                .formatted(name));
            }
        }
    }

    private static V2Parameters parameters(JsonParser json) throws IOException, Refused {
        var parameters = V2Parameters.NONE;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            if (field.equals("parameters")) {
                parameters = V2Parameters.read(json, "parameters");
            } else {
                json.skipChildren();
            }
        }
        return parameters;
    }

    /** A load that runs goes on; its thread keeps no process alive. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
