/**
 * The controllers that a Kubernetes has and one machine needs: Deployments, ReplicaSets,
 * EndpointSlices, owners' garbage, default service accounts.
 */
@NullMarked
package dev.marea.local.controllers;

import org.jspecify.annotations.NullMarked;
