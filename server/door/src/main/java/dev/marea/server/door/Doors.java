package dev.marea.server.door;

import dev.marea.wire.http.Door;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the server is reached: one port for everything, and a second one with the same services for
 * those who expect gRPC apart.
 */
final class Doors {
    private final Door first;
    private final Optional<Door> second;

    private Doors(Door first, Optional<Door> second) {
        this.first = first;
        this.second = second;
    }

    static Doors open(
            ServerSettings settings,
            EventLoops loops,
            Supplier<? extends ChannelHandler> application)
            throws IOException {
        var first = open(settings.port(), settings, loops, application);
        var port = settings.grpcPort();
        if (port.isEmpty() || port.getAsInt() == first.port()) {
            return new Doors(first, Optional.empty());
        }
        try {
            var second = open(port.getAsInt(), settings, loops, application);
            return new Doors(first, Optional.of(second));
        } catch (IOException taken) {
            first.close(Duration.ZERO);
            throw taken;
        }
    }

    private static Door open(
            int port,
            ServerSettings settings,
            EventLoops loops,
            Supplier<? extends ChannelHandler> application)
            throws IOException {
        return Door.open(DoorSettings.of(loops, settings.host(), port), application);
    }

    Door first() {
        return first;
    }

    int grpcPort() {
        return second.orElse(first).port();
    }

    /** Both at once: one drain for all. */
    void close(Duration drain) throws InterruptedException {
        var closing =
                second.map(door -> Thread.ofPlatform().daemon().start(() -> door.close(drain)));
        first.close(drain);
        if (closing.isPresent()) {
            closing.get().join();
        }
    }
}
