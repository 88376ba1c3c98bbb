package dev.marea.app.role;

import java.util.Set;

/** What all roles' settings share: the sections of one file, of which each role reads its own. */
final class Sections {
    static final Set<String> ALL = Set.of(OperatorConfig.SECTION, GatewayConfig.SECTION);
    static final int ADMIN_PORT = 9090;

    private Sections() {}
}
