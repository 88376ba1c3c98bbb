package dev.marea.local.tables;

import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One kind's objects as a {@code meta.k8s.io/v1 Table}. */
public final class Tables {
    /** How much of the object goes with each row. */
    public enum Include {
        NONE,
        METADATA,
        OBJECT
    }

    private final List<Column> columns;

    private Tables(List<Column> columns) {
        this.columns = columns;
    }

    /**
     * @param crdVersion where the columns of a defined kind stand
     */
    public static Tables of(Resource resource, Optional<Json.Obj> crdVersion) {
        return new Tables(Columns.of(resource, crdVersion));
    }

    /**
     * @param metadata of the list
     * @param headed false for all but the first piece of a watch
     */
    public Json.Obj table(
            List<Json.Obj> objects,
            Json.Obj metadata,
            Include include,
            boolean headed,
            Instant now) {
        var definitions =
                headed
                        ? Json.of(columns.stream().map(Column::definition).toList())
                        : Json.Null.VALUE;
        return Json.Obj.of(
                "kind",
                "Table",
                "apiVersion",
                "meta.k8s.io/v1",
                "metadata",
                metadata,
                "columnDefinitions",
                definitions,
                "rows",
                objects.stream().map(object -> row(object, include, now)).toList());
    }

    private Json.Obj row(Json.Obj object, Include include, Instant now) {
        var cells = new ArrayList<Json>(columns.size());
        columns.forEach(column -> cells.add(column.cell().apply(object, now)));
        var row = Json.Obj.of("cells", cells);
        return switch (include) {
            case NONE -> row;
            case METADATA -> row.with("object", partial(object));
            case OBJECT -> row.with("object", object);
        };
    }

    /** The object's metadata alone. */
    public static Json.Obj partial(Json.Obj object) {
        return Json.Obj.of(
                "kind",
                "PartialObjectMetadata",
                "apiVersion",
                "meta.k8s.io/v1",
                "metadata",
                object.object("metadata"));
    }
}
