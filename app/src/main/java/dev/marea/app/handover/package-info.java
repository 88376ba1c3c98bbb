/** KServe's services pass to Marea, and back: the objects stay, only who acts on them changes. */
@NullMarked
package dev.marea.app.handover;

import org.jspecify.annotations.NullMarked;
