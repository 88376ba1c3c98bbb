package dev.marea.storage.transfer;

import dev.marea.storage.http.Refused;
import dev.marea.storage.http.Reply;
import dev.marea.storage.http.Retries;
import dev.marea.storage.http.StoreClient;
import dev.marea.storage.store.ByteRange;
import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Pattern;

/** Brings one part, in as many attempts as it takes; what an attempt brought is not lost. */
final class PartFetch {
    /** An attempt that brought as much was not in vain: counting begins anew. */
    private static final long FRUITFUL_BYTES = 64 << 10;

    /** So much may be lost when the process is killed; and so far behind are followers. */
    private static final long NOTE_BYTES = 2 << 20;

    /** Slower than this for the whole stall time is as good as silent. */
    private static final long DRIP_BYTES_PER_SECOND = 1 << 10;

    private static final int WORDS_BYTES_MAX = 4 << 10;
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

    private final Tools tools;
    private final Arrival arrival;
    private final int part;
    private final byte[] buffer;

    /** What every part needs. */
    record Tools(
            StoreClient client,
            Retries retries,
            TransferSettings settings,
            Meter meter,
            Clock clock) {}

    PartFetch(Tools tools, Arrival arrival, int part, byte[] buffer) {
        this.tools = tools;
        this.arrival = arrival;
        this.part = part;
        this.buffer = buffer;
    }

    void run() throws IOException, InterruptedException {
        long length = arrival.layout().length(part);
        if (length == 0) {
            return;
        }
        arrival.resumeSums();
        for (int fruitless = 1; arrival.done(part) != length; ) {
            long before = arrival.done(part);
            var trouble = attempt();
            if (trouble.isEmpty()) {
                return;
            }
            if (arrival.done(part) - before >= FRUITFUL_BYTES) {
                fruitless = 1;
            }
            tools.retries().again(trouble.get(), fruitless++);
        }
    }

    /** What an attempt found wrong with network or server, if anything. */
    private Optional<FetchFailure> attempt() throws IOException, InterruptedException {
        var range = range();
        try (var reply = ask(range)) {
            arrivedFrom(reply, range);
            return copy(reply);
        } catch (FetchFailure failed) {
            if (failed.retryable() && !(failed.getCause() instanceof DiskTrouble)) {
                return Optional.of(failed);
            }
            throw failed;
        }
    }

    /** Empty for a whole file from its start. */
    private Optional<ByteRange> range() throws IOException {
        var layout = arrival.layout();
        if (layout.size() < 0) {
            restart();
        }
        long done = arrival.done(part);
        if (layout.parts() == 1 && done == 0) {
            return Optional.empty();
        }
        long start = layout.start(part);
        return Optional.of(new ByteRange(start + done, start + layout.length(part) - 1));
    }

    /** Followers cannot go back: a file that they read has to come anew. */
    private void restart() throws IOException {
        if (arrival.done(part) == 0) {
            return;
        }
        if (arrival.followed()) {
            throw new RangesIgnored();
        }
        tools.meter().lost(arrival.done(part));
        arrival.restart();
    }

    private Reply ask(Optional<ByteRange> range) throws FetchFailure, InterruptedException {
        var origin = arrival.file().origin();
        return tools.client().ask(origin.request(range).build(), true, origin.administrators());
    }

    /** Checks that an answer is what was asked for, and of the version that was listed. */
    private void arrivedFrom(Reply reply, Optional<ByteRange> range) throws IOException {
        switch (reply.status()) {
            case 200 -> {
                arrival.identity().check(reply.headers());
                whole(reply, range);
            }
            case 206 -> {
                arrival.identity().check(reply.headers());
                partial(reply, range);
            }
            case 412, 416 ->
                    throw new VersionChanged(
                            arrival.file().path() + " is not what it was when it was listed");
            default -> throw refused(reply);
        }
    }

    private void whole(Reply reply, Optional<ByteRange> range) throws IOException {
        if (range.isPresent() && arrival.file().origin().rangeInAddress()) {
            return;
        }
        long size = arrival.layout().size();
        if (size >= 0 && reply.length() >= 0 && reply.length() != size) {
            throw new VersionChanged(
                    "%s has %d bytes, and was listed with %d"
                            .formatted(arrival.file().path(), reply.length(), size));
        }
        if (range.isPresent() && arrival.layout().parts() > 1) {
            throw new RangesIgnored();
        }
        restart();
        if (reply.length() > tools.settings().bytesMax()) {
            throw tooLarge();
        }
    }

