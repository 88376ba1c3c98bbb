package dev.marea.server.runtime.jar;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * What a user's jar sees of ours: the interface that it implements, the types in it, and the log.
 * Our libraries stay ours: a jar may bring any version of its own.
 */
final class SharedClasses extends ClassLoader {
    private static final String API = "dev.marea.server.";
    private static final String LOG = "org.slf4j.";

    private final ClassLoader ours = SharedClasses.class.getClassLoader();

    SharedClasses() {
        super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.startsWith(API) || name.startsWith(LOG)) {
            return ours.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }

    @Override
    protected @Nullable URL findResource(String name) {
        return null;
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        return Collections.emptyEnumeration();
    }
}
