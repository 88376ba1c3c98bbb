/**
 * Pure decisions: facts and time in, a decision with its reason out. No clock, file, socket, thread
 * or chance.
 */
module dev.marea.core {
    requires static org.jspecify;

    exports dev.marea.core.spec;
    exports dev.marea.core.plan;
    exports dev.marea.core.scale;
    exports dev.marea.core.route;
}
