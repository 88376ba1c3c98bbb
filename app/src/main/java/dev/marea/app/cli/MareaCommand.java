package dev.marea.app.cli;

import dev.marea.app.home.Home;
import dev.marea.app.home.RunFile;
import dev.marea.app.platform.Version;
import dev.marea.kubernetes.client.KubeconfigCluster;
import dev.marea.wire.text.Nearest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root of the command line: what every verb shares. */
@Command(
        name = "marea",
        mixinStandardHelpOptions = true,
        version = "marea " + Version.CURRENT,
        description =
                "Serves machine-learning models from one manifest, on this machine or on Kubernetes.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  marea up                              start the platform and the samples",
            "  marea apply -f service.yaml           serve what the manifest says",
            "  marea get                             list the services",
            "  marea predict sklearn-iris -d '{\"instances\": [[6.8, 2.8, 4.8, 1.4]]}'",
            "  marea promote sklearn-iris            let the canary take all traffic",
            "",
            "Exit codes: 0 done, 1 failed (the reason is on standard error), 2 misused."
        },
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            ApplyCommand.class,
            GetCommand.class,
            DescribeCommand.class,
            DeleteCommand.class,
            PredictCommand.class,
            LogsCommand.class,
            TrafficCommand.class,
            PromoteCommand.class,
            ImportCommand.class,
            RollbackCommand.class,
            CacheCommand.class,
            PushCommand.class,
            DoctorCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class,
            TrainCommand.class,
            AgentCommand.class,
            OperatorCommand.class,
            GatewayCommand.class,
            FetchCommand.class
        })
public final class MareaCommand {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    @Option(
            names = "--home",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "Everything the platform keeps. Default: $$MAREA_HOME, else ~/.marea")
    private @org.jspecify.annotations.Nullable Path home;

    @Option(
            names = "--kubeconfig",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "The cluster to speak to. Default: the platform of --home")
    private @org.jspecify.annotations.Nullable Path kubeconfig;

    private final Environment environment;
    private final Console console;

    private MareaCommand(Environment environment, Console console) {
        this.environment = environment;
        this.console = console;
    }

    /** Runs one command line and returns its exit code. */
    public static int run(Environment environment, String... args) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        var command =
                new CommandLine(
                        new MareaCommand(
                                environment,
                                new Console(
                                        out, err, environment.terminal(), environment.color())));
        return command.setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(MareaCommand::misused)
                .setExecutionExceptionHandler((failure, line, _) -> failed(failure, line))
                .execute(args.length == 0 ? new String[] {"--help"} : args);
    }

    private static int misused(ParameterException wrong, String[] args) {
        var line = wrong.getCommandLine();
        line.getErr().println("error: " + advice(wrong, line));
        line.getErr().println("See `" + line.getCommandSpec().qualifiedName(" ") + " --help`.");
        return MISUSED;
    }

    private static String advice(ParameterException wrong, CommandLine line) {
        if (wrong instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            var word = unmatched.getUnmatched().getFirst();
            var known =
                    word.startsWith("-")
                            ? line.getCommandSpec().optionsMap().keySet()
                            : line.getSubcommands().keySet();
            return "unknown "
                    + (word.startsWith("-") ? "option" : known.isEmpty() ? "argument" : "command")
                    + " '"
                    + word
                    + "'"
                    + Nearest.of(word, known)
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse("");
        }
        return String.valueOf(wrong.getMessage());
    }

    private static int failed(Exception failure, CommandLine line) {
        line.getErr().println("error: " + Printable.lines(Plain.words(failure)));
        return failure instanceof Failure known ? known.exitCode() : FAILED;
    }

    Environment environment() {
        return environment;
    }

    Console console() {
        return console;
    }

    Home home() {
        return new Home(Optional.ofNullable(home).orElse(environment.home()));
    }

    /** The home, made if it is not there yet. */
    Home preparedHome() throws Failure {
        try {
            home().prepare();
        } catch (IOException unusable) {
            throw new Failure(
                    "the home %s cannot be used: %s; choose another with --home or MAREA_HOME"
                            .formatted(home().directory(), Plain.words(unusable)));
        }
        return home();
    }

    /** The cluster that the verbs speak to. */
    KubeconfigCluster cluster() throws Failure, IOException {
        if (kubeconfig != null) {
            return open(kubeconfig);
        }
        if (RunFile.readLiving(home()).isEmpty()) {
            throw new Failure(
                    "marea does not run on "
                            + home().directory()
                            + "; start it with `marea up`, or name a cluster with --kubeconfig");
        }
        return ownCluster();
    }

    /** The platform of the home. Unlike {@link #cluster} it leaves the lock alone. */
    KubeconfigCluster ownCluster() throws Failure {
        return open(home().kubeconfig());
    }

    private static KubeconfigCluster open(Path file) throws Failure {
        if (!Files.isRegularFile(file)) {
            throw new Failure("there is no kubeconfig " + file);
        }
        try {
            return KubeconfigCluster.open(file);
        } catch (RuntimeException unreadable) {
            // the reader's own exceptions are not ours to name
            throw new Failure(
                    "%s cannot be used; `kubectl --kubeconfig %s config view` shows what is in it"
                            .formatted(file, file));
        }
    }
}
