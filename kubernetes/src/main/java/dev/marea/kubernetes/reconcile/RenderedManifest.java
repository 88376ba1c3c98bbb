package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Asked;
import dev.marea.core.plan.RuntimeChoice;
import dev.marea.core.plan.RuntimeSelection;
import dev.marea.core.plan.ServiceStatus.RuntimeRef;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Workload;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.PodSettings;
import dev.marea.kubernetes.objects.Rendered;
import dev.marea.kubernetes.objects.RuntimeTree;
import dev.marea.kubernetes.objects.StorageMeans;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.objects.Unrenderable;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.Manifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a manifest asks for, rendered.
 *
 * @param rendered by identity, for revisions that may have to be created
 */
record RenderedManifest(Asked asked, Map<String, Rendered> rendered) {

    /**
     * Chooses runtimes and renders pods.
     *
     * @param kept the service's ControllerRevisions
     * @param storage with what its models are fetched
     */
    static RenderedManifest of(
            Manifest manifest,
            Subject subject,
            Collection<KnownRuntime> runtimes,
            List<Json.Obj> kept,
            PodSettings settings,
            StorageMeans storage) {
        return new Renderer(subject, runtimes, kept, settings, storage).render(manifest);
    }

    static RenderedManifest unfit(Asked.Unfit why) {
        return new RenderedManifest(why, Map.of());
    }

    /** Whether it asks for a revision that is not among those kept. */
    boolean asksForNew(List<Json.Obj> kept) {
        var known = kept.stream().flatMap(r -> identity(r).stream()).collect(Collectors.toSet());
        return !known.containsAll(rendered.keySet());
    }

    private static Optional<String> identity(Json.Obj revision) {
        return revision.text("metadata", "annotations", Names.IDENTITY);
    }

    private record Renderer(
            Subject subject,
            Collection<KnownRuntime> runtimes,
            List<Json.Obj> kept,
            PodSettings settings,
            StorageMeans storage) {

        RenderedManifest render(Manifest manifest) {
            try {
                return rendered(manifest);
            } catch (NoRuntime none) {
                return unfit(Asked.Unfit.of(none.why));
            } catch (Unrenderable odd) {
                return unfit(new Asked.Unfit(odd.reason(), odd.why()));
            }
        }

        private RenderedManifest rendered(Manifest manifest) throws NoRuntime, Unrenderable {
            var service = manifest.service();
            var rendered = new HashMap<String, Rendered>();
            var stable = render(service.predictor(), manifest.predictor());
            var stableIdentity = settled(stable);
            rendered.put(stableIdentity, stable);
            var candidates = new ArrayList<Asked.Candidate>();
            for (int i = 0; i < manifest.candidates().size(); i++) {
                candidates.add(
                        candidate(
                                service.candidates().get(i),
                                manifest.candidates().get(i),
                                rendered));
            }
            var runtime = stable.runtime().map(r -> new RuntimeRef(r.name(), r.clusterWide()));
            return new RenderedManifest(
                    new Asked.Fit(stableIdentity, candidates, runtime), rendered);
        }

        /** A named canary that cannot run takes nobody with it. */
        private Asked.Candidate candidate(
                Rollout.Candidate candidate, Json.Obj tree, Map<String, Rendered> rendered)
                throws NoRuntime, Unrenderable {
            try {
                var beside = render(candidate.component(), tree);
                var identity = settled(beside);
                rendered.putIfAbsent(identity, beside);
                return new Asked.Identity(identity);
            } catch (NoRuntime none) {
                if (candidate.name().isPresent()) {
                    return Asked.Unfit.of(none.why);
                }
                throw none;
            } catch (Unrenderable odd) {
                if (candidate.name().isPresent()) {
                    return new Asked.Unfit(odd.reason(), odd.why());
                }
                throw odd;
            }
        }

        private Rendered render(Component component, Json.Obj tree) throws NoRuntime, Unrenderable {
            return Rendered.of(
                    subject, component.workload(), tree, runtime(component), settings, storage);
        }

        private Optional<RuntimeTree> runtime(Component component) throws NoRuntime {
            if (!(component.workload() instanceof Workload.Model model)) {
                return Optional.empty();
            }
            var known = runtimes.stream().map(r -> r.manifest().runtime()).toList();
            return switch (RuntimeSelection.choose(model, subject.namespace(), known)) {
                case RuntimeChoice.NoneFits none -> throw new NoRuntime(none);
                case RuntimeChoice.Chosen(var chosen) ->
                        runtimes.stream()
                                .filter(r -> r.manifest().runtime().equals(chosen))
                                .findFirst()
                                .map(KnownRuntime::tree);
            };
        }

        /** Where its author forbids it, a change of the runtime alone makes no revision. */
        private String settled(Rendered rendered) {
            if (!"true".equals(subject.annotations().get(Names.NO_AUTO_UPDATE))) {
                return rendered.identity();
            }
            return kept.reversed().stream()
                    .filter(r ->
                            r.text("metadata", "annotations", Names.ASKED)
                                    .filter(rendered.asked()::equals)
                                    .isPresent())
                    .flatMap(r -> identity(r).stream())
                    .findFirst()
                    .orElse(rendered.identity());
        }
    }

    private static final class NoRuntime extends Exception {
        private static final long serialVersionUID = 1;

        private final transient RuntimeChoice.NoneFits why;

        NoRuntime(RuntimeChoice.NoneFits why) {
            super(why.message());
            this.why = why;
        }
    }
}
