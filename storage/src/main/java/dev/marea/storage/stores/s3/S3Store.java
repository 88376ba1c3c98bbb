package dev.marea.storage.stores.s3;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.Asking.Answer;
import dev.marea.storage.store.Checksum;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Prefix;
import dev.marea.storage.stores.talk.Refusals;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lists a bucket's objects under a prefix, or the one of that name. */
public final class S3Store implements Store {
    /** How AWS says, in so many ways, that the bucket is in another region. */
    private static final Set<Integer> ELSEWHERE = Set.of(301, 307, 400, 403);

    @Override
    public Listing list(StoreUri uri, Access access, Asking http)
            throws FetchFailure, InterruptedException {
        var rest = uri.rest();
        int slash = rest.indexOf('/');
        var name = slash < 0 ? rest : rest.substring(0, slash);
        if (name.isEmpty()) {
            throw FetchFailure.lasting(uri + " names no bucket; write s3://bucket/path");
        }
        var prefix = new Prefix(slash < 0 ? "" : rest.substring(slash + 1));
        var settings = S3Settings.of(access);
        var identity = Identities.of(settings, access, http);
        var talk =
                new Conversation(
                        http,
                        uri.toString(),
                        settings.administrators(),
                        status -> advice(status, identity));
        var bucket = located(new Bucket(name, settings), identity, talk);
        var signer = new Signer(identity, bucket.settings().region());
        var single = single(bucket, prefix, signer, talk);
        var files =
                single.isPresent()
                        ? List.of(single.get())
                        : new ObjectPages(bucket, prefix, signer, talk).files();
        if (files.isEmpty()) {
            throw Refusals.nothingThere(uri.toString());
        }
        return new Listing(uri.toString(), Optional.empty(), files);
    }

    /** The bucket with the region it is in, which AWS tells on a first wrong guess. */
    private static Bucket located(Bucket bucket, Identity identity, Conversation talk)
            throws FetchFailure, InterruptedException {
        if (bucket.settings().endpoint().isPresent()) {
            return bucket;
        }
        var signer = new Signer(identity, bucket.settings().region());
        var answer = talk.raw(() -> signer.head(bucket.object(""), Map.of()));
        var region = answer.headers().firstValue("x-amz-bucket-region");
        return ELSEWHERE.contains(answer.status()) && region.isPresent()
                ? bucket.in(region.get())
                : bucket;
    }

    private static Optional<RemoteFile> single(
            Bucket bucket, Prefix prefix, Signer signer, Conversation talk)
            throws FetchFailure, InterruptedException {
        if (prefix.directoryOnly()) {
            return Optional.empty();
        }
        var address = bucket.object(prefix.name());
        var answer = talk.raw(() -> signer.head(address, Map.of("x-amz-checksum-mode", "ENABLED")));
        if (answer.status() != 200) {
            return Optional.empty(); // listed next; what is wrong is told there
        }
        long size = answer.headers().firstValueAsLong("Content-Length").orElse(-1);
        var etag = answer.headers().firstValue("ETag");
        return Optional.of(
                S3Objects.file(
                        prefix.fileName(), size, etag, sum(answer, etag), signer, address, talk));
    }

    private static Optional<Checksum> sum(Answer answer, Optional<String> etag) {
        var sha256 = answer.headers().firstValue("x-amz-checksum-sha256");
        var whole = answer.headers().firstValue("x-amz-checksum-type").orElse("FULL_OBJECT");
        if (sha256.isPresent() && whole.equals("FULL_OBJECT") && !sha256.get().contains("-")) {
            return S3Objects.sha256(sha256.get());
        }
        return S3Objects.encrypted(answer.headers()) ? Optional.empty() : S3Objects.md5(etag);
    }

    private static String advice(int status, Identity identity) {
        return switch (status) {
            case 401, 403 -> identity.advice();
            case 400 -> identity.advice() + ", and the region";
            case 404 -> "check the bucket's name, and that its endpoint is the right one";
            default -> "";
        };
    }
}
