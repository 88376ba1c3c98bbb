/** How services are reached: names, hosts, the way to the gateways, routes from outside. */
@NullMarked
package dev.marea.kubernetes.expose;

import org.jspecify.annotations.NullMarked;
