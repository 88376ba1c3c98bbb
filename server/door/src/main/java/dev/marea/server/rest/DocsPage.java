package dev.marea.server.rest;

import dev.marea.server.models.Models;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A page for people: which models there are, what they take and give, and how to ask them. */
final class DocsPage {
    private static final int MODELS_MAX = 20;
    private static final int EXAMPLE_VALUES_MAX = 16;

    private static final String STYLE =
            """
            body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#123}
            h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
            table{border-collapse:collapse;width:100%}
            td,th{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #dde;vertical-align:top}
            pre{background:#f4f6f8;padding:.75rem;overflow-x:auto}code{font-size:.9em}
            @media(prefers-color-scheme:dark){body{background:#111;color:#dde}pre{background:#1c2126}td,th{border-color:#333}a{color:#8cf}}
            """;

    private DocsPage() {}

    static Reply of(Models models, String host) {
        var page = new StringBuilder(8 << 10);
        page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\">")
                .append("<title>Marea model server</title><style>")
                .append(STYLE)
                .append("</style></head><body><h1>Marea model server</h1><p>It speaks KServe's V1")
                .append(" and V2 protocols. For tools: <a href=\"/openapi.json\">openapi.json</a>;")
                .append(" for Prometheus: <a href=\"/metrics\">metrics</a>.</p>");
        var names = models.names();
        for (var name : names.stream().limit(MODELS_MAX).toList()) {
            model(page, name, models, "http://" + host);
        }
        if (names.size() > MODELS_MAX) {
            page.append(
                    "<p>And %d more: <a href=\"/v2/models\">all names</a>.</p>"
                            .formatted(names.size() - MODELS_MAX));
        }
        endpoints(page);
        page.append("</body></html>");
        return Reply.of(
                        200,
                        "text/html; charset=utf-8",
                        page.toString().getBytes(StandardCharsets.UTF_8))
                .with("content-security-policy", policy())
                .with("x-content-type-options", "nosniff");
    }

    /** Nothing but this page's own style: no script runs, whatever a model is called. */
    private static String policy() {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(STYLE.getBytes(StandardCharsets.UTF_8));
            return "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                    .formatted(Base64.getEncoder().encodeToString(digest));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void model(StringBuilder page, String name, Models models, String base) {
        page.append("<h2>Model <code>").append(escaped(name)).append("</code></h2>");
        var found = OpenApi.metadata(models, name);
        if (found.isEmpty()) {
            page.append("<p>It is not in memory now.</p>");
            return;
        }
        var facts = found.get();
        page.append("<p>Platform ")
                .append(escaped(facts.platform()))
                .append("; it answers ")
                .append(escaped(facts.methods().toString()))
                .append(
                        ".</p><table><tr><th></th><th>tensor</th><th>datatype</th><th>shape</th></tr>");
        facts.inputs().forEach(spec -> row(page, "takes", spec));
        facts.outputs().forEach(spec -> row(page, "gives", spec));
        page.append("</table><p>A dimension of -1 may have any size.</p><pre>")
                .append(escaped(v1(name, facts, base)))
                .append("\n\n")
                .append(escaped(v2(name, facts, base)))
                .append("</pre>");
    }

    private static void row(StringBuilder page, String what, TensorSpec spec) {
        page.append(
                "<tr><td>%s</td><td><code>%s</code></td><td>%s</td><td>%s</td></tr>"
                        .formatted(what, escaped(spec.name()), spec.datatype(), spec.shape()));
    }

    private static String v1(String name, ModelMetadata facts, String base) {
        var instance =
                facts.inputs().size() == 1
                        ? nested(facts.inputs().getFirst(), 1)
                        : facts.inputs().stream()
                                .map(spec -> "\"" + spec.name() + "\": " + nested(spec, 1))
                                .collect(Collectors.joining(", ", "{", "}"));
        return "curl %s/v1/models/%s:predict -d '{\"instances\": [%s]}'"
                .formatted(base, name, instance);
    }

    private static String v2(String name, ModelMetadata facts, String base) {
        var inputs =
                facts.inputs().stream()
                        .map(spec ->
                                "{\"name\": \"%s\", \"datatype\": \"%s\", \"shape\": %s, \"data\": [%s]}"
                                        .formatted(
                                                spec.name(),
                                                spec.datatype(),
                                                one(spec),
                                                nested(spec, 1)))
                        .collect(Collectors.joining(", "));
        return "curl %s/v2/models/%s/infer -d '{\"inputs\": [%s]}'".formatted(base, name, inputs);
    }

    /** The shape with one of everything that is open. */
    private static List<Integer> one(TensorSpec spec) {
        return spec.shape().stream().map(size -> size < 0 ? 1 : size).toList();
    }

    /** An example value below the given depth of the shape. */
    private static String nested(TensorSpec spec, int depth) {
        var shape = one(spec);
        if (depth >= shape.size()) {
            return spec.datatype() == Datatype.BYTES
                    ? "\"text\""
                    : spec.datatype() == Datatype.BOOL ? "true" : "1";
        }
        int size = shape.get(depth);
        var inner = nested(spec, depth + 1);
        var shown =
                String.join(", ", Collections.nCopies(Math.min(size, EXAMPLE_VALUES_MAX), inner));
        return "[" + shown + (size > EXAMPLE_VALUES_MAX ? ", …" : "") + "]";
    }

    private static void endpoints(StringBuilder page) {
        page.append("<h2>Everything that can be asked</h2><table>");
        for (var endpoint : Endpoint.values()) {
            page.append(
                    "<tr><td>%s</td><td><code>%s</code></td><td>%s</td></tr>"
                            .formatted(
                                    endpoint.isPost() ? "POST" : "GET",
                                    String.join("<br>", endpoint.paths()),
                                    endpoint.summary()));
        }
        page.append("</table>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
