package dev.marea.server.llama.child;

import dev.marea.server.llama.ffm.Llama;
import dev.marea.server.llama.ffm.UnusableNatives;
import dev.marea.server.llama.natives.Natives;
import dev.marea.server.llama.talk.Frames;
import dev.marea.server.llama.talk.News;
import dev.marea.server.llama.talk.Order;
import dev.marea.server.llama.talk.Orders;
import dev.marea.server.llama.talk.Reports;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * An engine's process, started by a door: connects to its socket, loads the model that it is told,
 * and works until the socket closes. Nobody else starts it.
 */
public final class EngineMain {
    private static final int NO_DOOR = 1;
    private static final int BAD_COMMAND = 2;
    private static final int NO_MODEL = 3;
    static final int BUG = 4;

    private EngineMain() {}

    /** Arguments: the door's socket, and where libraries are unpacked. */
    public static void main(String... args) {
        Runtime.getRuntime().halt(args.length == 2 ? run(args[0], Path.of(args[1])) : BAD_COMMAND);
    }

    private static int run(String socket, Path unpacked) {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                var frames = new Frames(channel)) {
            if (!(Orders.read(frames) instanceof Order.Load(var settings))) {
                return BAD_COMMAND;
            }
            try (var model = Loaded.load(Llama.open(Natives.unpack(unpacked)), settings)) {
                Reports.write(frames, new News.Ready(model.facts()));
                frames.flush();
                Engine.run(model, settings, frames);
            } catch (Llama.NotLoaded | Natives.Missing | UnusableNatives failed) {
                Reports.write(frames, new News.NotLoaded(String.valueOf(failed.getMessage())));
                frames.flush();
                return NO_MODEL;
            }
            return 0;
        } catch (IOException closed) {
            return NO_DOOR; // the door has ended, and so do we
        } catch (RuntimeException | Error bug) {
            // Ended at once, so that the door notices and starts another one.
            LoggerFactory.getLogger(EngineMain.class).error("the engine ends", bug);
            return BUG;
        }
    }
}
