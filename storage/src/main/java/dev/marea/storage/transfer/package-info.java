/** The one engine that brings files of any store: in parts, resumed, checked, with flat memory. */
@NullMarked
package dev.marea.storage.transfer;

import org.jspecify.annotations.NullMarked;
