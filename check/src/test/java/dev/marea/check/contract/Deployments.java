package dev.marea.check.contract;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;

/** Deployments that run nothing, so that no node is needed: they are paused from the start. */
final class Deployments {
    private Deployments() {}

    static Deployment paused(ApiUnderTest api, String name) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(api.namespace())
                .endMetadata()
                .withNewSpec()
                .withPaused(true)
                .withReplicas(0)
                .withNewSelector()
                .withMatchLabels(Map.of("app", name))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Map.of("app", name))
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("web")
                .withImage("test/web:1")
                .addNewEnv()
                .withName("GREETING")
                .withValue("hello")
                .endEnv()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
