package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.ArrayList;
import java.util.List;

/** A text, texts, tokens, or lists of tokens: the four forms that clients send. */
final class Inputs {
    private static final int TOKENS_MAX = 4 << 20;

    private Inputs() {}

    static Input read(Json written, String path, RequestLimits limits) throws InvalidRequest {
        if (written instanceof Json.Str(var text)) {
            return new Input.Texts(List.of(filled(text, path)));
        }
        if (!(written instanceof Json.Arr(var items)) || items.isEmpty()) {
            throw new InvalidRequest(
                    path, path + " must be a string, or a list of strings or tokens, not empty");
        }
        return switch (items.getFirst()) {
            case Json.Int _ -> new Input.Tokens(List.of(tokens(written, path)));
            case Json.Arr _ -> lists(written, path, limits);
            case Json _ -> texts(written, path, limits);
        };
    }

    private static Input texts(Json written, String path, RequestLimits limits)
            throws InvalidRequest {
        var texts = new ArrayList<String>();
        for (var item : Fields.list(written, path, limits.inputsMax())) {
            var place = path + "[" + texts.size() + "]";
            texts.add(filled(Fields.text(item, place, CommonFields.TEXT_CHARS_MAX), place));
        }
        return new Input.Texts(texts);
    }

    private static Input lists(Json written, String path, RequestLimits limits)
            throws InvalidRequest {
        var lists = new ArrayList<List<Integer>>();
        for (var item : Fields.list(written, path, limits.inputsMax())) {
            lists.add(tokens(item, path + "[" + lists.size() + "]"));
        }
        return new Input.Tokens(lists);
    }

    static List<Integer> tokens(Json written, String path) throws InvalidRequest {
        var tokens = new ArrayList<Integer>();
        for (var item : Fields.list(written, path, TOKENS_MAX)) {
            if (!(item instanceof Json.Int(var token)) || token < 0 || token > Integer.MAX_VALUE) {
                throw new InvalidRequest(
                        path, path + "[" + tokens.size() + "] is no token: " + item);
            }
            tokens.add((int) token);
        }
        if (tokens.isEmpty()) {
            throw new InvalidRequest(path, path + " must not be empty");
        }
        return List.copyOf(tokens);
    }

    private static String filled(String text, String path) throws InvalidRequest {
        if (text.isEmpty()) {
            throw new InvalidRequest(path, path + " must not be empty");
        }
        return text;
    }
}
