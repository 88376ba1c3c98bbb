package dev.marea.local.rest;

import dev.marea.local.api.Catalog;
import dev.marea.local.discovery.Offer;
import dev.marea.local.objects.Refusal;
import dev.marea.wire.http.Request;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What {@code kubectl auth} asks: the holder of the token may do everything that is served. */
final class Reviews {
    static final String AUTHORIZATION = "/apis/authorization.k8s.io/v1/";
    static final String AUTHENTICATION = "/apis/authentication.k8s.io/v1/";
    private static final String USER = "marea-admin";
    private static final List<String> GROUPS = List.of("system:masters", "system:authenticated");

    private final Catalog catalog;

    Reviews(Catalog catalog) {
        this.catalog = catalog;
    }

    static List<Offer> offers() {
        return List.of(
                offer(
                        "authorization.k8s.io",
                        "selfsubjectaccessreviews",
                        "SelfSubjectAccessReview"),
                offer("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
                offer("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"));
    }

    private static Offer offer(String group, String plural, String kind) {
        return new Offer(
                group,
                "v1",
                plural,
                kind.toLowerCase(Locale.ROOT),
                kind,
                false,
                List.of("create"),
                List.of(),
                List.of(),
                List.of());
    }

    /** Empty if the path is none of theirs. */
    Optional<Json.Obj> answer(Request request) throws Refusal {
        return switch (request.path()) {
            case AUTHORIZATION + "selfsubjectaccessreviews" ->
                    Optional.of(access(created(request)));
            case AUTHORIZATION + "selfsubjectrulesreviews" -> Optional.of(rules(created(request)));
            case AUTHENTICATION + "selfsubjectreviews" ->
                    Optional.of(
                            created(request)
                                    .with(
                                            "status",
                                            Json.Obj.of(
                                                    "userInfo",
                                                    Json.Obj.of(
                                                            "username", USER, "groups", GROUPS))));
            default -> Optional.empty();
        };
    }

    private static Json.Obj created(Request request) throws Refusal {
        if (!request.method().equals("POST")) {
            throw Refusal.methodNotAllowed(
                    "the server does not allow this method on the requested resource");
        }
        return Body.object(request);
    }

    private Json.Obj access(Json.Obj review) {
        var asked = review.object("spec", "resourceAttributes");
        var resource = asked.text("resource").orElse("*");
        var group = asked.text("group").orElse("");
        boolean served =
                resource.equals("*")
                        || review.at("spec", "nonResourceAttributes").isPresent()
                        || catalog.kinds().stream()
                                .map(kind -> kind.resource())
                                .anyMatch(r ->
                                        r.plural().equals(resource)
                                                && Set.of("*", r.group()).contains(group));
        var status = Json.Obj.of("allowed", served);
        return review.with(
                "status",
                served
                        ? status
                        : status.with(
                                "reason",
                                Json.of(
                                        "one machine does not serve %s%s"
                                                .formatted(
                                                        resource,
                                                        group.isEmpty() ? "" : "." + group))));
    }

    private static Json.Obj rules(Json.Obj review) {
        var all = List.of("*");
        return review.with(
                "status",
                Json.Obj.of(
                        "resourceRules",
                        List.of(Json.Obj.of("verbs", all, "apiGroups", all, "resources", all)),
                        "nonResourceRules",
                        List.of(Json.Obj.of("verbs", all, "nonResourceURLs", all)),
                        "incomplete",
                        false));
    }
}
