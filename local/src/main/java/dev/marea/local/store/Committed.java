package dev.marea.local.store;

import dev.marea.local.objects.Change;
import dev.marea.wire.json.Json;
import java.util.Optional;

/**
 * A change and what it replaced, so that a selector can tell who enters and who leaves its view.
 *
 * @param before empty for an addition, and where it is no longer known
 */
public record Committed(Change change, Optional<Json.Obj> before) {}
