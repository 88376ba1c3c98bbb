package dev.marea.storage.stores.talk;

import dev.marea.storage.store.ByteRange;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Origin;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.Optional;

/** One file's bytes, asked for as its store wants it. */
public record StoreOrigin(Conversation talk, Ask ask) implements Origin {
    /** Builds a signed request that asks for the whole. */
    @FunctionalInterface
    public interface Ask {
        HttpRequest.Builder build(Optional<ByteRange> range)
                throws FetchFailure, InterruptedException;
    }

    /** Where the range needs no signature: it is one more header. */
    public static StoreOrigin of(Conversation talk, URI address, Lets lets) {
        return new StoreOrigin(
                talk,
                range -> {
                    var request = HttpRequest.newBuilder(address);
                    lets.in(request);
                    range.ifPresent(bytes -> request.header("Range", bytes.header()));
                    return request;
                });
    }

    /** Puts into a request what lets it in. */
    @FunctionalInterface
    public interface Lets {
        void in(HttpRequest.Builder request) throws FetchFailure, InterruptedException;
    }

    @Override
    public HttpRequest.Builder request(Optional<ByteRange> range)
            throws FetchFailure, InterruptedException {
        return ask.build(range);
    }

    @Override
    public boolean administrators() {
        return talk.administrators();
    }

    @Override
    public FetchFailure refused(int status, HttpHeaders headers, byte[] body) {
        return talk.refused(status, headers, body);
    }
}
