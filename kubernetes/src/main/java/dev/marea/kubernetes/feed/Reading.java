package dev.marea.kubernetes.feed;

import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.ServiceId;
import dev.marea.wire.feed.FeedCodec;
import dev.marea.wire.feed.FeedMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one gateway has been told so far, and how it is told the rest. */
final class Reading {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

    private final OutputStream out;
    private Map<ServiceId, Route> told = new HashMap<>();
    private long last;
    private boolean begun;

    Reading(OutputStream out) {
        this.out = out;
    }

    /** Writes the difference to what was told before, at first everything. */
    void tell(RouteTable table) throws IOException {
        if (begun && table.version() == last) {
            return;
        }
        if (!begun) {
            say(new FeedMessage.Reset());
        }
        var now = HashMap.<ServiceId, Route>newHashMap(table.routes().size());
        for (var route : table.routes()) {
            put(route, now);
        }
        for (var service : told.keySet()) {
            if (!now.containsKey(service)) {
                say(new FeedMessage.Remove(service));
            }
        }
        say(new FeedMessage.Commit(table.version(), now.size()));
        told = now;
        last = table.version();
        begun = true;
    }

    /** Most are equal, and cheaply so: what did not change is the same object in both tables. */
    private void put(Route route, Map<ServiceId, Route> now) throws IOException {
        var before = told.get(route.service());
        if (route.equals(before)) {
            now.put(route.service(), route);
            return;
        }
        var line = FeedCodec.write(new FeedMessage.Put(route));
        if (line.length <= FeedCodec.LINE_BYTES_MAX && now.size() < FeedCodec.ROUTES_MAX) {
            write(line);
            now.put(route.service(), route);
        } else {
            LOG.error(
                    "{} cannot be told to gateways: {} bytes of at most {}, service {} of at most"
                            + " {}",
                    route.service(),
                    line.length,
                    FeedCodec.LINE_BYTES_MAX,
                    now.size() + 1,
                    FeedCodec.ROUTES_MAX);
            if (before != null) {
                now.put(route.service(), before);
            }
        }
    }

    void say(FeedMessage message) throws IOException {
        write(FeedCodec.write(message));
    }

    private void write(byte[] line) throws IOException {
        out.write(line);
        out.write('\n');
    }
}
