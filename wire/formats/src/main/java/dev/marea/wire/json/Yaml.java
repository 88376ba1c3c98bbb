package dev.marea.wire.json;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * YAML documents as JSON values: no tags, no duplicate keys, few aliases. JSON text is YAML too.
 */
public final class Yaml {
    private static final int ALIASES_MAX = 50;
    private static final int DOCUMENT_BYTES_MAX = 3 << 20;

    private Yaml() {}

    /** Every document of a stream; empty documents are left out. */
    public static List<Json> read(String text) throws JsonReader.MalformedJson {
        var settings =
                LoadSettings.builder()
                        .setMaxAliasesForCollections(ALIASES_MAX)
                        .setCodePointLimit(DOCUMENT_BYTES_MAX)
                        .setAllowDuplicateKeys(false)
                        .setSchema(new CoreSchema())
                        .build();
        var documents = new ArrayList<Json>();
        try {
            for (var document : new Load(settings).loadAllFromString(text)) {
                if (document != null) {
                    documents.add(Json.of(document));
                }
            }
        } catch (YamlEngineException | IllegalArgumentException | ClassCastException bad) {
            throw new JsonReader.MalformedJson(String.valueOf(bad.getMessage()));
        }
        return documents;
    }

    public static String write(Json value) {
        var settings =
                DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setSchema(new CoreSchema())
                        .build();
        return new Dump(settings).dumpToString(plain(value));
    }

    private static @org.jspecify.annotations.Nullable Object plain(Json value) {
        return switch (value) {
            case Json.Obj(var fields) -> {
                var map =
                        new java.util.LinkedHashMap<
                                String, @org.jspecify.annotations.Nullable Object>();
                fields.forEach((k, v) -> map.put(k, plain(v)));
                yield map;
            }
            case Json.Arr(var items) -> {
                var list = new ArrayList<@org.jspecify.annotations.Nullable Object>();
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
}
