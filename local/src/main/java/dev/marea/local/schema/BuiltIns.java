package dev.marea.local.schema;

import dev.marea.local.objects.Resource;
import java.util.List;
import java.util.Set;

/** The built-in kinds, read once from the schema files. */
final class BuiltIns {
    private static final SchemaFile FILE =
            SchemaFile.load(List.of("meta", "apps", "pod", "volumes", "core"));

    private static final List<Resource> RESOURCES =
            List.of(
                    Resource.NAMESPACE,
                    Resource.SECRET,
                    Resource.CONFIG_MAP,
                    Resource.SERVICE_ACCOUNT,
                    Resource.EVENT,
                    Resource.POD,
                    Resource.NODE,
                    Resource.SERVICE,
                    Resource.PVC,
                    Resource.DEPLOYMENT,
                    Resource.REPLICA_SET,
                    Resource.CONTROLLER_REVISION,
                    Resource.ENDPOINT_SLICE,
                    Resource.LEASE);

    private static final Set<Resource> WITH_STATUS =
            Set.of(
                    Resource.NAMESPACE,
                    Resource.POD,
                    Resource.NODE,
                    Resource.SERVICE,
                    Resource.PVC,
                    Resource.DEPLOYMENT,
                    Resource.REPLICA_SET);

    static final List<Kind> KINDS =
            RESOURCES.stream()
                    .map(resource ->
                            new Kind(
                                    resource,
                                    FILE.struct(resource.kind()),
                                    true,
                                    WITH_STATUS.contains(resource)))
                    .toList();

    /** The metadata of every kind, custom ones too. */
    static final Schema.Struct OBJECT_META = FILE.struct("ObjectMeta");

    private BuiltIns() {}
}
