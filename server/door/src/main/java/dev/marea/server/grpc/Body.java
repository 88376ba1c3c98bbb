package dev.marea.server.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A message that can be written: its size is known before. */
interface Body {
    int size();

    void writeTo(CodedOutputStream out) throws IOException;

    static Body of(MessageLite message) {
        return new Body() {
            @Override
            public int size() {
                return message.getSerializedSize();
            }

            @Override
            public void writeTo(CodedOutputStream out) throws IOException {
                message.writeTo(out);
            }
        };
    }

    /** The size of a field that holds this message. */
    default int sizeAs(int field) {
        int size = size();
        return CodedOutputStream.computeTagSize(field)
                + CodedOutputStream.computeUInt32SizeNoTag(size)
                + size;
    }

    default void writeAs(int field, CodedOutputStream out) throws IOException {
        out.writeTag(field, 2);
        out.writeUInt32NoTag(size());
        writeTo(out);
    }

    /** Writes it into a part of an array that has room for exactly this. */
    default void writeTo(byte[] array, int from) {
        var out = CodedOutputStream.newInstance(array, from, array.length - from);
        try {
            writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
