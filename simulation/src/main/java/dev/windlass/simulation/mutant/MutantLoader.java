package dev.windlass.simulation.mutant;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Loads all classes of the project anew, the changed ones first, so that many mutants can be tried in one JVM. Classes of
 * libraries are those of the JVM: they stay compiled to machine code from one mutant to the next.
 */
final class MutantLoader extends ClassLoader {
    private static final String PROJECT = "dev.windlass.";

    private final ClassLoader original;
    private final Map<String, byte[]> changed;

    /** @param changed classes to take instead of those of the class path, by name */
    MutantLoader(Map<String, byte[]> changed) {
        this(MutantLoader.class.getClassLoader(), changed);
    }

    private MutantLoader(ClassLoader original, Map<String, byte[]> changed) {
        super("mutant", original);
        this.original = original;
        this.changed = Map.copyOf(changed);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PROJECT)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                byte[] code = code(name);
                loaded = defineClass(name, code, 0, code.length, MutantLoader.class.getProtectionDomain());
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    private byte[] code(String name) throws ClassNotFoundException {
        byte[] code = changed.get(name);
        if (code != null) {
            return code;
        }
        try (InputStream file = original.getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
