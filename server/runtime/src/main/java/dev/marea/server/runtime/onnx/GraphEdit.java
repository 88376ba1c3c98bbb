package dev.marea.server.runtime.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Edits a graph's file where ONNX Runtime in Java cannot take it as it is: inputs of types that no
 * tensor can be made of, and text operators that ask for a locale this machine lacks. The numbers
 * are those of onnx.proto3; everything that is not edited is copied byte for byte.
 */
final class GraphEdit {
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INPUT = 11;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_OP_TYPE = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_NAME = 1;
    private static final int ATTRIBUTE_INTEGER = 3;
    private static final int ATTRIBUTE_STRING = 4;
    private static final int ATTRIBUTE_TYPE = 20;
    private static final int TYPE_INTEGER = 2;
    private static final int TYPE_STRING = 3;
    private static final int VALUE_NAME = 1;
    private static final int VALUE_TYPE = 2;
    private static final int TYPE_TENSOR = 1;
    private static final int TENSOR_ELEMENT = 1;

    /** What an input is made of instead, and what it was. */
    record Widened(int instead, int original) {}

    private final byte[] model;

    GraphEdit(byte[] model) {
        this.model = model;
    }

    /** Takes these inputs as wider numbers and casts them back inside the graph. */
    byte[] widen(Map<String, Widened> inputs) {
        return inGraph(graph -> {
            var out = new Proto.Writer();
            inputs.forEach((name, types) -> out.bytes(GRAPH_NODE, cast(name, types)));
            for (var field : Proto.fields(graph)) {
                var widened =
                        field.number() == GRAPH_INPUT
                                ? inputs.get(textOf(field.bytes(), VALUE_NAME))
                                : null;
                if (widened == null) {
                    out.copy(field);
                } else {
                    out.bytes(GRAPH_INPUT, renamed(field.bytes(), widened.instead()));
                }
            }
            return out.toBytes();
        });
    }

    static String wide(String input) {
        return input + "__wide";
    }

    private static byte[] cast(String input, Widened types) {
        return new Proto.Writer()
                .text(NODE_INPUT, wide(input))
                .text(NODE_OUTPUT, input)
                .text(NODE_OP_TYPE, "Cast")
                .bytes(
                        NODE_ATTRIBUTE,
                        new Proto.Writer()
                                .text(ATTRIBUTE_NAME, "to")
                                .number(ATTRIBUTE_INTEGER, types.original())
                                .number(ATTRIBUTE_TYPE, TYPE_INTEGER)
                                .toBytes())
                .toBytes();
    }

    private static byte[] renamed(byte[] value, int element) {
        var out = new Proto.Writer();
        for (var field : Proto.fields(value)) {
            switch (field.number()) {
                case VALUE_NAME -> out.text(VALUE_NAME, wide(field.text()));
                case VALUE_TYPE -> out.bytes(VALUE_TYPE, retyped(field.bytes(), element));
                default -> out.copy(field);
            }
        }
        return out.toBytes();
    }

    private static byte[] retyped(byte[] type, int element) {
        var out = new Proto.Writer();
        for (var field : Proto.fields(type)) {
            if (field.number() == TYPE_TENSOR) {
                // The last of a field that is there twice counts.
                var tensor = new ByteArrayOutputStream();
                tensor.writeBytes(field.bytes());
                tensor.writeBytes(new Proto.Writer().number(TENSOR_ELEMENT, element).toBytes());
                out.bytes(TYPE_TENSOR, tensor.toByteArray());
            } else {
                out.copy(field);
            }
        }
        return out.toBytes();
    }

    /** Gives every StringNormalizer a locale that is always there. */
    byte[] useLocale(String locale) {
        return inGraph(graph -> {
            var out = new Proto.Writer();
            for (var field : Proto.fields(graph)) {
                boolean normalizer =
                        field.number() == GRAPH_NODE
                                && textOf(field.bytes(), NODE_OP_TYPE).equals("StringNormalizer");
                if (normalizer) {
                    out.bytes(GRAPH_NODE, withLocale(field.bytes(), locale));
                } else {
                    out.copy(field);
                }
            }
            return out.toBytes();
        });
    }

    private static byte[] withLocale(byte[] node, String locale) {
        var out = new Proto.Writer();
        for (var field : Proto.fields(node)) {
            boolean old =
                    field.number() == NODE_ATTRIBUTE
                            && textOf(field.bytes(), ATTRIBUTE_NAME).equals("locale");
            if (!old) {
                out.copy(field);
            }
        }
        return out.bytes(
                        NODE_ATTRIBUTE,
                        new Proto.Writer()
                                .text(ATTRIBUTE_NAME, "locale")
                                .bytes(ATTRIBUTE_STRING, locale.getBytes(StandardCharsets.US_ASCII))
                                .number(ATTRIBUTE_TYPE, TYPE_STRING)
                                .toBytes())
                .toBytes();
    }

    @FunctionalInterface
    private interface Edit {
        byte[] of(byte[] graph);
    }

    private byte[] inGraph(Edit edit) {
        var out = new Proto.Writer();
        for (var field : Proto.fields(model)) {
            if (field.number() == MODEL_GRAPH) {
                out.bytes(MODEL_GRAPH, edit.of(field.bytes()));
            } else {
                out.copy(field);
            }
        }
        return out.toBytes();
    }

    private static String textOf(byte[] message, int number) {
        var text = "";
        for (var field : Proto.fields(message)) {
            if (field.number() == number) {
                text = field.text();
            }
        }
        return text;
    }
}
