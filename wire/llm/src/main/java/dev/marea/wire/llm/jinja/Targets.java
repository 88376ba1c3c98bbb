package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.List;

/** Reads where values go: a name, a field of a namespace, or several of them. */
final class Targets {
    private final TokenStream tokens;

    Targets(TokenStream tokens) {
        this.tokens = tokens;
    }

    Node.Target several() {
        var first = one();
        if (!tokens.peek().is(",")) {
            return first;
        }
        var targets = new ArrayList<>(List.of(first));
        while (tokens.accept(",")) {
            if (tokens.peek().isName("in") || tokens.peek().is("=") || tokens.peek().is(")")) {
                break;
            }
            targets.add(one());
        }
        return new Node.Target.Several(targets);
    }

    Node.Target one() {
        if (tokens.accept("(")) {
            tokens.enter();
            var inside = several();
            tokens.expect(")");
            tokens.leave();
            return inside;
        }
        var name = tokens.name();
        return tokens.accept(".")
                ? new Node.Target.Field(name, tokens.name())
                : new Node.Target.Name(name);
    }
}
