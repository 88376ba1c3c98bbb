package dev.marea.app.platform;

import dev.marea.app.agent.AgentFlags;
import dev.marea.app.agent.ModelAgent;
import dev.marea.local.node.Steps;
import dev.marea.storage.Storage;
import dev.marea.wire.kserve.ModelReports;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.ParameterException;

/**
 * The agent beside a server of many models, {@code marea:V agent ...} of any version V, run in this
 * process for as long as its pod runs.
 */
record AgentStep(String repository, Storage storage) implements Steps {
    static final String ROLE = "agent";

    @Override
    public boolean runs(String image, List<String> args) {
        return image.startsWith(repository + ":")
                && !args.isEmpty()
                && args.getFirst().equals(ROLE);
    }

    @Override
    public void run(Task task, Notes notes) throws IOException, InterruptedException {
        var args = task.args();
        AgentFlags flags;
        try {
            flags = AgentFlags.parse(args.subList(1, args.size()));
        } catch (ParameterException wrong) {
            throw new IOException("the agent's args are wrong: " + wrong.getMessage(), wrong);
        }
        ModelAgent.run(
                flags,
                storage,
                new StepLog(task.log()),
                reports -> notes.annotate(ModelReports.ANNOTATION, ModelReports.write(reports)));
    }
}
