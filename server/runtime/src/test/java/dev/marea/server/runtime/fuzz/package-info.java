/**
 * What fuzzing calls: one class for each reader, with the method that Jazzer knows. `./build fuzz`
 * runs them against new inputs, {@link FuzzCorpusTest} against those that were kept.
 */
@NullMarked
package dev.marea.server.runtime.fuzz;

import org.jspecify.annotations.NullMarked;
