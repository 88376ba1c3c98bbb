package dev.marea.local.rest;

import dev.marea.local.api.Part;
import dev.marea.local.api.ServedKind;
import dev.marea.local.api.StoredObjects;
import dev.marea.local.node.PodLogs;
import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.http.Handler;
import dev.marea.wire.http.Request;
import dev.marea.wire.http.Response;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the Kubernetes API's requests: who asks, what is meant, then the verb. */
public final class ApiDoor implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ApiDoor.class);
    private static final Set<String> OPEN_TO_ALL =
            Set.of("/healthz", "/livez", "/readyz", "/version");

    private final StoredObjects objects;
    private final byte[] authorization;
    private final Documents documents;
    private final Reviews reviews;
    private final Views views;
    private final Lists lists;
    private final Watches watches;
    private final Writes writes;
    private final Scales scales;
    private final Logs logs;

    /**
     * @param token whoever bears it may do everything
     * @param version of marea, told at {@code /version}
     */
    public ApiDoor(StoredObjects objects, PodLogs logs, String token, String version, Clock clock) {
        this.objects = objects;
        this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        this.documents = new Documents(objects.catalog(), version);
        this.reviews = new Reviews(objects.catalog());
        this.views = new Views(clock);
        this.lists = new Lists(objects.store());
        this.watches = new Watches(objects.store(), views);
        this.writes = new Writes(objects);
        this.scales = new Scales(objects);
        this.logs = new Logs(logs, clock);
    }

    @Override
    public void handle(Request request, Response response)
            throws IOException, InterruptedException {
        var answers = new Answers(response);
        try {
            authenticate(request);
            answer(request, answers);
        } catch (Refusal refused) {
            answers.refusal(refused);
        } catch (RuntimeException bug) {
            LOG.error("{} {} failed", request.method(), request.path(), bug);
            answers.refusal(Refusal.internal("see the log of marea"));
        }
    }

    private void authenticate(Request request) throws Refusal {
        var given = request.header("authorization").orElse("").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given, authorization) && !OPEN_TO_ALL.contains(request.path())) {
            throw new Refusal(401, "Unauthorized", "Unauthorized", Json.Obj.EMPTY);
        }
    }

    private void answer(Request request, Answers answers)
            throws IOException, InterruptedException, Refusal {
        if (request.header("upgrade").filter("websocket"::equalsIgnoreCase).isPresent()) {
            // A client that hears no 101 falls back to a plain watch at once.
            answers.bytes(200, "application/json", new byte[0]);
            return;
        }
        if (request.method().equals("GET") && documents.answer(request, answers)) {
            return;
        }
        var review = reviews.answer(request);
        if (review.isPresent()) {
            answers.json(201, review.get());
            return;
        }
        switch (Target.parse(request.path(), objects.catalog())) {
            case Target.Collection(var kind, var namespace) ->
                    collection(request, kind, namespace, answers);
            case Target.Item(var kind, var key, var subresource) ->
                    item(request, kind, key, subresource, answers);
        }
    }

    private void collection(Request request, ServedKind kind, String namespace, Answers answers)
            throws IOException, InterruptedException, Refusal {
        var form = Views.Form.of(request);
        switch (request.method()) {
            case "GET" -> {
                var selector = Selection.of(request, kind.resource());
                if (Flags.of(request, "watch")) {
                    watches.watch(request, kind, namespace, selector, answers);
                } else {
                    var page = lists.page(request, kind, namespace, selector);
                    send(
                            answers,
                            200,
                            form,
                            views.list(kind, page.items(), page.metadata(selector.all()), form));
                }
            }
            case "POST" -> {
                var made = writes.create(request, kind, namespace, answers);
                send(answers, 201, form, views.one(kind, made, form, true));
            }
            case "DELETE" -> {
                var selector = Selection.of(request, kind.resource());
                var gone = writes.deleteAll(request, kind, namespace, selector, answers);
                var metadata =
                        Json.Obj.of("resourceVersion", Long.toString(objects.store().version()));
                send(answers, 200, form, views.list(kind, gone, metadata, form));
            }
            default -> throw notAllowed();
        }
    }

    private static void send(Answers answers, int status, Views.Form form, Json.Obj body)
            throws IOException {
        answers.bytes(status, form.accepted().contentType(), JsonWriter.bytes(body));
    }

    private static Refusal notAllowed() {
        return Refusal.methodNotAllowed(
                "the server does not allow this method on the requested resource");
    }

    private void item(
            Request request, ServedKind kind, Key key, String subresource, Answers answers)
            throws IOException, InterruptedException, Refusal {
        switch (subresource) {
            case "" -> object(request, kind, key, Part.MAIN, answers);
            case "status" -> {
                if (!kind.status() || request.method().equals("DELETE")) {
                    throw Target.unknown();
                }
                object(request, kind, key, Part.STATUS, answers);
            }
            case "scale" -> scale(request, kind, key, answers);
            case "log" -> {
                refuseUnlessPod(key);
                logs.answer(request, key, answers);
            }
            case "eviction" -> {
                refuseUnlessPod(key);
                evict(request, key, answers);
            }
            case "exec", "attach", "portforward", "proxy" ->
                    throw new Refusal(
                            501,
                            "NotImplemented",
                            ("%s is not served: a pod on one machine is a process of this machine;"
                                            + " its ports are on 127.0.0.1")
                                    .formatted(subresource),
                            Json.Obj.EMPTY);
            default -> throw Target.unknown();
        }
    }

    private static void refuseUnlessPod(Key key) throws Refusal {
        if (!key.resource().equals(Resource.POD)) {
            throw Target.unknown();
        }
    }

    private void object(Request request, ServedKind kind, Key key, Part part, Answers answers)
            throws IOException, Refusal {
        var form = Views.Form.of(request);
        switch (request.method()) {
            case "GET" -> send(answers, 200, form, views.one(kind, found(key), form, true));
            case "PUT" -> {
                var next = writes.update(request, kind, key, part, answers);
                send(answers, 200, form, views.one(kind, next, form, true));
            }
            case "PATCH" -> {
                var next = writes.patch(request, kind, key, part, answers);
                send(
                        answers,
                        next.created() ? 201 : 200,
                        form,
                        views.one(kind, next.object(), form, true));
            }
            case "DELETE" -> answers.json(200, writes.delete(request, kind, key, answers));
            default -> throw notAllowed();
        }
    }

    private Json.Obj found(Key key) throws Refusal {
        return objects.get(key).orElseThrow(() -> Refusal.notFound(key.resource(), key.name()));
    }

    private void scale(Request request, ServedKind kind, Key key, Answers answers)
            throws IOException, Refusal {
        var scale =
                switch (request.method()) {
                    case "GET" -> scales.get(kind, key);
                    case "PUT" -> scales.update(request, kind, key, answers);
                    case "PATCH" -> scales.patch(request, kind, key, answers);
                    default -> throw notAllowed();
                };
        answers.json(200, scale);
    }

    private void evict(Request request, Key key, Answers answers) throws IOException, Refusal {
        if (!request.method().equals("POST")) {
            throw notAllowed();
        }
        var options = Body.optional(request).object("deleteOptions");
        var terms = Options.terms(request, options, false, answers);
        Deletion how = Options.deletion(request, options);
        objects.delete(key, how, terms);
        answers.json(
                201,
                Json.Obj.of(
                        "kind",
                        "Status",
                        "apiVersion",
                        "v1",
                        "metadata",
                        Json.Obj.EMPTY,
                        "status",
                        "Success",
                        "code",
                        201));
    }
}
