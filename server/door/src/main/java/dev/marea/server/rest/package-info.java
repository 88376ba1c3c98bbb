/** KServe's V1 and V2 over HTTP. */
@NullMarked
package dev.marea.server.rest;

import org.jspecify.annotations.NullMarked;
