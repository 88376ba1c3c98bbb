package dev.marea.server.rest;

import dev.marea.server.models.Refused;
import java.util.Base64;

/** Bytes that a request carries as text. */
final class Base64Text {
    private Base64Text() {}

    static byte[] bytes(String tensor, int element, String text) throws Refused {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException bad) {
            throw Refused.badInput(
                    "input '%s': element %d is no base64: %s"
                            .formatted(tensor, element, bad.getMessage()));
        }
    }
}
