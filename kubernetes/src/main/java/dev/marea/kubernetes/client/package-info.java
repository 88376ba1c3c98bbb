/**
 * A small client for the command line: trees in, trees out, against any cluster that a kubeconfig
 * names.
 */
@NullMarked
package dev.marea.kubernetes.client;

import org.jspecify.annotations.NullMarked;
