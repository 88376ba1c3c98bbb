package dev.marea.core.route;

import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.ServiceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The language models of a table by the names that requests give them: {@code model}, or {@code
 * namespace/model} where two services have models of one name.
 */
public final class ModelNames {
    public static final ModelNames EMPTY = of(RouteTable.EMPTY);

    /** What a name leads to. */
    public sealed interface Match {
        /**
         * One service.
         *
         * @param served what its engine calls the model
         */
        record Found(Route route, String served) implements Match {}

        record NoSuchModel() implements Match {}

        /** The name alone does not say which. */
        record Several(List<ServiceId> services) implements Match {}
    }

    private final Map<String, List<Match.Found>> byName;
    private final List<Listed> listed;

    /** A model as a list of all models names it. */
    public record Listed(String id, ServiceId service) {}

    private ModelNames(Map<String, List<Match.Found>> byName, List<Listed> listed) {
        this.byName = byName;
        this.listed = listed;
    }

    public static ModelNames of(RouteTable table) {
        return of(table.routes());
    }

    public static ModelNames of(List<Route> routes) {
        var byName = new HashMap<String, List<Match.Found>>();
        for (var route : routes) {
            for (var model : route.models()) {
                var found = new Match.Found(route, model);
                byName.computeIfAbsent(model, _ -> new ArrayList<>()).add(found);
                byName.computeIfAbsent(full(route, model), _ -> new ArrayList<>()).add(found);
            }
        }
        var listed = new ArrayList<Listed>();
        for (var route : routes) {
            for (var model : route.models()) {
                boolean alone = byName.getOrDefault(model, List.of()).size() == 1;
                listed.add(new Listed(alone ? model : full(route, model), route.service()));
            }
        }
        return new ModelNames(byName, List.copyOf(listed));
    }

    private static String full(Route route, String model) {
        return route.service().namespace() + "/" + model;
    }

    public Match find(String name) {
        var found = byName.getOrDefault(name, List.of());
        return switch (found.size()) {
            case 0 -> new Match.NoSuchModel();
            case 1 -> found.getFirst();
            default -> new Match.Several(found.stream().map(one -> one.route().service()).toList());
        };
    }

    /** Every model by the shortest name that leads to it. */
    public List<Listed> all() {
        return listed;
    }
}
