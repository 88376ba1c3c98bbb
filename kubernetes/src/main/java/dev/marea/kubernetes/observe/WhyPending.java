package dev.marea.kubernetes.observe;

import dev.marea.kubernetes.observe.Node.Taint;
import dev.marea.wire.json.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Says in one sentence why no node takes a pod, and what to do. The scheduler counts nodes by the
 * first reason that it met on each; a person wants to know which one to remove.
 *
 * @param nodes all nodes of the cluster
 * @param taken who has how much of a device, in thousandths; asked only where all are taken
 */
record WhyPending(List<Node> nodes, Takers taken) {
    private static final int NAMED_MAX = 3;

    /** Taints that Kubernetes sets itself; to tolerate them is no way out. */
    private static final String OF_KUBERNETES = "node.kubernetes.io/";

    private static final String CORDONED = OF_KUBERNETES + "unschedulable";

    /** Who has a device on these nodes: the service or pod, and how much. */
    @FunctionalInterface
    interface Takers {
        Map<String, Long> of(String resource, List<String> nodes);
    }

    /** Empty if nothing is known that the scheduler has not said better. */
    Optional<String> explain(Json pod) {
        if (nodes.isEmpty()) {
            return Optional.empty();
        }
        var demand = Demand.of(pod);
        var device =
                demand.milli().entrySet().stream()
                        .filter(d -> Demand.isDevice(d.getKey()) && d.getValue() > 0)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .findFirst();
        return device.isPresent()
                ? Optional.of(device(device.get(), demand, new Selection(pod)))
                : plain(demand, new Selection(pod));
    }

    private String device(String resource, Demand demand, Selection selection) {
        var with = nodes.stream().filter(n -> n.offers(resource)).toList();
        if (with.isEmpty()) {
            return unoffered(resource);
        }
        var selected = with.stream().filter(selection::admits).toList();
        if (selected.isEmpty()) {
            return "no node that has %s (%s) matches the pod's %s"
                    .formatted(resource, names(with), selection.told());
        }
        var open = selected.stream().filter(n -> selection.untolerated(n).isEmpty()).toList();
        if (open.isEmpty()) {
            return tainted("the nodes with " + resource, selected, selection);
        }
        long wanted = demand.of(resource);
        var large = open.stream().filter(n -> n.allocatable().of(resource) >= wanted).toList();
        if (large.isEmpty()) {
            return "the pod asks for %s %s and no node has more than %s; ask for fewer, or spread the model over several nodes"
                    .formatted(
                            Demand.told(resource, wanted),
                            resource,
                            Demand.told(resource, most(open, resource)));
        }
        return tooSmall(demand, large, resource).orElseGet(() -> allTaken(resource, wanted, large));
    }

    private String unoffered(String resource) {
        var hidden = nodes.stream().filter(n -> n.hides(resource)).toList();
        if (!hidden.isEmpty()) {
            return "node %s has a GPU but offers no %s: its driver or device plugin is missing or not healthy"
                    .formatted(names(hidden), resource);
        }
        var relatives = new TreeSet<String>();
        nodes.forEach(
                n -> n.relatives(resource).forEach(r -> relatives.add(r + " on " + n.name())));
        if (!relatives.isEmpty()) {
            return "no node offers %s; there is %s"
                    .formatted(
                            resource,
                            relatives.stream().limit(NAMED_MAX).collect(Collectors.joining(", ")));
        }
        return "no node of this cluster has %s; add one, or ask for less in resources"
                .formatted(resource);
    }

    private String allTaken(String resource, long wanted, List<Node> large) {
        var takers = taken.of(resource, large.stream().map(Node::name).toList());
        long all = large.stream().mapToLong(n -> n.allocatable().of(resource)).sum();
        long used = takers.values().stream().mapToLong(Long::longValue).sum();
        var who =
                takers.entrySet().stream()
                        .sorted(
                                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .limit(NAMED_MAX)
                        .map(t -> t.getKey() + " " + Demand.told(resource, t.getValue()))
                        .collect(Collectors.joining(", "));
        var by = who.isEmpty() ? "" : " (by " + who + ")";
        return used >= all
                ? "all %s %s are taken%s; stop or shrink another service, or add a node"
                        .formatted(Demand.told(resource, all), resource, by)
                : "the pod asks for %s %s on one node and no node has so many free%s"
                        .formatted(Demand.told(resource, wanted), resource, by);
    }

    private Optional<String> plain(Demand demand, Selection selection) {
        var selected = nodes.stream().filter(selection::admits).toList();
        if (selected.isEmpty()) {
            return Optional.of(
                    "no node matches the pod's %s; the nodes are %s"
                            .formatted(selection.told(), names(nodes)));
        }
        var open = selected.stream().filter(n -> selection.untolerated(n).isEmpty()).toList();
        return open.isEmpty()
                ? Optional.of(
                        tainted(
                                selected.size() == nodes.size()
                                        ? "all nodes"
                                        : "the nodes that it selects",
                                selected,
                                selection))
                : tooSmall(demand, open, "");
    }

    /** Something that could never fit, even if the nodes were empty. */
    private static Optional<String> tooSmall(Demand demand, List<Node> open, String but) {
        return demand.milli().entrySet().stream()
                .filter(d -> !d.getKey().equals(but))
                .filter(d -> most(open, d.getKey()) < d.getValue())
                .map(d ->
                        "the pod asks for %s %s and the largest node it may run on has %s; lower resources.requests or add a larger node"
                                .formatted(
                                        Demand.told(d.getKey(), d.getValue()),
                                        d.getKey(),
                                        Demand.told(d.getKey(), most(open, d.getKey()))))
                .sorted()
                .findFirst();
    }

    private static String tainted(String which, List<Node> nodes, Selection selection) {
        Set<String> taints =
                nodes.stream()
                        .flatMap(n -> selection.untolerated(n).stream())
                        .map(Taint::toString)
                        .collect(Collectors.toCollection(TreeSet::new));
        var named = "%s (%s)".formatted(which, names(nodes));
        if (taints.stream().allMatch(t -> t.startsWith(CORDONED))) {
            return named + " are cordoned; kubectl uncordon lets them take pods again";
        }
        if (taints.stream().allMatch(t -> t.startsWith(OF_KUBERNETES))) {
            return "%s take no pods now: %s".formatted(named, String.join(" and ", taints));
        }
        return "%s are tainted %s; add a toleration to spec.predictor.tolerations"
                .formatted(named, String.join(" and ", taints));
    }

    private static long most(List<Node> nodes, String resource) {
        return nodes.stream().mapToLong(n -> n.allocatable().of(resource)).max().orElse(0);
    }

    private static String names(List<Node> nodes) {
        var first =
                nodes.stream()
                        .map(Node::name)
                        .sorted()
                        .limit(NAMED_MAX)
                        .collect(Collectors.joining(", "));
        int more = nodes.size() - NAMED_MAX;
        return more > 0 ? first + " and " + more + " more" : first;
    }
}
