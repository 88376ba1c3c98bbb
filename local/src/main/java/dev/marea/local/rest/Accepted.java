package dev.marea.local.rest;

import dev.marea.local.objects.Refusal;
import dev.marea.wire.http.Request;
import dev.marea.wire.json.Json;
import java.util.Locale;

/** In which form the client wants objects: the first of its Accept list that we speak. */
enum Accepted {
    OBJECT("application/json"),
    TABLE("application/json;as=Table;v=v1;g=meta.k8s.io"),
    PARTIAL("application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"),
    DISCOVERY(dev.marea.local.discovery.Discovery.AGGREGATED);

    private final String contentType;

    Accepted(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    static Accepted of(Request request) throws Refusal {
        var header = request.header("accept").orElse("*/*");
        for (var part : header.split(",", -1)) {
            var media = part.strip().toLowerCase(Locale.ROOT).replace(" ", "");
            var type = media.split(";", 2)[0];
            if (!type.equals("application/json")
                    && !type.equals("*/*")
                    && !type.equals("application/*")) {
                continue;
            }
            if (media.contains("as=table")) {
                if (media.contains("v=v1;") || media.endsWith("v=v1")) {
                    return TABLE;
                }
            } else if (media.contains("as=partialobjectmetadata")) {
                return PARTIAL;
            } else if (media.contains("as=apigroupdiscoverylist")) {
                if (media.contains("v=v2;") || media.endsWith("v=v2")) {
                    return DISCOVERY;
                }
            } else if (!media.contains("as=")) {
                return OBJECT;
            }
        }
        throw new Refusal(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json",
                Json.Obj.EMPTY);
    }
}
