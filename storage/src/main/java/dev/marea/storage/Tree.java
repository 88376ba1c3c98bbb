package dev.marea.storage;

import dev.marea.storage.cache.Manifest.Entry;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.ModelTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a model as they come in, each from one source; a later layer covers earlier ones.
 */
final class Tree {
    private final String subject;
    private final int filesMax;
    private final Map<Integer, Source> sources = new TreeMap<>();

    /** What one file of the store came to. */
    private record Source(List<Entry> entries, List<String> removed) {}

    Tree(String subject, int filesMax) {
        this.subject = subject;
        this.filesMax = filesMax;
    }

    synchronized void put(int source, Entry entry) {
        sources.put(source, new Source(List.of(entry), List.of()));
    }

    /** What an archive or a layer came to, and what it takes from the layers below it. */
    synchronized void put(int source, List<Entry> entries, List<String> removed) {
        sources.put(source, new Source(List.copyOf(entries), List.copyOf(removed)));
    }

    /**
     * The whole model.
     *
     * @param count of the sources, each of which has brought what it had
     */
    synchronized List<Entry> entries(int count) throws FetchFailure {
        if (sources.size() != count) {
            throw new IllegalStateException(
                    "%s: %d of %d files came".formatted(subject, sources.size(), count));
        }
        var files = new LinkedHashMap<String, Entry>();
        for (var source : sources.values()) {
            source.removed().forEach(path -> files.keySet().removeIf(below(path)));
            source.entries().forEach(entry -> files.put(entry.path(), entry));
        }
        var tree = new ModelTree(subject, filesMax);
        for (var path : files.keySet()) {
            tree.add(path);
        }
        if (files.isEmpty()) {
            throw FetchFailure.lasting(subject + " holds no file");
        }
        var sorted = new ArrayList<>(files.values());
        sorted.sort(java.util.Comparator.comparing(Entry::path));
        return sorted;
    }

    private static java.util.function.Predicate<String> below(String removed) {
        return path -> path.equals(removed) || path.startsWith(removed + "/");
    }
}
