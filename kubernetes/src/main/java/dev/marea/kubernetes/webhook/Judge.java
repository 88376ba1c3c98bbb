package dev.marea.kubernetes.webhook;

import dev.marea.wire.admission.Admission;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.admission.InferenceServiceAdmission;
import dev.marea.wire.admission.KnownContainers;
import dev.marea.wire.admission.KnownRuntimes;
import dev.marea.wire.admission.ModelCacheAdmission;
import dev.marea.wire.admission.NodeGroupAdmission;
import dev.marea.wire.admission.PodProfile;
import dev.marea.wire.admission.PodSecurity;
import dev.marea.wire.admission.References;
import dev.marea.wire.admission.References.Reference;
import dev.marea.wire.admission.References.Target;
import dev.marea.wire.admission.ServingRuntimeAdmission;
import dev.marea.wire.admission.StorageContainerAdmission;
import dev.marea.wire.admission.TrainedModelAdmission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges manifests of our kinds: by the rules that hold on one machine too, and as their author,
 * who must not reach by us what they cannot reach without us. It changes nothing, so a dry run is
 * judged like any other.
 */
final class Judge {
    private static final String GROUP = "serving.kserve.io";
    private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

    private final Map<String, Admission> rules;
    private final AuthorsRights rights;
    private final Profiles profiles;
    private final Supplier<Optional<String>> rival;
    private final Stores stores;

    /** How models are fetched. */
    interface Stores extends KnownContainers {
        /** The names of the Secrets of an account. */
        List<String> secretsOf(String namespace, String account) throws IOException;
    }

    /** What the pods of a namespace may ask for. */
    @FunctionalInterface
    interface Profiles {
        PodProfile in(String namespace) throws IOException;
    }

    /**
     * @param rival who serves this cluster in our place; then nothing is ours to refuse
     */
    Judge(
            KnownRuntimes runtimes,
            Stores stores,
            AuthorsRights rights,
            Profiles profiles,
            Supplier<Optional<String>> rival) {
        this.stores = stores;
        this.rights = rights;
        this.profiles = profiles;
        this.rival = rival;
        var runtime = new ServingRuntimeAdmission(runtimes);
        rules =
                Map.of(
                        "InferenceService",
                        new InferenceServiceAdmission(false, stores),
                        "TrainedModel",
                        new TrainedModelAdmission(false),
                        "ServingRuntime",
                        runtime,
                        "ClusterServingRuntime",
                        runtime,
                        "ClusterStorageContainer",
                        new StorageContainerAdmission(),
                        "LocalModelCache",
                        new ModelCacheAdmission(false),
                        "LocalModelNamespaceCache",
                        new ModelCacheAdmission(false),
                        "LocalModelNodeGroup",
                        new NodeGroupAdmission());
    }

    Judgement judge(Review review) {
        var rule = rules.get(review.kind());
        if (!review.group().equals(GROUP) || rule == null || !review.stores()) {
            return new Judgement.Admitted(List.of());
        }
        var other = rival.get();
        if (other.isPresent()) {
            return new Judgement.Admitted(List.of(other.get()));
        }
        try {
            return judge(review, rule);
        } catch (IOException unknown) {
            return unknown(review, unknown);
        } catch (UncheckedIOException unknown) {
            return unknown(review, unknown);
        }
    }

    private Judgement judge(Review review, Admission rule) throws IOException {
        var verdict = rule.review(review.before(), review.after());
        var invalid = new ArrayList<>(verdict.errors());
        // What is cluster-wide was written by an administrator, for no namespace in particular.
        boolean tenants = !review.namespace().isEmpty();
        if (tenants) {
            invalid.addAll(podSecurity(review));
        }
        if (!invalid.isEmpty()) {
            return new Judgement.Invalid(invalid, verdict.warnings());
        }
        var lacking = tenants ? lacking(review) : List.<FieldError>of();
        return lacking.isEmpty()
                ? new Judgement.Admitted(verdict.warnings())
                : new Judgement.Forbidden(lacking, verdict.warnings());
    }

    /** A namespace's profile is looked up only for what not every namespace allows. */
    private List<FieldError> podSecurity(Review review) throws IOException {
        if (added(review, PodProfile.RESTRICTED).isEmpty()) {
            return List.of();
        }
        return added(review, profiles.in(review.namespace()));
    }

    /** What stood there before is not the author's of this change. */
    private static List<FieldError> added(Review review, PodProfile profile) {
        var errors = new ArrayList<>(PodSecurity.check(review.after(), profile));
        errors.removeAll(
                review.before()
                        .map(before -> PodSecurity.check(before, profile))
                        .orElse(List.of()));
        return errors;
    }

    private List<FieldError> lacking(Review review) throws IOException {
        var added = new ArrayList<>(References.added(review.before(), review.after()));
        added.addAll(ofDefaultAccount(review));
        if (added.isEmpty()) {
            return List.of();
        }
        var lacking = rights.lacking(review.author(), review.namespace(), added);
        if (!lacking.isEmpty()) {
            LOG.warn(
                    "{} {}/{} is refused: {}",
                    review.kind(),
                    review.namespace(),
                    review.name(),
                    printable(lacking.getFirst().field() + ": " + lacking.getFirst().message()));
        }
        return lacking;
    }

    /**
     * Every pod may run as the default account, but not everybody may use its Secrets: a model that
     * is fetched with them is a use.
     */
    private List<Reference> ofDefaultAccount(Review review) throws IOException {
        var fields = References.fetchedByDefault(review.after());
        fields.removeAll(review.before().map(References::fetchedByDefault).orElse(Set.of()));
        if (fields.isEmpty()) {
            return List.of();
        }
        return stores.secretsOf(review.namespace(), References.DEFAULT_ACCOUNT).stream()
                .map(name -> new Reference(Target.SECRET, name, fields.iterator().next().field()))
                .toList();
    }

    private static Judgement unknown(Review review, Exception why) {
        LOG.warn(
                "{} {}/{} cannot be judged: {}",
                review.kind(),
                review.namespace(),
                review.name(),
                why.getMessage());
        return new Judgement.Unknown(
                "it cannot be judged now, as Marea's operator has no answer from the API ("
                        + why.getMessage()
                        + "); try again");
    }

    /** A user's name may hold anything. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
