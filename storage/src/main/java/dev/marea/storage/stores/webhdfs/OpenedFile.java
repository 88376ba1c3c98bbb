package dev.marea.storage.stores.webhdfs;

import dev.marea.storage.store.ByteRange;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Origin;
import dev.marea.storage.stores.talk.Conversation;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A file of HDFS: ranges are part of the address, and nothing pins a version, so that each range
 * first asks whether the file is still the one that was listed.
 */
record OpenedFile(Namenode namenode, String path, long size, long changed, Conversation talk)
        implements Origin {
    @Override
    public HttpRequest.Builder request(Optional<ByteRange> range)
            throws FetchFailure, InterruptedException {
        var status =
                talk.json(() -> namenode.get(path, Map.of("op", "GETFILESTATUS")))
                        .object("FileStatus");
        if (status.integer("length").orElse(-1) != size
                || status.integer("modificationTime").orElse(-1) != changed) {
            throw FetchFailure.passing(
                    talk.subject()
                            + ": "
                            + path
                            + " changed while it was fetched; it is listed anew");
        }
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("op", "OPEN");
        range.ifPresent(bytes -> {
            parameters.put("offset", Long.toString(bytes.from()));
            parameters.put("length", Long.toString(bytes.to() - bytes.from() + 1));
        });
        return namenode.get(path, parameters);
    }

    @Override
    public boolean administrators() {
        return talk.administrators();
    }

    @Override
    public boolean rangeInAddress() {
        return true;
    }

    @Override
    public FetchFailure refused(int status, HttpHeaders headers, byte[] body) {
        return talk.refused(status, headers, body);
    }
}
