package dev.marea.core.spec;

/**
 * How the author spelled the deployment mode. Behaviour is the same in both; only the status speaks
 * the words that clients of that mode expect.
 */
public enum DeploymentMode {
    KNATIVE("Knative"),
    STANDARD("Standard");

    private final String wireName;

    DeploymentMode(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
