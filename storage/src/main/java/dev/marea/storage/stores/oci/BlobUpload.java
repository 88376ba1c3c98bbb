package dev.marea.storage.stores.oci;

import dev.marea.storage.store.Asking.Answer;
import dev.marea.storage.store.FetchFailure;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/** Sends one blob in pieces; after a cut it goes on from where the registry says it is. */
record BlobUpload(Registry registry, int pieceBytes) {
    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-(\\d+)");
    private static final int RESUMES_MAX = 20;

    /** Whether the registry has the blob already. */
    boolean there(String digest) throws FetchFailure, InterruptedException {
        var answer =
                registry.talk()
                        .raw(() ->
                                registry.request(registry.blob(digest))
                                        .method("HEAD", BodyPublishers.noBody()));
        if (answer.status() == 401 || answer.status() == 403) {
            throw registry.talk().refused(answer);
        }
        return answer.ok();
    }

    /**
     * @param sent is told how many bytes the registry has
     */
    void send(Path file, long size, String digest, LongConsumer sent)
            throws IOException, InterruptedException {
        var session = started();
        long at = 0;
        int resumes = 0;
        try (var content = FileChannel.open(file, StandardOpenOption.READ)) {
            while (at < size) {
                long end = Math.min(size, at + pieceBytes);
                var answer = piece(session, content, at, end);
                if (answer.status() == 416 || answer.status() >= 500) {
                    if (++resumes > RESUMES_MAX) {
                        throw registry.talk().refused(answer);
                    }
                    answer = state(session);
                    at = reached(answer, 0);
                    at = at == 1 ? 0 : at; // registries write 0-0 for nothing too
                } else {
                    at = reached(answer, end);
                }
                session = next(session, answer);
                sent.accept(at);
            }
        }
        finish(session, digest);
    }

    private URI started() throws FetchFailure, InterruptedException {
        var uploads = registry.uploads();
        var answer =
                registry.talk().raw(() -> registry.request(uploads).POST(BodyPublishers.noBody()));
        if (answer.status() != 202) {
            throw registry.talk().refused(answer);
        }
        return next(uploads, answer);
    }

    private Answer piece(URI session, FileChannel content, long from, long end)
            throws IOException, InterruptedException {
        var bytes = read(content, from, (int) (end - from));
        return registry.talk()
                .raw(() ->
                        registry.request(session)
                                .header("Content-Type", "application/octet-stream")
                                .header("Content-Range", from + "-" + (end - 1))
                                .method("PATCH", BodyPublishers.ofByteArray(bytes)));
    }

    private static byte[] read(FileChannel content, long from, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (content.read(buffer, from + buffer.position()) < 0) {
                throw new EOFException("the packed layer is shorter than it was");
            }
        }
        return buffer.array();
    }

    private Answer state(URI session) throws FetchFailure, InterruptedException {
        return registry.talk().raw(() -> registry.request(session));
    }

    /** How many bytes the registry has; an accepted piece without a word is all there. */
    private long reached(Answer answer, long otherwise) throws FetchFailure {
        if (!answer.ok()) {
            throw registry.talk().refused(answer);
        }
        var range = RANGE.matcher(answer.headers().firstValue("Range").orElse(""));
        return range.matches() ? Long.parseLong(range.group(1)) + 1 : otherwise;
    }

    private static URI next(URI here, Answer answer) throws FetchFailure {
        try {
            return answer.headers().firstValue("Location").map(here::resolve).orElse(here);
        } catch (IllegalArgumentException bad) {
            throw FetchFailure.passing("the registry goes on at no address");
        }
    }

    private void finish(URI session, String digest) throws FetchFailure, InterruptedException {
        var joint = session.getRawQuery() == null ? "?" : "&";
        var address = URI.create(session + joint + "digest=" + digest);
        var answer =
                registry.talk()
                        .raw(() ->
                                registry.request(address)
                                        .header("Content-Type", "application/octet-stream")
                                        .PUT(BodyPublishers.noBody()));
        if (answer.status() != 201 && answer.status() != 204) {
            throw registry.talk().refused(answer);
        }
    }

    /** A small blob in one piece. */
    void send(byte[] content, String digest) throws FetchFailure, InterruptedException {
        var session = started();
        var joint = session.getRawQuery() == null ? "?" : "&";
        var address = URI.create(session + joint + "digest=" + digest);
        var answer =
                registry.talk()
                        .raw(() ->
                                registry.request(address)
                                        .header("Content-Type", "application/octet-stream")
                                        .PUT(BodyPublishers.ofByteArray(content)));
        if (answer.status() != 201 && answer.status() != 204) {
            throw registry.talk().refused(answer);
        }
    }
}
