package dev.marea.server.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Predictions;
import dev.marea.wire.proto.reflection.ErrorResponse;
import dev.marea.wire.proto.reflection.ExtensionNumberResponse;
import dev.marea.wire.proto.reflection.FileDescriptorResponse;
import dev.marea.wire.proto.reflection.ListServiceResponse;
import dev.marea.wire.proto.reflection.ServerReflectionRequest;
import dev.marea.wire.proto.reflection.ServerReflectionResponse;
import dev.marea.wire.proto.reflection.ServiceResponse;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells grpcurl and its like what may be called. The alpha version has the same messages, so one
 * class speaks both.
 */
final class Reflection implements Rpc, Lasting.Call {
    private final Caller caller;
    private final Predictions memory;
    private final Lasting lasting;

    private Reflection(Caller caller, Predictions memory, Lasting lasting) {
        this.caller = caller;
        this.memory = memory;
        this.lasting = lasting;
        lasting.add(this);
    }

    static Optional<Rpc> open(Caller caller, Predictions memory, Lasting lasting) {
        return switch (caller.head().method()) {
            case "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo" ->
                    Optional.of(new Reflection(caller, memory, lasting));
            default -> Optional.empty();
        };
    }

    @Override
    public boolean wants() {
        return caller.isWritable();
    }

    @Override
    public void message(byte[] bytes) throws Refused {
        memory.release(bytes.length);
        var asked = Unary.parse(ServerReflectionRequest.parser(), bytes);
        caller.send(caller.frame(Body.of(answer(asked))));
    }

    @Override
    public void halfClosed() {
        caller.end(Status.OK);
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public void endSoon() {
        caller.end(Lasting.ENDING);
    }

    @Override
    public void over() {
        lasting.remove(this);
    }

    private static ServerReflectionResponse answer(ServerReflectionRequest asked) {
        var answer =
                ServerReflectionResponse.newBuilder()
                        .setValidHost(asked.getHost())
                        .setOriginalRequest(asked);
        switch (asked.getMessageRequestCase()) {
            case LIST_SERVICES -> answer.setListServicesResponse(services());
            case FILE_BY_FILENAME -> file(answer, asked.getFileByFilename(), Symbols.BY_FILE_NAME);
            case FILE_CONTAINING_SYMBOL ->
                    file(answer, asked.getFileContainingSymbol(), Symbols.BY_SYMBOL);
            case FILE_CONTAINING_EXTENSION ->
                    notFound(answer, asked.getFileContainingExtension().getContainingType());
            case ALL_EXTENSION_NUMBERS_OF_TYPE ->
                    extensions(answer, asked.getAllExtensionNumbersOfType());
            case MESSAGEREQUEST_NOT_SET ->
                    answer.setErrorResponse(
                            ErrorResponse.newBuilder()
                                    .setErrorCode(Refused.Why.BAD_INPUT.grpcStatus())
                                    .setErrorMessage("nothing was asked"));
        }
        return answer.build();
    }

    private static ListServiceResponse services() {
        var services = ListServiceResponse.newBuilder();
        for (var file : Symbols.SERVED) {
            for (var service : file.getServices()) {
                services.addService(ServiceResponse.newBuilder().setName(service.getFullName()));
            }
        }
        return services.build();
    }

    private static void file(
            ServerReflectionResponse.Builder answer,
            String name,
            Map<String, FileDescriptor> files) {
        var file = files.get(name);
        if (file == null) {
            notFound(answer, name);
        } else {
            answer.setFileDescriptorResponse(withAllItNeeds(file));
        }
    }

    private static FileDescriptorResponse withAllItNeeds(FileDescriptor file) {
        var needed = new LinkedHashSet<FileDescriptor>();
        var left = new ArrayDeque<FileDescriptor>(List.of(file));
        while (!left.isEmpty()) {
            var next = left.remove();
            if (needed.add(next)) {
                left.addAll(next.getDependencies());
            }
        }
        var answer = FileDescriptorResponse.newBuilder();
        needed.forEach(one -> answer.addFileDescriptorProto(one.toProto().toByteString()));
        return answer.build();
    }

    private static void extensions(ServerReflectionResponse.Builder answer, String type) {
        if (Symbols.BY_SYMBOL.containsKey(type)) {
            answer.setAllExtensionNumbersResponse(
                    ExtensionNumberResponse.newBuilder().setBaseTypeName(type));
        } else {
            notFound(answer, type);
        }
    }

    private static void notFound(ServerReflectionResponse.Builder answer, String name) {
        answer.setErrorResponse(
                ErrorResponse.newBuilder()
                        .setErrorCode(Refused.Why.NOT_FOUND.grpcStatus())
                        .setErrorMessage(name + " is not known here"));
    }
}
