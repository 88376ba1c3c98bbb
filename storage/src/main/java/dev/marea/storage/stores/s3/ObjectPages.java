package dev.marea.storage.stores.s3;

import dev.marea.storage.store.Checksum;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Percent;
import dev.marea.storage.stores.talk.Prefix;
import dev.marea.storage.stores.talk.Refusals;
import dev.marea.storage.stores.talk.Xml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the listing of a prefix page by page. */
record ObjectPages(Bucket bucket, Prefix prefix, Signer signer, Conversation talk) {
    private static final int FILES_MAX = 200_000;

    List<RemoteFile> files() throws FetchFailure, InterruptedException {
        var found = new ArrayList<Entry>();
        var next = Optional.<String>empty();
        do {
            var page = page(next);
            for (var entry : page.all("Contents")) {
                entry(page, entry).ifPresent(found::add);
            }
            if (found.size() > FILES_MAX) {
                throw Refusals.tooMany(talk.subject(), FILES_MAX);
            }
            next =
                    page.textOf("IsTruncated").orElse("false").equals("true")
                            ? page.textOf("NextContinuationToken")
                            : Optional.empty();
        } while (next.isPresent());
        return withSums(found);
    }

    private Xml page(Optional<String> continuation) throws FetchFailure, InterruptedException {
        var query = new LinkedHashMap<String, String>();
        query.put("list-type", "2");
        query.put("encoding-type", "url");
        query.put("max-keys", "1000");
        query.put("prefix", prefix.directory());
        continuation.ifPresent(token -> query.put("continuation-token", token));
        return talk.xml(() -> signer.get(bucket.listing(query), Map.of()));
    }

    private Optional<Entry> entry(Xml page, Xml contents) {
        boolean encoded = page.textOf("EncodingType").orElse("").equals("url");
        var said = contents.textOf("Key").orElse("");
        var key = encoded ? Percent.decoded(said) : said;
        return prefix.below(key)
                .map(path ->
                        new Entry(
                                key,
                                path,
                                contents.textOf("Size").map(ObjectPages::size).orElse(-1L),
                                contents.textOf("ETag")));
    }

    /** One object tells whether tags are sums here, as a bucket's encryption is one for all. */
    private List<RemoteFile> withSums(List<Entry> entries)
            throws FetchFailure, InterruptedException {
        boolean sums = !entries.isEmpty() && tagsAreSums(entries.getFirst());
        var files = new ArrayList<RemoteFile>(entries.size());
        for (var entry : entries) {
            Optional<Checksum> sum = sums ? S3Objects.md5(entry.etag()) : Optional.empty();
            files.add(
                    S3Objects.file(
                            entry.path(),
                            entry.size(),
                            entry.etag(),
                            sum,
                            signer,
                            bucket.object(entry.key()),
                            talk));
        }
        return List.copyOf(files);
    }

    private boolean tagsAreSums(Entry entry) throws FetchFailure, InterruptedException {
        var answer = talk.raw(() -> signer.head(bucket.object(entry.key()), Map.of()));
        return answer.status() == 200 && !S3Objects.encrypted(answer.headers());
    }

    private static long size(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException bad) {
            return -1;
        }
    }

    private record Entry(String key, String path, long size, Optional<String> etag) {}
}
