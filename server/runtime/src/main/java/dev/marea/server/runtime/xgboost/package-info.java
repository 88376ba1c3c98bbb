/**
 * XGBoost's boosters: every format it has saved them in (JSON, UBJSON, the binary one of before
 * 2.x), checked when loaded and answered as the library's CPU predictor does, to the last bit of a
 * margin.
 */
@NullMarked
package dev.marea.server.runtime.xgboost;

import org.jspecify.annotations.NullMarked;
