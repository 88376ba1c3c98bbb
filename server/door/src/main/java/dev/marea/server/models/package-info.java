/** The models of one server: found, loaded, leased to requests, exchanged and unloaded. */
@NullMarked
package dev.marea.server.models;

import org.jspecify.annotations.NullMarked;
