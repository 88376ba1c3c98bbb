package dev.marea.kubernetes.reconcile;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.StorageAccess;
import dev.marea.kubernetes.objects.StorageMeans;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.Manifest;
import dev.marea.wire.kserve.StorageContainer;
import dev.marea.wire.kserve.StorageScheme;
import dev.marea.wire.kserve.StorageUri;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Finds out what an account offers to those who fetch for it: the names of its Secrets, and what
 * their annotations say. Of a Secret only the metadata is asked for, and where the API does not let
 * us have even that, its annotations are as good as absent.
 */
final class StorageReading {
    /** Rounds of one service follow each other closely. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    private static final int KEPT_MAX = 2_000;

    private final Api api;
    private final InstantSource clock;
    private final Map<Asked, Answer> answers = new ConcurrentHashMap<>();

    /**
     * @param secret named by the service, which stands for those of the account; empty for none
     */
    private record Asked(String namespace, String account, String secret) {}

    private record Answer(StorageAccess access, Instant until) {}

    StorageReading(Api api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
    }

    StorageMeans means(Subject subject, Manifest manifest, List<StorageContainer> containers)
            throws IOException {
        var accounts = new HashMap<String, StorageAccess>();
        var predictors =
                Stream.concat(Stream.of(manifest.predictor()), manifest.candidates().stream())
                        .filter(StorageReading::fetches)
                        .toList();
        for (var predictor : predictors) {
            var account = StorageMeans.account(predictor);
            var secret = subject.annotations().getOrDefault(Names.STORAGE_SECRET, "");
            var asked = new Asked(subject.namespace(), account, secret);
            accounts.put(account, access(asked));
        }
        return new StorageMeans(containers, accounts);
    }

    /** Models that lie where a pod can mount them need nobody's credentials. */
    private static boolean fetches(Json.Obj predictor) {
        var written = StorageUri.written(predictor, "");
        return written.isEmpty()
                || written.stream()
                        .anyMatch(w ->
                                !(StorageScheme.of(w.uri())
                                                instanceof StorageScheme.Served(var source))
                                        || source.fetched());
    }

    private StorageAccess access(Asked asked) throws IOException {
        var now = clock.instant();
        var known = answers.get(asked);
        if (known != null && now.isBefore(known.until())) {
            return known.access();
        }
        var access = read(asked);
        if (answers.size() >= KEPT_MAX) {
            answers.values().removeIf(answer -> !now.isBefore(answer.until()));
        }
        answers.put(asked, new Answer(access, now.plus(KEPT)));
        return access;
    }

    private StorageAccess read(Asked asked) throws IOException {
        if (!asked.secret().isEmpty()) {
            return new StorageAccess(List.of(named(asked.namespace(), asked.secret())), Map.of());
        }
        var account = api.get(Kind.SERVICE_ACCOUNT, asked.namespace(), asked.account());
        if (account.isEmpty()) {
            return StorageAccess.NONE;
        }
        var secrets = new ArrayList<StorageAccess.Named>();
        for (var list : List.of("secrets", "imagePullSecrets")) {
            for (var reference : account.get().list(list)) {
                var name = reference.text("name").orElse("");
                if (!name.isEmpty() && secrets.stream().noneMatch(s -> s.name().equals(name))) {
                    secrets.add(named(asked.namespace(), name));
                }
            }
        }
        return new StorageAccess(secrets, annotations(account.get()));
    }

    private StorageAccess.Named named(String namespace, String secret) throws IOException {
        try {
            return new StorageAccess.Named(
                    secret,
                    api.metadataOf(Kind.SECRET, namespace, secret)
                            .map(StorageReading::annotations)
                            .orElse(Map.of()));
        } catch (ApiRefusal refused) {
            if (refused.forbidden()) {
                return new StorageAccess.Named(secret, Map.of());
            }
            throw refused;
        }
    }

    private static Map<String, String> annotations(Json.Obj object) {
        var texts = new HashMap<String, String>();
        object.object("metadata", "annotations")
                .fields()
                .forEach((key, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        texts.put(key, text);
                    }
                });
        return texts;
    }
}
