package dev.marea.storage.http;

import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;

/** Small questions, asked until the network and the server are well enough to answer. */
public final class RetriedAsking implements Asking {
    private static final int BYTES_MAX = 32 << 20;

    private final StoreClient client;
    private final Retries retries;
    private final Clock clock;

    public RetriedAsking(StoreClient client, Retries retries, Clock clock) {
        this.client = client;
        this.retries = retries;
        this.clock = clock;
    }

    @Override
    public Answer ask(Request request) throws FetchFailure, InterruptedException {
        for (int number = 1; ; number++) {
            FetchFailure trouble;
            try {
                var answer = once(request);
                if (!Refused.passing(answer.status()) || number == retries.attempts()) {
                    return answer;
                }
                trouble = busy(answer);
            } catch (FetchFailure failed) {
                trouble = failed;
            }
            retries.again(trouble, number);
        }
    }

    private FetchFailure busy(Answer answer) {
        var message = StoreClient.shown(answer.address()) + " answered " + answer.status();
        return Refused.after(answer.headers(), clock)
                .map(wait -> FetchFailure.busy(message, wait))
                .orElseGet(() -> FetchFailure.passing(message));
    }

    private Answer once(Request request) throws FetchFailure, InterruptedException {
        var asked = request.builder().build().build();
        try (var reply = client.ask(asked, request.redirects(), request.administrators())) {
            return new Answer(
                    reply.status(), reply.headers(), body(reply, asked.uri()), reply.address());
        }
    }

    private static byte[] body(Reply reply, URI address) throws FetchFailure, InterruptedException {
        try {
            var body = reply.body().readNBytes(BYTES_MAX + 1);
            if (body.length > BYTES_MAX) {
                throw FetchFailure.lasting(
                        StoreClient.shown(address)
                                + " answered with more than "
                                + BYTES_MAX
                                + " bytes");
            }
            return body;
        } catch (FetchFailure own) {
            throw own;
        } catch (IOException broken) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw FetchFailure.passing(
                    StoreClient.shown(address) + " broke off: " + broken.getMessage());
        }
    }
}
