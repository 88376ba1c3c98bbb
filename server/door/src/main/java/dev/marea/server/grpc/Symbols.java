package dev.marea.server.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.marea.wire.proto.health.HealthProto;
import dev.marea.wire.proto.inference.InferenceProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every name in the files that are served; made when somebody first asks by reflection. */
final class Symbols {
    static final List<FileDescriptor> SERVED =
            List.of(
                    InferenceProto.getDescriptor(),
                    HealthProto.getDescriptor(),
                    dev.marea.wire.proto.reflection.ReflectionProto.getDescriptor(),
                    dev.marea.wire.proto.reflectionalpha.ReflectionProto.getDescriptor());

    static final Map<String, FileDescriptor> BY_FILE_NAME;
    static final Map<String, FileDescriptor> BY_SYMBOL;

    static {
        var index = new Symbols();
        SERVED.forEach(index::add);
        BY_FILE_NAME = Map.copyOf(index.files);
        BY_SYMBOL = Map.copyOf(index.symbols);
    }

    private final Map<String, FileDescriptor> files = new HashMap<>();
    private final Map<String, FileDescriptor> symbols = new HashMap<>();

    private Symbols() {}

    private void add(FileDescriptor file) {
        if (files.put(file.getName(), file) != null) {
            return;
        }
        for (var service : file.getServices()) {
            symbols.put(service.getFullName(), file);
            service.getMethods().forEach(method -> symbols.put(method.getFullName(), file));
        }
        file.getMessageTypes().forEach(message -> add(message, file));
        file.getEnumTypes().forEach(type -> add(type, file));
        file.getDependencies().forEach(this::add);
    }

    private void add(Descriptor message, FileDescriptor file) {
        symbols.put(message.getFullName(), file);
        message.getFields().forEach(field -> symbols.put(field.getFullName(), file));
        message.getNestedTypes().forEach(nested -> add(nested, file));
        message.getEnumTypes().forEach(type -> add(type, file));
    }

    private void add(EnumDescriptor type, FileDescriptor file) {
        symbols.put(type.getFullName(), file);
        type.getValues().forEach(value -> symbols.put(value.getFullName(), file));
    }
}
