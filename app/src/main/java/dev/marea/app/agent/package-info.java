/** The agent of a replica that serves many models: fetches what comes, takes away what goes. */
@NullMarked
package dev.marea.app.agent;

import org.jspecify.annotations.NullMarked;
