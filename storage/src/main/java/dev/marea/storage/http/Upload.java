package dev.marea.storage.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Writes a request's body to the socket, one piece after the other. */
final class Upload implements Flow.Subscriber<ByteBuffer> {
    private static final long WAIT_HOURS_MAX = 6;

    private final OutputStream out;
    private final boolean chunked;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private Flow.Subscription pieces = NOTHING;

    private Upload(OutputStream out, boolean chunked) {
        this.out = out;
        this.chunked = chunked;
    }

    static void write(BodyPublisher content, OutputStream out, boolean chunked) throws IOException {
        var upload = new Upload(out, chunked);
        content.subscribe(upload);
        try {
            upload.end.get(WAIT_HOURS_MAX, TimeUnit.HOURS);
        } catch (ExecutionException failed) {
            throw new IOException("the upload broke off: " + failed.getCause(), failed);
        } catch (TimeoutException slow) {
            throw new IOException("the upload took more than " + WAIT_HOURS_MAX + " h", slow);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("the upload was stopped", stopped);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        pieces = subscription;
        pieces.request(1);
    }

    @Override
    public void onNext(ByteBuffer piece) {
        try {
            int length = piece.remaining();
            if (length > 0) {
                var bytes = new byte[length];
                piece.get(bytes);
                if (chunked) {
                    out.write((Integer.toHexString(length) + "\r\n").getBytes(US_ASCII));
                }
                out.write(bytes);
                if (chunked) {
                    out.write("\r\n".getBytes(US_ASCII));
                }
            }
            pieces.request(1);
        } catch (IOException failed) {
            pieces.cancel();
            end.completeExceptionally(failed);
        }
    }

    @Override
    public void onError(Throwable failed) {
        end.completeExceptionally(failed);
    }

    @Override
    public void onComplete() {
        try {
            if (chunked) {
                out.write("0\r\n\r\n".getBytes(US_ASCII));
            }
            end.complete(null);
        } catch (IOException failed) {
            end.completeExceptionally(failed);
        }
    }

    private static final Flow.Subscription NOTHING =
            new Flow.Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {}
            };
}
