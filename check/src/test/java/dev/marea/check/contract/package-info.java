/**
 * What every Kubernetes API keeps to that Marea runs on: the one that `marea up` serves, and a
 * cluster's. Nothing here holds only for ours; `./build e2e --kubeconfig FILE` judges any other.
 */
@NullMarked
package dev.marea.check.contract;

import org.jspecify.annotations.NullMarked;
