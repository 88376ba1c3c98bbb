/** scikit-learn models without Python: estimators rebuilt from what their pickles say. */
@NullMarked
package dev.marea.server.runtime.sklearn;

import org.jspecify.annotations.NullMarked;
