/** What a fetch may use to be let in: Secrets mounted as files, and what standard clients read. */
@NullMarked
package dev.marea.storage.credentials;

import org.jspecify.annotations.NullMarked;
