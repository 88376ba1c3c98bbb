package dev.marea.kubernetes.objects;

/**
 * Where those stand that replicas are to talk with.
 *
 * @param gateways the namespace of Marea's gateways
 */
public record NetworkSettings(String gateways) {}
