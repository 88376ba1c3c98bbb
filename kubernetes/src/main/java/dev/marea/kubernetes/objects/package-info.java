/** Pure functions: a manifest and a runtime become the objects that should exist. */
@NullMarked
package dev.marea.kubernetes.objects;

import org.jspecify.annotations.NullMarked;
