package dev.marea.local.controllers;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.TreeMap;

/** Short names from contents, in letters and digits that spell no word. */
final class Hash {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int LENGTH = 10;

    private Hash() {}

    static String of(String text) {
        long hash = BASIS;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        var out = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            out.append(ALPHABET.charAt((int) Long.remainderUnsigned(hash, ALPHABET.length())));
            hash = Long.divideUnsigned(hash, ALPHABET.length());
        }
        return out.toString();
    }

    /** The same for objects that differ only in the order of their fields. */
    static String of(Json value) {
        return of(sorted(value).toString());
    }

    private static Json sorted(Json value) {
        return switch (value) {
            case Json.Obj(var fields) -> {
                var sorted = new TreeMap<String, Json>();
                fields.forEach((name, field) -> sorted.put(name, sorted(field)));
                yield new Json.Obj(sorted);
            }
            case Json.Arr(var items) -> {
                var list = new ArrayList<Json>();
                items.forEach(item -> list.add(sorted(item)));
                yield new Json.Arr(list);
            }
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> value;
        };
    }
}
