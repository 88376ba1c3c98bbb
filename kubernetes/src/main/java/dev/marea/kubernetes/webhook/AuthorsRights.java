package dev.marea.kubernetes.webhook;

import dev.marea.kubernetes.webhook.Author.Right;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.admission.References.Reference;
import dev.marea.wire.admission.References.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Whether an author may use what a manifest refers to. Two ways lead there: they may read the
 * object itself (or act as the service account), or they may use it without us, because they may
 * make pods of their own, which mount anything in their namespace.
 */
final class AuthorsRights {
    static final int REFERENCES_MAX = 64;

    private static final long DEADLINE_MILLIS = 3_000;

    /** An API server serves 250 streams a connection, and others need some. */
    private static final int QUESTIONS_AT_ONCE = 64;

    private static final Right PODS = new Right("create", "", "pods", "");
    private static final Right SCALED_OBJECTS = new Right("create", "keda.sh", "scaledobjects", "");

    private final Questions questions;
    private final Semaphore room = new Semaphore(QUESTIONS_AT_ONCE);

    /** A SubjectAccessReview. */
    @FunctionalInterface
    interface Questions {
        boolean allowed(Author author, String namespace, Right right) throws IOException;
    }

    AuthorsRights(Questions questions) {
        this.questions = questions;
    }

    /** What the author lacks; asking in vain is an exception, never a yes. */
    List<FieldError> lacking(Author author, String namespace, List<Reference> references)
            throws IOException {
        if (references.size() > REFERENCES_MAX) {
            return List.of(
                    FieldError.invalid(
                            references.get(REFERENCES_MAX).field(),
                            "is the %dth object that is referred to, at most %d are taken"
                                    .formatted(REFERENCES_MAX + 1, REFERENCES_MAX)));
        }
        var lacking = new ArrayList<FieldError>();
        for (var group : byDetour(references).entrySet()) {
            if (!questions.allowed(author, namespace, group.getKey())) {
                lacking.addAll(lacking(author, namespace, group.getKey(), group.getValue()));
            }
        }
        return lacking;
    }

    /** References by the right that makes asking for each of them needless. */
    private static Map<Right, List<Reference>> byDetour(List<Reference> references) {
        var groups = new LinkedHashMap<Right, List<Reference>>();
        for (var reference : references) {
            var detour =
                    switch (reference.target()) {
                        case SECRET, CONFIG_MAP, CLAIM, SERVICE_ACCOUNT, RESOURCE_CLAIM -> PODS;
                        case TRIGGER_AUTHENTICATION -> SCALED_OBJECTS;
                    };
            groups.computeIfAbsent(detour, _ -> new ArrayList<>()).add(reference);
        }
        return groups;
    }

    private List<FieldError> lacking(
            Author author, String namespace, Right detour, List<Reference> references)
            throws IOException {
        var tasks = new ArrayList<Callable<Boolean>>();
        references.forEach(r -> tasks.add(() -> ask(author, namespace, right(r))));
        var lacking = new ArrayList<FieldError>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(tasks, DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
            for (int i = 0; i < answers.size(); i++) {
                if (!answers.get(i).get()) {
                    lacking.add(error(author, namespace, detour, references.get(i)));
                }
            }
            return lacking;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException known ? known : new IOException(failed);
        } catch (CancellationException late) {
            throw new IOException("the API gave no answer in " + DEADLINE_MILLIS + " ms", late);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking for rights", stopped);
        }
    }

    private boolean ask(Author author, String namespace, Right right)
            throws IOException, InterruptedException {
        room.acquire();
        try {
            return questions.allowed(author, namespace, right);
        } finally {
            room.release();
        }
    }

    private static Right right(Reference reference) {
        var target = reference.target();
        var verb = target == Target.SERVICE_ACCOUNT ? "impersonate" : "get";
        return new Right(verb, target.group(), target.plural(), reference.name());
    }

    private static FieldError error(
            Author author, String namespace, Right detour, Reference reference) {
        return new FieldError(
                reference.field(),
                "FieldValueForbidden",
                "%s may neither %s nor %s in namespace %s, so a service of theirs may not use it"
                        .formatted(author.name(), right(reference), detour, namespace));
    }
}
