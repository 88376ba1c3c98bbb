package dev.marea.kubernetes.objects;

/**
 * What an installation says about the pods of models.
 *
 * @param version of Marea, the tag of its own images
 * @param onCluster whether replicas are reached over a network that learns late that one is going
 */
public record PodSettings(String version, boolean onCluster) {
    /** The image of the steps and agents that run beside a model. */
    String marea() {
        return "marea:" + version;
    }
}
