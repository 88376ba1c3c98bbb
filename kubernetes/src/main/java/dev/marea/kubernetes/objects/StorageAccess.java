package dev.marea.kubernetes.objects;

import dev.marea.wire.kserve.FetchTerms.Told;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the steps that fetch for an account may use. Only names and annotations: the operator never
 * sees what a Secret holds.
 *
 * @param secrets that are mounted into these steps and nowhere else
 * @param account its annotations that speak of stores
 */
public record StorageAccess(List<Named> secrets, Map<String, String> account) {
    public static final StorageAccess NONE = new StorageAccess(List.of(), Map.of());

    /** A pod has room for more volumes, but no account has reason for more. */
    private static final int SECRETS_MAX = 16;

    /** Tokens of accounts, from before Kubernetes 1.24. */
    private static final Pattern TOKEN = Pattern.compile(".*-token-[a-z0-9]{5}");

    private static final Pattern STORE =
            Pattern.compile("serving\\.kserve\\.io/s3-.*|eks\\.amazonaws\\.com/role-arn");

    /** A Secret and those of its annotations that speak of stores. */
    public record Named(String name, Map<String, String> annotations) {
        public Named {
            annotations = ofStores(annotations);
        }
    }

    public StorageAccess {
        secrets =
                secrets.stream()
                        .filter(secret -> !TOKEN.matcher(secret.name()).matches())
                        .limit(SECRETS_MAX)
                        .toList();
        account = ofStores(account);
    }

    private static Map<String, String> ofStores(Map<String, String> annotations) {
        var some = new LinkedHashMap<>(annotations);
        some.keySet().removeIf(key -> !STORE.matcher(key).matches());
        return Map.copyOf(some);
    }

    Told told() {
        var said = new LinkedHashMap<String, Map<String, String>>();
        secrets.forEach(secret -> said.put(secret.name(), secret.annotations()));
        return new Told(said, account);
    }
}
