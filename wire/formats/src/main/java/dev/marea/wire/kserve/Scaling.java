package dev.marea.wire.kserve;

import dev.marea.core.spec.Autoscaling;
import dev.marea.core.spec.Autoscaling.Metric;
import dev.marea.core.spec.Autoscaling.Scaler;
import dev.marea.core.spec.Scale;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.Annotations.Found;
import dev.marea.wire.text.Nearest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Who scales a predictor, by what, and between which bounds. A field wins over an annotation of the
 * predictor, that over one of the service, and Knative's annotations over KServe's two dead ones.
 */
record Scaling(
        Json.Obj predictor,
        String path,
        Annotations annotations,
        Problems problems,
        List<String> warnings) {
    private static final int REPLICAS_MAX = 1_000;
    private static final Map<String, Scaler> CLASSES =
            Map.of(
                    "hpa", Scaler.HPA,
                    "keda", Scaler.KEDA,
                    "external", Scaler.EXTERNAL,
                    "none", Scaler.NONE);
    private static final Map<String, Scaler> KNATIVE_CLASSES =
            Map.of(
                    "kpa.autoscaling.knative.dev", Scaler.MAREA,
                    "hpa.autoscaling.knative.dev", Scaler.HPA);

    /** Knative's annotations that we know; the others of its group have no effect here. */
    private static final List<String> HONOURED =
            List.of(
                    "min-scale",
                    "max-scale",
                    "target",
                    "metric",
                    "window",
                    "class",
                    "target-utilization-percentage",
                    "panic-window-percentage",
                    "panic-threshold-percentage",
                    "scale-to-zero-pod-retention-period",
                    "scale-down-delay",
                    "initial-scale",
                    "activation-scale");

    Scale scale() {
        int min = bound("minReplicas", "min-scale", 1);
        int max = bound("maxReplicas", "max-scale", 0);
        if (max != 0 && min > max) {
            problems.invalid(
                    path + ".minReplicas",
                    "is %d and more than maxReplicas, which is %d%s"
                            .formatted(
                                    min,
                                    max,
                                    predictor.has("minReplicas")
                                            ? ""
                                            : " (without minReplicas it is 1)"));
            return new Scale(min, 0);
        }
        return new Scale(min, max);
    }

    private int bound(String field, String annotation, int unset) {
        var annotated = annotations.knative(annotation);
        var given = predictor.integer(field);
        if (given.isPresent()) {
            annotated.ifPresent(a -> overruled(a, field));
            return (int) given.getAsLong();
        }
        return annotated
                .map(a -> (int) number(a, 0, REPLICAS_MAX, true).orElse(unset))
                .orElse(unset);
    }

    private void overruled(Found annotation, String field) {
        warnings.add("%s has no effect: %s.%s wins".formatted(annotation.field(), path, field));
    }

    Autoscaling autoscaling() {
        unknownAnnotations();
        var metric = metric();
        var scaler = scaler(metric);
        checkTogether(scaler, metric);
        return new Autoscaling(
                scaler,
                metric.orElse(scaler == Scaler.HPA ? Metric.CPU : Metric.CONCURRENCY),
                target(
                        metric.or(() ->
                                scaler == Scaler.HPA ? Optional.of(Metric.CPU) : Optional.empty())),
                percent("target-utilization-percentage", 1, 100),
                duration("window", Duration.ofSeconds(6), Duration.ofHours(1)),
                percent("panic-window-percentage", 1, 100),
                percent("panic-threshold-percentage", 110, 1000),
                duration("scale-to-zero-pod-retention-period", Duration.ZERO, Duration.ofHours(1)),
                duration("scale-down-delay", Duration.ZERO, Duration.ofHours(1)),
                count("initial-scale", 0, Autoscaling.DEFAULT_INITIAL_SCALE),
                count("activation-scale", 2, 0));
    }

    private Optional<Metric> metric() {
        var field = predictor.text("scaleMetric").or(() -> resource().text("name"));
        if (field.isPresent()) {
            annotations.knative("metric").ifPresent(a -> overruled(a, "scaleMetric"));
            return Optional.of(Metric.valueOf(field.get().toUpperCase(Locale.ROOT)));
        }
        return annotations
                .knative("metric")
                .or(() -> annotations.get(Annotations.DEAD_METRIC))
                .flatMap(this::metricOf)
                .or(() -> annotations.get(Annotations.DEAD_TARGET).map(_ -> Metric.CPU));
    }

    private Optional<Metric> metricOf(Found annotation) {
        var known = List.of("concurrency", "rps", "cpu", "memory");
        if (known.contains(annotation.value())) {
            return Optional.of(Metric.valueOf(annotation.value().toUpperCase(Locale.ROOT)));
        }
        unsupported(annotation, known);
        return Optional.empty();
    }

    /** The first processor or memory metric of {@code autoScaling}. */
    private Json.Obj resource() {
        return predictor.list("autoScaling", "metrics").stream()
                .filter(m -> m.text("type").filter("Resource"::equals).isPresent())
                .map(m -> m.object("resource"))
                .findFirst()
                .orElse(Json.Obj.EMPTY);
    }

    private Scaler scaler(Optional<Metric> metric) {
        return annotations
                .get(Annotations.AUTOSCALER_CLASS)
                .flatMap(a -> oneOf(a, CLASSES))
                .or(() -> annotations.knative("class").flatMap(a -> oneOf(a, KNATIVE_CLASSES)))
                .orElse(
                        metric.filter(Scaling::ofResources).isPresent()
                                ? Scaler.HPA
                                : Scaler.MAREA);
    }

    private static boolean ofResources(Metric metric) {
        return metric == Metric.CPU || metric == Metric.MEMORY;
    }

    private Optional<Scaler> oneOf(Found annotation, Map<String, Scaler> known) {
        var scaler = Optional.ofNullable(known.get(annotation.value()));
        if (scaler.isEmpty()) {
            unsupported(annotation, known.keySet().stream().sorted().toList());
        }
        return scaler;
    }

    private void unsupported(Found annotation, List<String> known) {
        problems.notSupported(
                annotation.field(),
                "\"%s\" is not one of %s%s"
                        .formatted(
                                annotation.value(),
                                String.join(", ", known),
                                Nearest.hint(annotation.value(), known)));
    }

    private void checkTogether(Scaler scaler, Optional<Metric> metric) {
        if (scaler == Scaler.HPA && metric.filter(m -> !ofResources(m)).isPresent()) {
            problems.invalid(
                    path + ".scaleMetric",
                    "a HorizontalPodAutoscaler scales by cpu or memory, not by %s; drop the annotation %s"
                            .formatted(
                                    metric.get().name().toLowerCase(Locale.ROOT),
                                    Annotations.AUTOSCALER_CLASS));
        }
        if (scaler == Scaler.MAREA && metric.filter(Scaling::ofResources).isPresent()) {
            problems.invalid(
                    path + ".scaleMetric",
                    "the autoscaler that is asked for scales by concurrency or rps, not by %s; drop the annotation autoscaling.knative.dev/class"
                            .formatted(metric.get().name().toLowerCase(Locale.ROOT)));
        }
        if (scaler == Scaler.KEDA && predictor.has("scaleMetric")) {
            problems.invalid(
                    path + ".scaleMetric",
                    "KEDA takes its metrics from autoScaling.metrics; move scaleMetric and scaleTarget there");
        }
        checkMetrics(scaler);
    }

    /** What the chosen autoscaler cannot scale by has no effect, and its author should know. */
    private void checkMetrics(Scaler scaler) {
        var others =
                predictor.list("autoScaling", "metrics").stream()
                        .flatMap(m -> m.text("type").stream())
                        .filter(type -> !type.equals("Resource"))
                        .distinct()
                        .toList();
        if (!others.isEmpty() && scaler != Scaler.KEDA) {
            warnings.add(
                    "%s.autoScaling.metrics: metrics of type %s have no effect without the annotation %s: keda"
                            .formatted(
                                    path,
                                    String.join(" and ", others),
                                    Annotations.AUTOSCALER_CLASS));
        }
        if ((scaler == Scaler.HPA || scaler == Scaler.KEDA)
                && predictor.integer("minReplicas").orElse(1) == 0) {
            warnings.add(
                    path
                            + ".minReplicas: 0 is taken as 1, for only Marea's own autoscaler can wake a service that sleeps");
        }
    }

    private OptionalDouble target(Optional<Metric> metric) {
        var field = predictor.integer("scaleTarget");
        if (field.isPresent()) {
            annotations.knative("target").ifPresent(a -> overruled(a, "scaleTarget"));
            return checked(field.getAsLong(), metric);
        }
        var utilization = resource().integer("target", "averageUtilization");
        if (utilization.isPresent()) {
            return checked(utilization.getAsLong(), metric);
        }
        return annotations
                .knative("target")
                .map(a -> number(a, 0.01, 1_000_000, false))
                .orElseGet(() ->
                        annotations
                                .get(Annotations.DEAD_TARGET)
                                .map(a -> number(a, 1, 100, false))
                                .orElse(OptionalDouble.empty()));
    }

    private OptionalDouble checked(long target, Optional<Metric> metric) {
        boolean percentage =
                predictor.text("scaleMetricType").orElse("Utilization").equals("Utilization");
        if (metric.filter(Metric.CPU::equals).isPresent() && percentage && target > 100) {
            problems.invalid(
                    path + ".scaleTarget",
                    "is a percentage of the requested cpu here, 1 to 100, was " + target);
        }
        return OptionalDouble.of((double) target);
    }

    private int count(String name, int min, int unset) {
        return annotations
                .knative(name)
                .map(a -> (int) number(a, min, REPLICAS_MAX, true).orElse(unset))
                .orElse(unset);
    }

    private OptionalDouble percent(String name, double min, double max) {
        return annotations
                .knative(name)
                .map(a -> number(a, min, max, false))
                .orElse(OptionalDouble.empty());
    }

    private OptionalDouble number(Found annotation, double min, double max, boolean whole) {
        double number;
        try {
            number = Double.parseDouble(annotation.value());
        } catch (NumberFormatException _) {
            number = Double.NaN;
        }
        if (!(number >= min && number <= max) || (whole && number != Math.rint(number))) {
            problems.invalid(
                    annotation.field(),
                    "must be a %s, %s to %s, was \"%s\""
                            .formatted(
                                    whole ? "whole number" : "number",
                                    plain(min),
                                    plain(max),
                                    annotation.value()));
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(number);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    private Optional<Duration> duration(String name, Duration min, Duration max) {
        var annotation = annotations.knative(name);
        if (annotation.isEmpty()) {
            return Optional.empty();
        }
        var duration =
                GoDuration.parse(annotation.get().value())
                        .filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0);
        if (duration.isEmpty()) {
            problems.invalid(
                    annotation.get().field(),
                    "must be a duration such as 60s or 1m30s, %ds to %ds, was \"%s\""
                            .formatted(min.toSeconds(), max.toSeconds(), annotation.get().value()));
        }
        return duration;
    }

    private void unknownAnnotations() {
        for (var annotation : annotations.all()) {
            var key = annotation.getKey();
            if (!key.startsWith(Annotations.KNATIVE)) {
                continue;
            }
            var name = key.substring(Annotations.KNATIVE.length());
            if (HONOURED.stream()
                    .noneMatch(h -> h.equals(name) || Annotations.camelCase(h).equals(name))) {
                warnings.add(
                        annotation.getValue().field()
                                + " has no effect"
                                + Nearest.hint(name, HONOURED));
            }
        }
    }
}
