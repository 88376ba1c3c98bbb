package dev.marea.local.controllers;

import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Time;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** All controllers of one machine, started together; each looks at a key when something moved. */
public final class Controllers implements AutoCloseable {
    private final List<Controller> running = new ArrayList<>();

    private Controllers() {}

    /**
     * @param served every kind that the API serves, so that owners of any kind are known
     */
    public static Controllers start(Objects objects, Collection<Resource> served, Time time) {
        var tools = Tools.of(objects, time);
        var all = new Controllers();
        all.begin(new ServiceAccounts(tools));
        all.begin(new Deployments(tools));
        all.begin(new ReplicaSets(tools));
        all.begin(new EndpointSlices(tools));
        all.begin(new Garbage(tools, served));
        return all;
    }

    private void begin(Controller controller) {
        running.add(controller);
        controller.start();
    }

    @Override
    public void close() {
        running.reversed().forEach(Controller::close);
    }
}
