/** Which of several operators acts, and what keeps the others' hands still. */
@NullMarked
package dev.marea.kubernetes.lead;

import org.jspecify.annotations.NullMarked;
