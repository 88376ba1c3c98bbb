/** What a door and its engine tell each other over their socket: frames with limits. */
@NullMarked
package dev.marea.server.llama.talk;

import org.jspecify.annotations.NullMarked;
