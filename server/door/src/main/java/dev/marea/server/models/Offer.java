package dev.marea.server.models;

import java.nio.file.Path;

/** What a server serves: the one model that it is started with, or a directory of them. */
public sealed interface Offer {
    record One(ModelSettings model) implements Offer {}

    record Many(RepositorySettings repository) implements Offer {}

    default Models models(ServingSettings serving) {
        return switch (this) {
            case One(var model) -> new Models(model, serving);
            case Many(var repository) -> new Models(repository, serving);
        };
    }

    default Path path() {
        return switch (this) {
            case One(var model) -> model.model();
            case Many(var repository) -> repository.directory();
        };
    }

    /** What is told to people of it. */
    default String title() {
        return switch (this) {
            case One(var model) -> "model " + model.name();
            case Many(var repository) -> "the models in " + repository.directory();
        };
    }
}
