package dev.marea.app.platform;

import dev.marea.local.node.Steps;
import java.io.IOException;
import java.util.List;

/** Every role of {@code marea:V} that needs no process of its own. */
record OwnSteps(List<Steps> roles) implements Steps {
    OwnSteps {
        roles = List.copyOf(roles);
    }

    @Override
    public boolean runs(String image, List<String> args) {
        return roles.stream().anyMatch(role -> role.runs(image, args));
    }

    @Override
    public void run(Task task, Notes notes) throws IOException, InterruptedException {
        for (var role : roles) {
            if (role.runs(task.image(), task.args())) {
                role.run(task, notes);
                return;
            }
        }
        throw new IOException("no role of " + task.image() + " runs " + task.args());
    }
}
