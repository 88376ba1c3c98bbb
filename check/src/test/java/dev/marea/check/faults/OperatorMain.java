package dev.marea.check.faults;

import dev.marea.core.plan.Planner;
import dev.marea.kubernetes.Operator;
import dev.marea.kubernetes.OperatorSettings;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.reconcile.Addresses;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.kserve.OwnImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** What a replica of the operator's Deployment does, on the classpath of a test. */
final class OperatorMain {
    static final String LEADS = "this operator leads";

    private OperatorMain() {}

    /** Takes the kubeconfig, Marea's namespace and the pod's name. */
    public static void main(String[] arguments) throws IOException {
        var loops = EventLoops.open(1);
        var operator = Operator.start(settings(arguments, loops));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(operator::close));
        Thread.ofVirtual().start(() -> tellOnceItLeads(operator));
        System.out.println("lost: " + operator.lost().join());
        Runtime.getRuntime().halt(1);
    }

    private static OperatorSettings settings(String[] arguments, EventLoops loops) {
        return new OperatorSettings(
                Optional.of(Path.of(arguments[0])),
                new Addresses(
                        "http",
                        "localhost",
                        Addresses.DEFAULT_TEMPLATE,
                        OptionalInt.of(8080),
                        "http://127.0.0.1:8080"),
                Optional.of(
                        new Installation(
                                arguments[1], arguments[2], loops, 0, 0, Set.of(arguments[1]))),
                OwnImages.of("0.1.0"),
                Planner.DEFAULT,
                InstantSource.system());
    }

    private static void tellOnceItLeads(Operator operator) {
        while (!operator.leading()) {
            LockSupport.parkNanos(20_000_000);
        }
        System.out.println(LEADS);
    }
}
