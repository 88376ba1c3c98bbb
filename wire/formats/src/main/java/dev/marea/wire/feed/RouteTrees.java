package dev.marea.wire.feed;

import dev.marea.core.route.RouteTable.Replica;
import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.ServiceId;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A route as JSON and back. What is usual is left out. */
final class RouteTrees {
    private static final int PORT_MAX = 65_535;

    private RouteTrees() {}

    static Json.Obj tree(ServiceId service) {
        return Json.Obj.of("namespace", service.namespace(), "name", service.name());
    }

    static Json.Obj tree(Route route) {
        var tree =
                tree(route.service())
                        .with("hosts", Json.of(route.hosts()))
                        .with(
                                "revisions",
                                Json.of(route.revisions().stream().map(RouteTrees::tree).toList()))
                        .with("timeoutMs", Json.of(route.timeout().toMillis()));
        tree = route.containerConcurrency() == 0 ? tree : limited(tree, route);
        tree = route.models().isEmpty() ? tree : tree.with("models", Json.of(route.models()));
        return route.stopped() ? tree.with("stopped", Json.of(true)) : tree;
    }

    private static Json.Obj limited(Json.Obj tree, Route route) {
        return tree.with("concurrency", Json.of(route.containerConcurrency()));
    }

    private static Json.Obj tree(Revision revision) {
        var tree =
                Json.Obj.of(
                        "name", revision.name(),
                        "percent", revision.traffic().value(),
                        "replicas", revision.replicas().stream().map(RouteTrees::tree).toList());
        return revision.tags().isEmpty() ? tree : tree.with("tags", Json.of(revision.tags()));
    }

    private static Json.Obj tree(Replica replica) {
        var tree =
                Json.Obj.of("name", replica.name(), "host", replica.host(), "port", replica.port());
        return replica.http2() ? tree.with("http2", Json.of(true)) : tree;
    }

    static Route route(Json tree) throws MalformedJson {
        var revisions = new ArrayList<Revision>();
        for (var revision : tree.list("revisions")) {
            revisions.add(revision(revision));
        }
        return new Route(
                FeedCodec.service(tree),
                texts(tree, "hosts"),
                revisions,
                tree.at("concurrency").isPresent() ? FeedCodec.count(tree, "concurrency") : 0,
                Duration.ofMillis(FeedCodec.number(tree, "timeoutMs")),
                tree.flag("stopped"),
                texts(tree, "models"));
    }

    private static List<String> texts(Json tree, String field) throws MalformedJson {
        var texts = new ArrayList<String>();
        for (var item : tree.list(field)) {
            if (!(item instanceof Json.Str(var text))) {
                throw new MalformedJson("one of the " + field + " is no text: " + item);
            }
            texts.add(text);
        }
        return texts;
    }

    private static Revision revision(Json tree) throws MalformedJson {
        var replicas = new ArrayList<Replica>();
        for (var replica : tree.list("replicas")) {
            replicas.add(replica(replica));
        }
        return new Revision(
                FeedCodec.text(tree, "name"),
                new Percent(FeedCodec.count(tree, "percent")),
                replicas,
                texts(tree, "tags"));
    }

    private static Replica replica(Json tree) throws MalformedJson {
        int port = FeedCodec.count(tree, "port");
        if (port < 1 || port > PORT_MAX) {
            throw new MalformedJson("no port: " + port);
        }
        return new Replica(
                FeedCodec.text(tree, "name"),
                FeedCodec.text(tree, "host"),
                port,
                tree.flag("http2"));
    }
}
