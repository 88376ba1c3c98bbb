/** What should run: runtime selection, revisions, canary steps and the status that tells it. */
@NullMarked
package dev.marea.core.plan;

import org.jspecify.annotations.NullMarked;
