package dev.marea.core.plan;

import dev.marea.core.spec.Component;
import dev.marea.core.spec.Percent;
import java.util.Optional;

/**
 * A revision that the manifest asks for.
 *
 * @param version its name in the manifest
 * @param share its part of the traffic; the stable one takes what is left
 */
record Member(Revision revision, Component component, Optional<String> version, Percent share) {
    boolean serves() {
        return Rolling.serves(revision, component);
    }
}
