package dev.marea.check.control;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The benchmark's side of {@link OperatorChild}. */
final class OperatorProcess implements AutoCloseable {
    private static final String HEAP_MAX = "-Xmx1g";

    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;

    private OperatorProcess(Process process) {
        this.process = process;
        this.questions =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Returns when the operator has started; what it logs goes to a file. */
    static OperatorProcess start(Path kubeconfig, Path log, List<String> options)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(HEAP_MAX);
        command.addAll(options);
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        OperatorChild.class.getName(),
                        kubeconfig.toString()));
        var process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        var started = new OperatorProcess(process);
        started.answer();
        return started;
    }

    long ask(String question) {
        try {
            questions.write(question + "\n");
            questions.flush();
            return answer();
        } catch (IOException gone) {
            throw new IllegalStateException("the operator has gone", gone);
        }
    }

    private long answer() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith("= ")) {
                return Long.parseLong(line.substring(2));
            }
        }
        throw new IOException("the operator has ended, see its log");
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        questions.close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException cut) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
