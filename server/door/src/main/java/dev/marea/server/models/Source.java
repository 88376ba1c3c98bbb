package dev.marea.server.models;

import dev.marea.server.runtime.LoadFailure;
import java.util.List;
import java.util.Optional;

/** Where models come from. */
sealed interface Source permits OneModel, RepositoryDirectory {
    /** All that are there now; one that is broken is told as such and disturbs none. */
    List<Found> all() throws LoadFailure;

    Optional<Found> named(String name) throws LoadFailure;
}
