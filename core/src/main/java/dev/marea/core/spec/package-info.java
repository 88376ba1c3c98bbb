/**
 * What was asked for: services, components, scale bounds, formats, runtimes; validated once,
 * immutable.
 */
@NullMarked
package dev.marea.core.spec;

import org.jspecify.annotations.NullMarked;
