/** The door: the Kubernetes API over HTTP, as kubectl and client libraries speak it. */
@NullMarked
package dev.marea.local.rest;

import org.jspecify.annotations.NullMarked;
