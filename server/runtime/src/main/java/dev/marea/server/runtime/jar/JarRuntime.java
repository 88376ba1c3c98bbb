package dev.marea.server.runtime.jar;

import dev.marea.server.Model;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.ModelRuntime;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Serves a jar with a {@link Model}. It runs the user's code, and so only where the format is
 * named: a jar that happens to lie in a model's directory is not started.
 */
public final class JarRuntime implements ModelRuntime {
    private static final int LIBRARIES_MAX = 1_000;
    private static final String SERVICE = "META-INF/services/" + Model.class.getName();

    @Override
    public String format() {
        return "java";
    }

    @Override
    public List<String> endings() {
        return List.of(".jar");
    }

    @Override
    public boolean onlyWhenNamed() {
        return true;
    }

    @Override
    public LoadedModel load(Path file) throws LoadFailure {
        var classes = new URLClassLoader(urls(file), new SharedClasses());
        try {
            var model = only(file, classes);
            model.load(directory(file));
            return new JarModel(model, classes, file);
        } catch (LoadFailure refused) {
            throw closing(classes, refused);
        } catch (Exception | LinkageError failed) {
            throw closing(
                    classes,
                    new LoadFailure(file, "its load failed: " + failed, "see the log")
                            .causedBy(failed));
        }
    }

    private static LoadFailure closing(URLClassLoader classes, LoadFailure failure) {
        try {
            classes.close();
        } catch (IOException unclosed) {
            failure.addSuppressed(unclosed);
        }
        return failure;
    }

    private static Path directory(Path file) {
        var parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /** The jar, and the libraries in {@code lib/} beside it. */
    private static URL[] urls(Path file) throws LoadFailure {
        var jars = new ArrayList<Path>(List.of(file));
        var libraries = directory(file).resolve("lib");
        if (Files.isDirectory(libraries)) {
            try (var files = Files.list(libraries)) {
                files.limit(LIBRARIES_MAX)
                        .filter(library -> library.toString().endsWith(".jar"))
                        .sorted()
                        .forEach(jars::add);
            } catch (IOException unreadable) {
                throw new LoadFailure(
                                libraries, "cannot be listed: " + unreadable, "check permissions")
                        .causedBy(unreadable);
            }
        }
        var urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = jars.get(i).toUri().toURL();
            } catch (MalformedURLException odd) {
                throw new LoadFailure(jars.get(i), "has no URL", "rename it").causedBy(odd);
            }
        }
        return urls;
    }

    private static Model only(Path file, ClassLoader classes) throws LoadFailure {
        try {
            var found = ServiceLoader.load(Model.class, classes).stream().toList();
            if (found.size() != 1) {
                throw new LoadFailure(
                        file,
                        "names %d models in %s".formatted(found.size(), SERVICE),
                        "name exactly one class there that implements " + Model.class.getName());
            }
            return found.getFirst().get();
        } catch (ServiceConfigurationError wrong) {
            throw new LoadFailure(
                            file,
                            "its model cannot be made: " + wrong.getMessage(),
                            "check %s and that the class has a public constructor"
                                    .formatted(SERVICE))
                    .causedBy(wrong);
        }
    }
}
