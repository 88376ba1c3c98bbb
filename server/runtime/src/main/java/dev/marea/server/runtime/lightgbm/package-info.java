/**
 * LightGBM's text models: a reader that trusts no count or index in them, and an evaluator of our
 * own.
 */
@NullMarked
package dev.marea.server.runtime.lightgbm;

import org.jspecify.annotations.NullMarked;
