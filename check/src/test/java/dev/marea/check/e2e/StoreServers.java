package dev.marea.check.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stores that nobody here wrote, each a process of this suite on a loopback port, filled with one
 * model: {@code models/iris} and, as a trap, its neighbour {@code models/iris-v2}.
 */
final class StoreServers implements AutoCloseable {
    /** A key of the right form for an account that exists only here. */
    static final String AZURE_KEY = "bm8gc2VjcmV0LCBvbmx5IGEga2V5IG9mIGFuIGVtdWxhdG9y";

    private static final Path SCRIPTS = Marea.ROOT.resolve("check/e2e/storage");
    private static final Duration START = Duration.ofSeconds(90);

    private final Path tools;
    private final Path work;
    private final Path model;
    private final List<Process> processes = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();

    /**
     * @param tools where check/e2e/storage/install has put the servers
     */
    StoreServers(Path tools, Path work, Path model) {
        this.tools = tools;
        this.work = work;
        this.model = model;
    }

    /** What an administrator would set for these servers. */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** An S3 that checks signatures; returns the key id and the key of somebody who may read. */
    List<String> s3() throws IOException, InterruptedException {
        int port = free();
        start(
                "moto",
                port,
                Map.of("INITIAL_NO_AUTH_ACTION_COUNT", "40"),
                python("-m", "moto.server", "-p", Integer.toString(port)));
        var endpoint = "http://127.0.0.1:" + port;
        environment.put("AWS_ENDPOINT_URL", endpoint);
        return List.of(fill("fill_s3.py", endpoint, model.toString()).strip().split(" ", -1));
    }

    void gcs() throws IOException, InterruptedException {
        int port = free();
        var data = work.resolve("gcs");
        for (var directory : List.of("iris", "iris-v2")) {
            copy(Files.createDirectories(data.resolve("models/" + directory)));
        }
        start(
                "fake-gcs-server",
                port,
                Map.of(),
                List.of(
                        tools.resolve("bin/fake-gcs-server").toString(),
                        "-scheme=http",
                        "-host=127.0.0.1",
                        "-port=" + port,
                        "-backend=memory",
                        "-data=" + data));
        environment.put("STORAGE_EMULATOR_HOST", "127.0.0.1:" + port);
    }

    void azure() throws IOException, InterruptedException {
        int port = free();
        start(
                "azurite",
                port,
                Map.of("AZURITE_ACCOUNTS", "acme:" + AZURE_KEY),
                List.of(
                        tools.resolve("azurite/node_modules/.bin/azurite-blob").toString(),
                        "--silent",
                        "--skipApiVersionCheck",
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        Integer.toString(port),
                        "--location",
                        Files.createDirectories(work.resolve("azurite")).toString()));
        var where = "AccountName=acme;BlobEndpoint=http://127.0.0.1:" + port + "/acme";
        environment.put("AZURE_STORAGE_CONNECTION_STRING", where);
        fill(
                "fill_azure.py",
                "DefaultEndpointsProtocol=http;" + where + ";AccountKey=" + AZURE_KEY,
                model.toString());
    }

    /** An empty registry; its address. */
    String registry() throws IOException, InterruptedException {
        int port = free();
        var address = "127.0.0.1:" + port;
        var settings =
                Files.writeString(
                        work.resolve("registry.yml"),
                        """
                        version: 0.1
                        log: {level: warn}
                        storage:
                          filesystem: {rootdirectory: %s}
                        http: {addr: "%s"}
                        """
                                .formatted(work.resolve("registry"), address));
        start(
                "registry",
                port,
                Map.of("OTEL_TRACES_EXPORTER", "none"),
                List.of(tools.resolve("bin/registry").toString(), "serve", settings.toString()));
        environment.put("MAREA_OCI_INSECURE_REGISTRIES", address);
        return address;
    }

    void mlflow() throws IOException, InterruptedException {
        int port = free();
        start(
                "mlflow",
                port,
                Map.of("MLFLOW_DISABLE_TELEMETRY", "true", "DO_NOT_TRACK", "true"),
                python(
                        "-m",
                        "mlflow",
                        "server",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--workers",
                        "1",
                        "--backend-store-uri",
                        "sqlite:///" + work.resolve("mlflow.db"),
                        "--artifacts-destination",
                        work.resolve("mlflow").toString()));
        var address = "http://127.0.0.1:" + port;
        environment.put("MLFLOW_TRACKING_URI", address);
        fill("fill_mlflow.py", address);
    }

    void set(String name, String value) {
        environment.put(name, value);
    }

    private List<String> python(String... args) {
        var command = new ArrayList<String>();
        command.add(tools.resolve("python/bin/python").toString());
        command.addAll(List.of(args));
        return command;
    }

    private String fill(String script, String... args) throws IOException, InterruptedException {
        var command = python(SCRIPTS.resolve(script).toString());
        command.addAll(List.of(args));
        return Run.of(work, Map.of("MLFLOW_DISABLE_TELEMETRY", "true"), "", command).ok();
    }

    private void copy(Path directory) throws IOException {
        try (var files = Files.list(model)) {
            for (var file : (Iterable<Path>) files::iterator) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
    }

    private void start(String name, int port, Map<String, String> variables, List<String> command)
            throws IOException, InterruptedException {
        var log = work.resolve(name + ".log").toFile();
        var builder =
                new ProcessBuilder(command)
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log);
        builder.environment().putAll(variables);
        var process = builder.start();
        processes.add(process);
        Marea.await(
                name + " answers on its port; its log is " + log,
                START,
                () -> !process.isAlive() || answers(port));
        if (!process.isAlive()) {
            throw new IOException(name + " ended: " + Files.readString(log.toPath()));
        }
    }

    private static boolean answers(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int free() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** MLflow's server has children of its own. */
    @Override
    public void close() {
        for (var process : processes) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }
}
