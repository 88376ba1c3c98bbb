package dev.marea.wire.feed;

import dev.marea.core.scale.LoadReport;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;
import java.util.ArrayList;

/**
 * A gateway's load report as JSON. Revisions without load are left out, which says the same: who is
 * not named is idle.
 */
public final class LoadCodec {
    /** Room for a hundred thousand busy revisions. */
    public static final int BYTES_MAX = 16 << 20;

    private static final int NAME_MAX = 253;

    private LoadCodec() {}

    public static byte[] write(LoadReport report) {
        return JsonWriter.bytes(
                Json.Obj.of(
                        "gateway",
                        report.gateway(),
                        "revisions",
                        report.revisions().stream()
                                .filter(LoadCodec::busy)
                                .map(LoadCodec::tree)
                                .toList()));
    }

    private static boolean busy(RevisionLoad load) {
        return load.concurrency() > 0 || load.requests() > 0 || load.waiting() > 0;
    }

    private static Json.Obj tree(RevisionLoad load) {
        return RouteTrees.tree(load.service())
                .with("revision", Json.of(load.revision()))
                .with("concurrency", Json.of(load.concurrency()))
                .with("requests", Json.of(load.requests()))
                .with("waiting", Json.of(load.waiting()));
    }

    public static LoadReport read(byte[] json) throws MalformedJson {
        if (json.length > BYTES_MAX) {
            throw new MalformedJson("a load report is longer than " + BYTES_MAX);
        }
        var tree = JsonReader.read(json);
        var gateway = FeedCodec.text(tree, "gateway");
        if (gateway.isEmpty() || gateway.length() > NAME_MAX) {
            throw new MalformedJson("a gateway's name has 1 to " + NAME_MAX + " characters");
        }
        var loads = new ArrayList<RevisionLoad>();
        for (var load : tree.list("revisions")) {
            loads.add(load(load));
        }
        return new LoadReport(gateway, loads);
    }

    private static RevisionLoad load(Json tree) throws MalformedJson {
        try {
            return new RevisionLoad(
                    FeedCodec.service(tree),
                    FeedCodec.text(tree, "revision"),
                    amount(tree, "concurrency"),
                    amount(tree, "requests"),
                    FeedCodec.count(tree, "waiting"));
        } catch (IllegalArgumentException wrong) {
            throw new MalformedJson("the load makes no sense: " + wrong.getMessage());
        }
    }

    private static double amount(Json tree, String name) throws MalformedJson {
        double amount =
                switch (tree.at(name).orElse(Json.Null.VALUE)) {
                    case Json.Int(var n) -> n;
                    case Json.Dec(var n) -> n;
                    default -> throw new MalformedJson("the load lacks the number '" + name + "'");
                };
        if (amount < 0) {
            throw new MalformedJson("'%s' is below zero: %s".formatted(name, amount));
        }
        return amount;
    }
}
