package dev.marea.local.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GarbageTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private Json.Obj map(String name, Json.Obj... owners) {
        try {
            return world.objects.create(
                    Json.Obj.of(
                            "apiVersion", "v1",
                            "kind", "ConfigMap",
                            "metadata",
                                    Json.Obj.of(
                                            "name",
                                            name,
                                            "namespace",
                                            "default",
                                            "ownerReferences",
                                            List.of(owners).stream()
                                                    .map(o ->
                                                            new Meta(o)
                                                                    .controls(Resource.CONFIG_MAP)
                                                                    .with(
                                                                            "controller",
                                                                            Json.of(false)))
                                                    .toList())),
                    "test");
        } catch (Refusal refused) {
            throw new AssertionError(refused);
        }
    }

    private static Key key(String name) {
        return new Key(Resource.CONFIG_MAP, "default", name);
    }

    private Optional<Json.Obj> find(String name) {
        return world.objects.get(key(name));
    }

    private void awaitGone(String name) {
        World.awaitTrue(() -> find(name).isEmpty(), () -> find(name).toString());
    }

    private void delete(String name, Deletion.Propagation how) throws Refusal {
        world.objects.delete(key(name), Deletion.DEFAULT.withPropagation(how), "test");
    }

    @Test
    void whatHasLostItsOwnersGoesAndSoDoWhatItOwns() throws Exception {
        var top = map("top");
        var middle = map("middle", top);
        map("leaf", middle);

        delete("top", Deletion.Propagation.BACKGROUND);

        awaitGone("middle");
        awaitGone("leaf");
    }

    @Test
    void oneOwnerOfTwoIsEnoughToStay() throws Exception {
        var one = map("one");
        var two = map("two");
        map("shared", one, two);

        delete("one", Deletion.Propagation.BACKGROUND);

        World.awaitTrue(
                () -> new Meta(find("shared").orElseThrow()).owners().size() == 1,
                () -> find("shared").toString());
        delete("two", Deletion.Propagation.BACKGROUND);
        awaitGone("shared");
    }

    @Test
    void inTheForegroundTheOwnerGoesLast() throws Exception {
        var top = map("top");
        map("held", top);
        world.edit(
                key("held"),
                m -> m.withAt(List.of("metadata", "finalizers"), Json.of(List.of("test/hold"))));

        delete("top", Deletion.Propagation.FOREGROUND);
        World.awaitTrue(
                () -> new Meta(find("held").orElseThrow()).deleting(),
                () -> find("held").toString());
        assertThat(find("top")).isPresent();

        world.edit(key("held"), m -> m.withoutAt(List.of("metadata", "finalizers")));
        awaitGone("held");
        awaitGone("top");
    }

    @Test
    void orphansStayWithoutTheirOwner() throws Exception {
        var top = map("top");
        map("child", top);

        delete("top", Deletion.Propagation.ORPHAN);

        awaitGone("top");
        assertThat(new Meta(find("child").orElseThrow()).owners()).isEmpty();
    }

    @Test
    void anOwnerThatNeverWasIsNoOwner() {
        map("lost", Json.Obj.of("metadata", Json.Obj.of("name", "nobody", "uid", "no-such-uid")));

        awaitGone("lost");
    }

    @Test
    void anotherObjectOfTheOwnersNameIsNotTheOwner() throws Exception {
        var first = map("top");
        delete("top", Deletion.Propagation.BACKGROUND);
        awaitGone("top");
        map("top");
        map("late", first);

        awaitGone("late");
        assertThat(find("top")).isPresent();
    }

    @Test
    void everyNamespaceHasItsDefaultAccount() throws Exception {
        world.apply("{apiVersion: v1, kind: Namespace, metadata: {name: team}}");
        var account = new Key(Resource.SERVICE_ACCOUNT, "team", "default");
        World.awaitTrue(() -> world.objects.get(account).isPresent(), () -> "no account");

        world.objects.delete(account, "test");

        World.awaitTrue(() -> world.objects.get(account).isPresent(), () -> "no account again");
    }
}
