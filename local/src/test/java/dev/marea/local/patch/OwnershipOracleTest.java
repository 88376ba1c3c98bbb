package dev.marea.local.patch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.schema.FieldValidation;
import dev.marea.local.schema.Kind;
import dev.marea.local.schema.Schemas;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays random histories of updates, strategic patches and applies whose outcome was recorded
 * from Kubernetes' own field manager (client-go and structured-merge-diff of release 1.32):
 * objects, owners and conflicts must be the same.
 */
class OwnershipOracleTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Schemas SCHEMAS = Schemas.of(List.of((Json.Obj) read("widget-crd.json")));
    private static final Kind WIDGET =
            SCHEMAS.of(new Resource("example.dev", "v1", "widgets", "Widget", true)).orElseThrow();
    private static final Kind DEPLOYMENT = SCHEMAS.of(Resource.DEPLOYMENT).orElseThrow();

    static Stream<Json> histories() throws IOException {
        var other = System.getProperty("marea.oracle");
        var histories =
                other == null
                        ? read("ownership-histories.json")
                        : JsonReader.read(Files.readAllBytes(Path.of(other)));
        return ((Json.Arr) histories).items().stream();
    }

    private static Json read(String name) {
        try (var in = OwnershipOracleTest.class.getResourceAsStream(name)) {
            return JsonReader.read(in.readAllBytes());
        } catch (IOException broken) {
            throw new IllegalStateException(name, broken);
        }
    }

    @ParameterizedTest
    @MethodSource("histories")
    void endsLikeKubernetes(Json history) {
        var kind = history.flag("crd") ? WIDGET : DEPLOYMENT;
        Optional<Json.Obj> live = Optional.empty();
        var trail = new StringBuilder(history.text("name").orElseThrow());
        for (var step : history.list("steps")) {
            trail.append("\n").append(step);
            var wanted = step.object("result");
            try {
                var next = act(kind, live, step);
                assertThat(step.text("error")).as(trail.toString()).isEmpty();
                assertThat(comparable(next)).as(trail.toString()).isEqualTo(comparable(wanted));
                live =
                        Optional.of(
                                decoded(kind, next)
                                        .withAt(List.of("metadata", "uid"), Json.of("u1")));
            } catch (Refusal refused) {
                assertThat(sorted(String.valueOf(refused.getMessage())))
                        .as(trail.toString())
                        .isEqualTo(sorted(step.text("error").orElse("nothing refused")));
            }
        }
    }

    private static Json.Obj act(Kind kind, Optional<Json.Obj> live, Json step) throws Refusal {
        var author = new Author(step.text("manager").orElseThrow(), "", NOW);
        var object = step.object("object");
        return switch (step.text("op").orElseThrow()) {
            case "apply" -> Ownership.applied(kind, live, object, author, step.flag("force"));
            case "strategic" -> {
                var next = StrategicPatch.apply(kind, live.orElseThrow(), object);
                yield Ownership.updated(kind, live, decoded(kind, next), author);
            }
            default -> {
                var uid = live.flatMap(l -> l.text("metadata", "uid"));
                var next = uid.map(u -> object.withAt(List.of("metadata", "uid"), Json.of(u)));
                yield Ownership.updated(kind, live, decoded(kind, next.orElse(object)), author);
            }
        };
    }

    private static Json.Obj decoded(Kind kind, Json.Obj object) throws Refusal {
        return kind.decode(object, FieldValidation.STRICT).object();
    }

    /** Go's conflicts of several owners come in no certain order. */
    private static List<String> sorted(String message) {
        return message.lines().sorted().toList();
    }

    /** The recording's clock ran on; ours stands still, so the order of entries says nothing. */
    private static Json byText(Json entries) {
        return switch (entries) {
            case Json.Arr(var items) ->
                    new Json.Arr(
                            items.stream()
                                    .sorted(
                                            Comparator.comparing(e ->
                                                    e.text("manager").orElse("")
                                                            + e.text("operation").orElse("")))
                                    .toList());
            case Json other -> other;
        };
    }

    /** Go writes its structs with empty parts that JSON does not need. */
    private static Json comparable(Json value) {
        return switch (value) {
            case Json.Obj(var fields) -> {
                var kept = new LinkedHashMap<String, Json>();
                fields.forEach((name, field) -> {
                    var inner =
                            switch (name) {
                                case "fieldsV1" -> field;
                                case "managedFields" -> byText(comparable(field));
                                default -> comparable(field);
                            };
                    boolean empty =
                            inner instanceof Json.Null
                                    || inner.equals(Json.Obj.EMPTY)
                                    || inner.equals(Json.Arr.EMPTY);
                    if (!empty && !name.equals("uid") && !name.equals("time")) {
                        kept.put(name, inner);
                    }
                });
                yield new Json.Obj(kept);
            }
            case Json.Arr(var items) ->
                    new Json.Arr(items.stream().map(OwnershipOracleTest::comparable).toList());
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> value;
        };
    }
}
