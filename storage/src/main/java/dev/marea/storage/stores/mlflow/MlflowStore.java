package dev.marea.storage.stores.mlflow;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.talk.Refusals;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Asks the registry which version a name means now and where its files are: with the tracking
 * server itself, or in another store.
 */
public final class MlflowStore implements Store {
    private static final Pattern NAMED =
            Pattern.compile("models:/+([^/@:]{1,256})(?:@([\\w.-]{1,256})|/(\\d{1,18}))");
    private static final Pattern AZURE = Pattern.compile("wasbs://([^@/]+)@([^/]+)/(.*)");

    private final Store others;

    /**
     * @param others where artifacts lie that the tracking server does not keep itself
     */
    public MlflowStore(Store others) {
        this.others = others;
    }

    @Override
    public Listing list(StoreUri uri, Access access, Asking http)
            throws FetchFailure, InterruptedException {
        var named = NAMED.matcher(uri.text());
        if (!named.matches()) {
            throw FetchFailure.lasting(
                    uri + " names no model; write models:/name@alias or models:/name/version");
        }
        var tracking = Tracking.of(uri, access, http);
        var name = named.group(1);
        var version =
                named.group(2) == null
                        ? tracking.version(name, named.group(3))
                        : tracking.aliased(name, named.group(2));
        var pinned = "models:/" + name + "/" + version.number();
        var artifacts = tracking.artifacts(name, version.number());
        return new Listing(
                pinned,
                Optional.of(version.source()).filter(source -> !source.isEmpty()),
                artifacts.startsWith("mlflow-artifacts:")
                        ? proxied(tracking, artifacts, version)
                        : others.list(elsewhere(uri, artifacts), access, http).files());
    }

    private static List<RemoteFile> proxied(
            Tracking tracking, String artifacts, Tracking.Version version)
            throws FetchFailure, InterruptedException {
        var files = new ProxiedArtifacts(tracking, artifacts, version.source()).files();
        if (files.isEmpty()) {
            throw Refusals.nothingThere(tracking.talk().subject());
        }
        return files;
    }

    /** Only stores, never a disk or an address: the registry's word is not the administrator's. */
    private static StoreUri elsewhere(StoreUri uri, String artifacts) throws FetchFailure {
        var azure = AZURE.matcher(artifacts);
        if (azure.matches()) {
            return new StoreUri(
                    "https://" + azure.group(2) + "/" + azure.group(1) + "/" + azure.group(3));
        }
        if (artifacts.startsWith("s3://") || artifacts.startsWith("gs://")) {
            return new StoreUri(artifacts.endsWith("/") ? artifacts : artifacts + "/");
        }
        throw FetchFailure.lasting(
                "%s: its files lie at %s, which only the registry's own machine can read; let the tracking server serve them (--serve-artifacts)"
                        .formatted(uri, artifacts));
    }
}
