package dev.marea.local.api;

import dev.marea.local.schema.FieldValidation;
import java.util.function.Consumer;

/**
 * On what terms somebody writes.
 *
 * @param manager owns the fields that the write sets
 * @param dryRun goes through every check and stores nothing
 * @param unknownFields what becomes of fields that the kind does not have
 * @param conditional true if an update of a kind of ours must name the version that it saw
 * @param warnings take what the author should know although the write is accepted
 */
public record Terms(
        String manager,
        boolean dryRun,
        FieldValidation unknownFields,
        boolean conditional,
        Consumer<String> warnings) {

    /** For writers of this process, who read no warnings. */
    public static Terms inProcess(String manager) {
        return new Terms(manager, false, FieldValidation.IGNORE, false, _ -> {});
    }
}
