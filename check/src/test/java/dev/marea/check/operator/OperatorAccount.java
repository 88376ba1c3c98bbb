package dev.marea.check.operator;

import dev.marea.check.contract.ApiUnderTest;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The account that an operator has on a real cluster: the roles of the manifest that we ship and no
 * more, so that every suite there is a proof of least rights ({@code check/cluster/rights}).
 */
public final class OperatorAccount {
    private static final Path SHIPPED = Path.of("..", "charts", "install.yaml");
    private static final String SHIPPED_NAMESPACE = "marea-system";
    private static final String NAME = "marea-operator";
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
    private static final Set<String> RIGHTS =
            Set.of("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ServiceAccount");

    private final ApiUnderTest api;
    private final String namespace;

    private OperatorAccount(ApiUnderTest api, String namespace) {
        this.api = api;
        this.namespace = namespace;
    }

    /**
     * A kubeconfig of it; on one machine, where everybody may do everything, the test's own.
     *
     * @param namespace where the operator is installed; its rights end with it
     */
    public static Path kubeconfig(ApiUnderTest api, String namespace) throws IOException {
        if (api.isOurs()) {
            return api.kubeconfig();
        }
        var account = new OperatorAccount(api, namespace);
        account.grant();
        return account.written();
    }

    private void grant() throws IOException {
        var shipped = Files.readString(SHIPPED).replace(SHIPPED_NAMESPACE, namespace);
        for (var object : Yaml.read(shipped)) {
            var kind = object.text("kind").orElse("");
            if (RIGHTS.contains(kind) && isTheOperators(object)) {
                apply((Json.Obj) object, path(kind));
            }
        }
    }

    private static boolean isTheOperators(Json object) {
        return object.text("metadata", "name").filter(n -> n.endsWith("-operator")).isPresent();
    }

    private String path(String kind) {
        return switch (kind) {
            case "ServiceAccount" -> "/api/v1/namespaces/" + namespace + "/serviceaccounts/";
            case "Role" -> RBAC + "namespaces/" + namespace + "/roles/";
            case "RoleBinding" -> RBAC + "namespaces/" + namespace + "/rolebindings/";
            case "ClusterRole" -> RBAC + "clusterroles/";
            default -> RBAC + "clusterrolebindings/";
        };
    }

    private void apply(Json.Obj object, String path) {
        var owned =
                object.withAt(List.of("metadata", "ownerReferences"), Json.of(List.of(owner())));
        var name = object.text("metadata", "name").orElseThrow();
        expect(
                api.ask(
                        "PATCH",
                        path + name + "?fieldManager=suite&force=true",
                        "application/json",
                        APPLY,
                        text(owned)));
    }

    /** The namespace: what is cluster-wide goes with it too. */
    private Json.Obj owner() {
        var uid = api.get("/api/v1/namespaces/" + namespace).json().text("metadata", "uid");
        return Json.Obj.of(
                "apiVersion",
                "v1",
                "kind",
                "Namespace",
                "name",
                namespace,
                "uid",
                uid.orElseThrow());
    }

    private Path written() throws IOException {
        var config = (Json.Obj) Yaml.read(Files.readString(api.kubeconfig())).getFirst();
        var users =
                config.list("users").stream()
                        .map(u -> ((Json.Obj) u).with("user", Json.Obj.of("token", token())))
                        .toList();
        var file = Files.createTempFile("operator", ".kubeconfig");
        file.toFile().deleteOnExit();
        return Files.writeString(file, text(config.with("users", Json.of(users))));
    }

    private String token() {
        var path = "/api/v1/namespaces/%s/serviceaccounts/%s/token".formatted(namespace, NAME);
        var request = Json.Obj.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenRequest");
        var answer = api.ask("POST", path, "application/json", "application/json", text(request));
        expect(answer);
        return answer.json().text("status", "token").orElseThrow();
    }

    private static void expect(ApiUnderTest.Answer answer) {
        if (answer.status() >= 300) {
            throw new AssertionError(answer.text());
        }
    }

    private static String text(Json.Obj tree) {
        return new String(JsonWriter.bytes(tree), StandardCharsets.UTF_8);
    }
}
