package dev.marea.wire.feed;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.spec.ServiceId;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;

/**
 * Feed messages as lines of JSON, each an object with one field that says its kind. Unknown fields
 * and kinds are passed over, so that a gateway follows an operator that is newer than itself.
 */
public final class FeedCodec {
    /** Raised when older gateways could no longer understand what they read. */
    public static final int FORMAT = 1;

    /** Room for about thirty thousand replicas of one service. */
    public static final int LINE_BYTES_MAX = 4 << 20;

    /** Services in one table. */
    public static final int ROUTES_MAX = 100_000;

    private FeedCodec() {}

    /** Without the line's end. */
    public static byte[] write(FeedMessage message) {
        return JsonWriter.bytes(
                switch (message) {
                    case FeedMessage.Hello(var format, var standing) ->
                            Json.Obj.of("hello", tree(standing).with("format", Json.of(format)));
                    case FeedMessage.Reset() -> Json.Obj.of("reset", Json.Obj.EMPTY);
                    case FeedMessage.Put(var route) -> Json.Obj.of("put", RouteTrees.tree(route));
                    case FeedMessage.Remove(var service) ->
                            Json.Obj.of("remove", RouteTrees.tree(service));
                    case FeedMessage.Commit(var version, var routes) ->
                            Json.Obj.of(
                                    "commit", Json.Obj.of("version", version, "routes", routes));
                    case FeedMessage.Beat(var standing, var share) ->
                            Json.Obj.of(
                                    "beat",
                                    tree(standing)
                                            .with("gateway", Json.of(share.index()))
                                            .with("gateways", Json.of(share.of())));
                    case FeedMessage.Unknown() -> Json.Obj.EMPTY;
                });
    }

    public static FeedMessage read(byte[] line) throws MalformedJson {
        if (line.length > LINE_BYTES_MAX) {
            throw new MalformedJson("a line of the feed is longer than " + LINE_BYTES_MAX);
        }
        var tree = JsonReader.read(line);
        try {
            return message(tree);
        } catch (IllegalArgumentException wrong) {
            throw new MalformedJson("the feed makes no sense: " + wrong.getMessage());
        }
    }

    private static FeedMessage message(Json tree) throws MalformedJson {
        if (tree.at("put").isPresent()) {
            return new FeedMessage.Put(RouteTrees.route(tree.object("put")));
        }
        if (tree.at("remove").isPresent()) {
            return new FeedMessage.Remove(service(tree.object("remove")));
        }
        if (tree.at("beat").isPresent()) {
            var beat = tree.object("beat");
            return new FeedMessage.Beat(standing(beat), share(beat));
        }
        if (tree.at("commit").isPresent()) {
            var commit = tree.object("commit");
            return new FeedMessage.Commit(number(commit, "version"), count(commit, "routes"));
        }
        if (tree.at("reset").isPresent()) {
            return new FeedMessage.Reset();
        }
        if (tree.at("hello").isPresent()) {
            var hello = tree.object("hello");
            return new FeedMessage.Hello(count(hello, "format"), standing(hello));
        }
        return new FeedMessage.Unknown();
    }

    public static byte[] write(Standing standing) {
        return JsonWriter.bytes(tree(standing));
    }

    public static Standing standing(byte[] json) throws MalformedJson {
        return standing(JsonReader.read(json));
    }

    private static Json.Obj tree(Standing standing) {
        return Json.Obj.of(
                "operator", standing.operator(),
                "leads", standing.leads(),
                "complete", standing.complete());
    }

    private static Standing standing(Json tree) throws MalformedJson {
        return new Standing(text(tree, "operator"), tree.flag("leads"), tree.flag("complete"));
    }

    private static GatewayShare share(Json beat) throws MalformedJson {
        return new GatewayShare(count(beat, "gateway"), count(beat, "gateways"));
    }

    static ServiceId service(Json tree) throws MalformedJson {
        return new ServiceId(text(tree, "namespace"), text(tree, "name"));
    }

    static String text(Json tree, String name) throws MalformedJson {
        return tree.text(name)
                .orElseThrow(() -> new MalformedJson("the feed lacks the text '" + name + "'"));
    }

    static long number(Json tree, String name) throws MalformedJson {
        return tree.integer(name)
                .orElseThrow(() -> new MalformedJson("the feed lacks the number '" + name + "'"));
    }

    static int count(Json tree, String name) throws MalformedJson {
        long number = number(tree, name);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new MalformedJson("'%s' is no count: %d".formatted(name, number));
        }
        return (int) number;
    }
}
