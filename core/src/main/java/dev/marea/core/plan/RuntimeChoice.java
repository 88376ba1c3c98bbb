package dev.marea.core.plan;

import dev.marea.core.spec.Reason;
import dev.marea.core.spec.ServingRuntime;

/** Which runtime will serve a model, or why none can. */
public sealed interface RuntimeChoice {
    record Chosen(ServingRuntime runtime) implements RuntimeChoice {}

    /** The message lists every candidate with the reason why it does not fit. */
    record NoneFits(Reason reason, String message) implements RuntimeChoice {}
}
