/** The kinds of serving.kserve.io: reading manifests into core.spec, writing status back. */
@NullMarked
package dev.marea.wire.kserve;

import org.jspecify.annotations.NullMarked;
