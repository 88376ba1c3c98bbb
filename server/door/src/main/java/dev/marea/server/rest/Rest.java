package dev.marea.server.rest;

import dev.marea.server.models.Models;
import dev.marea.server.predict.Predictions;
import dev.marea.server.predict.ServerMetrics;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** KServe's V1 and V2 over HTTP, with what Triton and MLServer add: what all connections share. */
public final class Rest implements AutoCloseable {
    private final Models models;
    private final Questions questions;
    private final Predictions predictions;
    private final RepositoryCalls repository;
    private final ServerMetrics metrics;

    public Rest(Models models, Predictions predictions, ServerMetrics metrics) {
        this.models = models;
        this.questions = new Questions(models, metrics);
        this.predictions = predictions;
        this.repository = new RepositoryCalls(models);
        this.metrics = metrics;
    }

    /** The handler of one new connection; it asks its context for all that it needs. */
    public ChannelInboundHandlerAdapter connection() {
        return new RestConnection(this);
    }

    Models models() {
        return models;
    }

    Questions questions() {
        return questions;
    }

    Predictions predictions() {
        return predictions;
    }

    RepositoryCalls repository() {
        return repository;
    }

    ServerMetrics metrics() {
        return metrics;
    }

    @Override
    public void close() {
        repository.close();
    }
}
