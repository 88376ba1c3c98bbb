package dev.marea.wire.http;

/**
 * A user event for the handler behind the door: the request that it is receiving has been refused
 * and answered by the door; whatever the handler still writes is thrown away.
 */
public record RequestCut(Refusal refusal) {}
