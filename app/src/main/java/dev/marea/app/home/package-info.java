/** What a platform keeps under MAREA_HOME, and how it is configured. */
@NullMarked
package dev.marea.app.home;

import org.jspecify.annotations.NullMarked;
