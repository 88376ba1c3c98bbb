/** The Kubernetes API as trees: reads, writes and watches without fixed shapes. */
@NullMarked
package dev.marea.kubernetes.api;

import org.jspecify.annotations.NullMarked;
