/** What a fetch may use to be let in: Secrets mounted as files, and what standard clients read. */
@org.jspecify.annotations.NullMarked
package dev.marea.storage.credentials;
