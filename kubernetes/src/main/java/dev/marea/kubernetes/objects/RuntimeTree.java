package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;

/**
 * A chosen runtime as written.
 *
 * @param shipped whether it came with Marea, so that its image's tag is Marea's version
 */
public record RuntimeTree(String name, boolean clusterWide, boolean shipped, Json.Obj spec) {}