    private void partial(Reply reply, Optional<ByteRange> range) throws IOException {
        var said = CONTENT_RANGE.matcher(reply.headers().firstValue("Content-Range").orElse(""));
        long from = range.map(ByteRange::from).orElse(0L);
        if (!said.matches() || Long.parseLong(said.group(1)) != from) {
            throw FetchFailure.passing(
                    StoreClient.shown(reply.address())
                            + " answered with a range that was not asked for");
        }
        long size = arrival.layout().size();
        if (size >= 0 && !said.group(3).equals("*") && Long.parseLong(said.group(3)) != size) {
            throw new VersionChanged(
                    "%s has %s bytes, and was listed with %d"
                            .formatted(arrival.file().path(), said.group(3), size));
        }
    }

    private FetchFailure refused(Reply reply) {
        byte[] body;
        try {
            body = reply.body().readNBytes(WORDS_BYTES_MAX);
        } catch (IOException cut) {
            body = new byte[0];
        }
        var failure = arrival.file().origin().refused(reply.status(), reply.headers(), body);
        var wait = Refused.after(reply.headers(), tools.clock());
        return failure.retryable() && wait.isPresent()
                ? FetchFailure.busy(String.valueOf(failure.getMessage()), wait.get())
                : failure;
    }

    private Optional<FetchFailure> copy(Reply reply) throws IOException, InterruptedException {
        long length = arrival.layout().length(part);
        long done = arrival.done(part);
        long noted = done;
        var pace = new Pace(tools.settings().stall(), DRIP_BYTES_PER_SECOND);
        try {
            while (length < 0 || done < length) {
                int count = read(reply, length < 0 ? buffer.length : length - done);
                if (count < 0) {
                    break;
                }
                write(done, count);
                done += count;
                if (done - noted >= NOTE_BYTES) {
                    noted = done;
                    arrival.note(part, done);
                }
                if (length < 0 && done > tools.settings().bytesMax()) {
                    throw tooLarge();
                }
                pace.brought(count);
            }
            if (length >= 0 && done == length && reply.length() < 0 && reply.status() == 200) {
                nothingMore(reply);
            }
        } catch (Broken broken) {
            return Optional.of(brokeOff(reply, done, broken.why));
        } catch (SocketTimeoutException dripping) {
            return Optional.of(brokeOff(reply, done, String.valueOf(dripping.getMessage())));
        } finally {
            arrival.note(part, done);
        }
        return done == length || length < 0
                ? Optional.empty()
                : Optional.of(brokeOff(reply, done, "it ended early"));
    }

    private int read(Reply reply, long most) throws Broken, InterruptedException {
        try {
            return reply.body().read(buffer, 0, (int) Math.min(buffer.length, most));
        } catch (SocketTimeoutException silent) {
            throw new Broken("no byte came for " + tools.settings().stall().toMillis() + " ms");
        } catch (IOException broken) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new Broken(String.valueOf(broken.getMessage()));
        }
    }

    private void write(long done, int count) throws IOException, InterruptedException {
        try {
            arrival.write(part, done, buffer, count);
            tools.meter().arrived(count);
        } catch (ClosedByInterruptException stopped) {
            throw new InterruptedException();
        } catch (IOException disk) {
            throw DiskTrouble.of(arrival.job().data(), disk);
        }
    }

    private void nothingMore(Reply reply) throws IOException, InterruptedException {
        if (read(reply, 1) > 0) {
            throw new VersionChanged(
                    "%s has more than the %d bytes that were listed"
                            .formatted(arrival.file().path(), arrival.layout().size()));
        }
    }

    private FetchFailure brokeOff(Reply reply, long done, String why) {
        var of = arrival.layout().length(part) < 0 ? "" : " of " + arrival.layout().length(part);
        return FetchFailure.passing(
                "%s broke off after %d%s bytes: %s"
                        .formatted(StoreClient.shown(reply.address()), done, of, why));
    }

    private FetchFailure tooLarge() {
        return FetchFailure.lasting(
                "%s is larger than the limit of %d bytes for one model"
                        .formatted(arrival.file().path(), tools.settings().bytesMax()));
    }

    /** The server does not know ranges: the file has to come in one piece. */
    static final class RangesIgnored extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** The network or the server ended it. */
    private static final class Broken extends IOException {
        private static final long serialVersionUID = 1;

        private final String why;

        Broken(String why) {
            super(why);
            this.why = why;
        }
    }
}
