package dev.marea.wire.feed;

/**
 * What an operator says of itself.
 *
 * @param operator its pod's name
 * @param leads whether it holds the lease; its routes are the freshest
 * @param complete whether it knows all routes; one that has just started does not, and must not be
 *     followed
 */
public record Standing(String operator, boolean leads, boolean complete) {}
