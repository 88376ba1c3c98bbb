package dev.marea.wire.json;

import dev.marea.wire.json.JsonReader.MalformedJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * YAML documents as JSON values: no tags, no merge keys, no duplicate names, few aliases, and
 * nothing that JSON cannot say. JSON text is YAML too.
 */
public final class Yaml {
    private static final int CHARACTERS_MAX = 3 << 20;

    private Yaml() {}

    /** Every document of a stream; empty documents are left out. */
    public static List<Json> read(String text) throws MalformedJson {
        if (text.length() > CHARACTERS_MAX) {
            throw new MalformedJson(
                    "the text has %d characters, at most %d are read"
                            .formatted(text.length(), CHARACTERS_MAX));
        }
        var settings = LoadSettings.builder().setCodePointLimit(CHARACTERS_MAX + 1).build();
        try {
            return new YamlReader(new Parse(settings).parseString(text).iterator()).documents();
        } catch (MarkedYamlEngineException bad) {
            throw new MalformedJson(
                    bad.getProblemMark()
                                    .map(m ->
                                            "line %d, column %d: "
                                                    .formatted(m.getLine() + 1, m.getColumn() + 1))
                                    .orElse("")
                            + bad.getProblem());
        } catch (YamlEngineException bad) {
            throw new MalformedJson(String.valueOf(bad.getMessage()));
        }
    }

    public static String write(Json value) {
        var settings =
                DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setSchema(new CautiousSchema())
                        .build();
        return new Dump(settings).dumpToString(plain(value));
    }

    private static @Nullable Object plain(Json value) {
        return switch (value) {
            case Json.Obj(var fields) -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                fields.forEach((k, v) -> map.put(k, plain(v)));
                yield map;
            }
            case Json.Arr(var items) -> {
                var list = new ArrayList<@Nullable Object>();
                items.forEach(item -> list.add(plain(item)));
                yield list;
            }
            case Json.Str(var text) -> text;
            case Json.Int(var number) -> number;
            case Json.Dec(var number) -> number;
            case Json.Bool(var flag) -> flag;
            case Json.Null() -> null;
        };
    }

    /** Puts text in quotes that kubectl, which reads YAML 1.1, would take for something else. */
    private static final class CautiousSchema extends CoreSchema {
        private static final Pattern NOT_TEXT =
                Pattern.compile(
                        "(?i)y|n|yes|no|on|off|~|=|<<|[-+]?0[0-7_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?"
                                + "|[-+]?[0-9][0-9_]*|0b[01_]+|[-+]?\\.(inf|nan)|\\d{4}-\\d\\d?-\\d\\d?.*");

        @Override
        public ScalarResolver getScalarResolver() {
            var core = super.getScalarResolver();
            return (text, implicit) -> {
                var tag = core.resolve(text, implicit);
                return tag.equals(Tag.STR) && implicit && NOT_TEXT.matcher(text).matches()
                        ? Tag.BOOL
                        : tag;
            };
        }
    }
}
