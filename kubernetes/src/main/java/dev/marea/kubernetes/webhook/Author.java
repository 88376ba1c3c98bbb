package dev.marea.kubernetes.webhook;

import dev.marea.wire.json.Json;

/**
 * Who asks for a change, as the API server knows them.
 *
 * @param user name, uid, groups and extra as they came
 */
record Author(Json.Obj user) {
    String name() {
        return user.text("username").orElse("");
    }

    /** The question whether they may do something in a namespace. */
    Json.Obj mayI(String namespace, Right right) {
        var attributes =
                Json.Obj.of(
                        "namespace", namespace,
                        "verb", right.verb(),
                        "group", right.group(),
                        "resource", right.resource());
        var named =
                right.name().isEmpty()
                        ? attributes
                        : attributes.with("name", Json.of(right.name()));
        var spec = Json.Obj.of("user", name(), "resourceAttributes", named);
        for (var field : new String[] {"uid", "groups", "extra"}) {
            var value = user.at(field);
            spec = value.isPresent() ? spec.with(field, value.get()) : spec;
        }
        return Json.Obj.of(
                "apiVersion",
                "authorization.k8s.io/v1",
                "kind",
                "SubjectAccessReview",
                "spec",
                spec);
    }

    /**
     * @param name of one object; empty for any
     */
    record Right(String verb, String group, String resource, String name) {
        @Override
        public String toString() {
            return verb
                    + " "
                    + resource
                    + (group.isEmpty() ? "" : "." + group)
                    + (name.isEmpty() ? "" : "/" + name);
        }
    }
}
