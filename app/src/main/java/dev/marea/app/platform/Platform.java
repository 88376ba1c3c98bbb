package dev.marea.app.platform;

import dev.marea.app.home.Home;
import dev.marea.app.home.Settings;
import dev.marea.gateway.Gateway;
import dev.marea.gateway.GatewaySettings;
import dev.marea.kubernetes.Operator;
import dev.marea.local.LocalApi;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Resource;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.http.HttpServer;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.List;

/**
 * The whole product in one process: the API, its controllers and node, the operator and the gateway,
 * opened in this order and closed in the reverse one.
 */
public final class Platform implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final Closing parts = new Closing();
    private final Objects objects;
    private final Resource services;
    private final Gateway gateway;
    private final HttpServer admin;
    private final int apiPort;

    private Platform() {}

    /** What the live status line tells. */
    public record Summary(int services, int ready, int replicas) {}

    @Override
    public void close() {
        parts.close();
    }
}
