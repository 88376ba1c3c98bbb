/** The composition: API, node, operator and gateway in one process. */
@NullMarked
package dev.marea.app.platform;

import org.jspecify.annotations.NullMarked;
