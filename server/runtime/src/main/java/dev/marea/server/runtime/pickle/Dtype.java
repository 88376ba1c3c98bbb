package dev.marea.server.runtime.pickle;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A numpy dtype under construction; {@link #layout()} is what it says at one moment. */
public final class Dtype implements PyValue {
    /** One named part of a structured dtype. */
    record Field(Layout layout, int offset) {}

    /**
     * How one element lies in memory.
     *
     * @param code numpy's kind: b i u f (numbers), U S (text), O (objects), V (structured)
     */
    record Layout(char code, int size, ByteOrder order, Map<String, Field> fields) {
        boolean isNumber() {
            return "biuf".indexOf(code) >= 0;
        }

        String name() {
            return code + (code == 'U' ? String.valueOf(size / 4) : String.valueOf(size));
        }
    }

    private static final int UCS4 = 4;
    private static final int ELEMENT_BYTES_MAX = 1 << 20;

    private Layout layout;

    private Dtype(Layout layout) {
        this.layout = layout;
    }

    Layout layout() {
        return layout;
    }

    /** Reads numpy's short form, such as {@code <f8} or {@code U10}; empty if we do not read it. */
    static Optional<Dtype> parse(String text) {
        int at = !text.isEmpty() && "<>|=".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
        if (at >= text.length()) {
            return Optional.empty();
        }
        var order = text.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        char code = text.charAt(at);
        var digits = text.substring(at + 1);
        if (code == '?' && digits.isEmpty()) {
            return Optional.of(new Dtype(new Layout('b', 1, order, Map.of())));
        }
        int count = digits.isEmpty() && code == 'O' ? 8 : number(digits);
        int size = code == 'U' ? count * UCS4 : count;
        return fits(code, size)
                ? Optional.of(new Dtype(new Layout(code, size, order, Map.of())))
                : Optional.empty();
    }

    private static int number(String digits) {
        try {
            int value = digits.length() > 7 ? -1 : Integer.parseInt(digits);
            return value;
        } catch (NumberFormatException none) {
            return -1;
        }
    }

    private static boolean fits(char code, int size) {
        return switch (code) {
            case 'b' -> size == 1;
            case 'i', 'u' -> size == 1 || size == 2 || size == 4 || size == 8;
            case 'f' -> size == 2 || size == 4 || size == 8;
            case 'O' -> size == 4 || size == 8;
            case 'U', 'S', 'V' -> size > 0 && size <= ELEMENT_BYTES_MAX;
            default -> false;
        };
    }

    void order(ByteOrder order) {
        layout = new Layout(layout.code(), layout.size(), order, layout.fields());
    }

    /** Becomes structured; false if a field lies outside the element. */
    boolean structure(Map<String, Field> fields, int size) {
        var inside =
                fields.values().stream()
                        .allMatch(f -> f.offset() >= 0 && f.offset() <= size - f.layout().size());
        if (size <= 0 || size > ELEMENT_BYTES_MAX || !inside) {
            return false;
        }
        layout = new Layout('V', size, layout.order(), Map.copyOf(fields));
        return true;
    }

    static List<String> known() {
        return List.of("b1", "i1-i8", "u1-u8", "f2-f8", "U", "S", "O", "structured");
    }

    @Override
    public String kind() {
        return "the dtype " + layout.name();
    }
}
