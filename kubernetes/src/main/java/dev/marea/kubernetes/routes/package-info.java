/** What gateways are told: services, shares and ready replicas. */
@NullMarked
package dev.marea.kubernetes.routes;

import org.jspecify.annotations.NullMarked;
