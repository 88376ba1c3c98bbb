/** What one image does on a cluster: operator, gateway, and the step that fetches a model. */
@NullMarked
package dev.marea.app.role;

import org.jspecify.annotations.NullMarked;
