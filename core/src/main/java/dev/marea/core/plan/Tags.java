package dev.marea.core.plan;

import dev.marea.core.plan.ServiceStatus.Traffic;
import java.util.List;
import java.util.Optional;

/**
 * The names by which a request may ask for one revision: {@code latest}, {@code prev}, and a
 * canary's own.
 *
 * @param routed whether the service's author wants them to lead anywhere
 * @param url of the service; that of a tag is made of it
 */
record Tags(boolean routed, String url, List<Member> candidates) {
    static final String PREVIOUS = "prev";
    static final String LATEST = "latest";

    /** What the status says; {@code prev} is always written, for KServe's columns read it. */
    Traffic on(Traffic entry) {
        if (!routed) {
            return with(entry, entry.tag().filter(PREVIOUS::equals), Optional.empty());
        }
        var tag = tag(entry);
        return with(entry, tag, tag.flatMap(this::urlOf));
    }

    private Optional<String> tag(Traffic entry) {
        var version =
                candidates.stream()
                        .filter(c -> c.revision().name().equals(entry.revision()))
                        .flatMap(c -> c.version().stream())
                        .findFirst();
        return entry.tag()
                .filter(PREVIOUS::equals)
                .or(() -> version)
                .or(() -> entry.latest() ? Optional.of(LATEST) : Optional.empty());
    }

    private Optional<String> urlOf(String tag) {
        int host = url.indexOf("://") + 3;
        // A host that several services share has no tags of one of them.
        return host < 3 || url.indexOf('/', host) >= 0
                ? Optional.empty()
                : Optional.of(url.substring(0, host) + tag + "-" + url.substring(host));
    }

    private static Traffic with(Traffic entry, Optional<String> tag, Optional<String> url) {
        return new Traffic(entry.revision(), entry.latest(), entry.percent(), tag, url);
    }
}
