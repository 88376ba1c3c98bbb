package dev.marea.kubernetes.objects;

import dev.marea.wire.kserve.OwnImages;

/**
 * What an installation says about the pods of models.
 *
 * @param images of Marea itself
 * @param onCluster whether replicas run in containers, on a network that learns late that one is
 *     going; else they are processes of one machine
 * @param trust the administrator's, in models
 */
public record PodSettings(OwnImages images, boolean onCluster, ModelTrust trust) {
    /** The image of the steps and agents that run beside a model. */
    String marea() {
        return images.marea();
    }
}
