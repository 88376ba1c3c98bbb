package dev.marea.storage.stores.talk;

import dev.marea.storage.store.FetchFailure;

/** How every store's refusal reads. */
public final class Refusals {
    private Refusals() {}

    public static FetchFailure of(String subject, int status, String words, String advice) {
        var said = words.isEmpty() ? "" : " (" + words + ")";
        var todo = advice.isEmpty() ? "" : "; " + advice;
        var message = "%s: the store answered %d%s%s".formatted(subject, status, said, todo);
        if (status == 412) {
            return FetchFailure.passing(
                    subject + ": a file changed while it was fetched; it is listed anew");
        }
        boolean passing = status == 408 || status == 429 || status >= 500;
        return passing ? FetchFailure.passing(message) : FetchFailure.lasting(message);
    }

    public static FetchFailure nothingThere(String subject) {
        return FetchFailure.lasting(
                subject
                        + ": the store has nothing under this name; check storageUri for a misspelt path");
    }

    public static FetchFailure tooMany(String subject, int max) {
        return FetchFailure.lasting(
                subject
                        + " names more than "
                        + max
                        + " files, the limit for one model; name the directory of one model");
    }
}
