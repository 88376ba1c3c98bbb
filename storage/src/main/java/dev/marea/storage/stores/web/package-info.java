/** Plain files behind https:// and http:// URLs. */
@NullMarked
package dev.marea.storage.stores.web;

import org.jspecify.annotations.NullMarked;
