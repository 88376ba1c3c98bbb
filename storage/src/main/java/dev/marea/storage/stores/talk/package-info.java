/** What the protocols of the stores have in common: questions, answers, refusals, names. */
@org.jspecify.annotations.NullMarked
package dev.marea.storage.stores.talk;
