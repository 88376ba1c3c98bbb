package dev.marea.core.spec;

import java.util.Arrays;
import java.util.Optional;

/** The inference protocols that a runtime may declare. */
public enum Protocol {
    V1("v1"),
    V2("v2"),
    GRPC_V1("grpc-v1"),
    GRPC_V2("grpc-v2");

    private final String wireName;

    Protocol(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    public static Optional<Protocol> of(String wireName) {
        return Arrays.stream(values()).filter(p -> p.wireName.equals(wireName)).findFirst();
    }
}
