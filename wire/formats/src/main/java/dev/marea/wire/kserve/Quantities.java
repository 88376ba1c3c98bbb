package dev.marea.wire.kserve;

import dev.marea.core.spec.Memory;
import dev.marea.wire.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/** Amounts of memory as Kubernetes writes them: {@code 512Mi}, {@code 2G}, {@code 1e9}. */
public final class Quantities {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<number>[0-9]{1,19}(?:\\.[0-9]{1,19})?)(?:(?<unit>[kMGTPE]|[KMGTPE]i)|[eE](?<power>[0-9]{1,2}))?");
    private static final String POWERS = "KMGTPE";

    private Quantities() {}

    /** Empty for what is no amount, or no positive one. */
    public static Optional<Memory> memory(Optional<Json> value) {
        var text =
                switch (value.orElse(Json.Null.VALUE)) {
                    case Json.Str(var written) -> written;
                    case Json.Int number -> number.toString();
                    case Json.Obj _, Json.Arr _, Json.Dec _, Json.Bool _, Json.Null _ -> "";
                };
        var form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        var amount = new BigDecimal(form.group("number"));
        var unit = Optional.ofNullable(form.group("unit")).orElse("");
        var power = Optional.ofNullable(form.group("power")).map(Integer::parseInt).orElse(0);
        var bytes =
                amount.multiply(unit(unit))
                        .scaleByPowerOfTen(power)
                        .setScale(0, RoundingMode.CEILING)
                        .min(BigDecimal.valueOf(Long.MAX_VALUE))
                        .longValue();
        return bytes > 0 ? Optional.of(new Memory(bytes, text)) : Optional.empty();
    }

    private static BigDecimal unit(String unit) {
        if (unit.isEmpty()) {
            return BigDecimal.ONE;
        }
        int step = POWERS.indexOf(Character.toUpperCase(unit.charAt(0))) + 1;
        return BigDecimal.valueOf(unit.endsWith("i") ? 1024 : 1000).pow(step);
    }
}
