/** What is well and what is not around an installation, and what to do about it. */
@NullMarked
package dev.marea.app.doctor;

import org.jspecify.annotations.NullMarked;
