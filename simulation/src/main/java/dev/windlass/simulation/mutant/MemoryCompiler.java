package dev.windlass.simulation.mutant;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles a few sources against the class path of this JVM, without a file. */
final class MemoryCompiler {
    private static final String RELEASE = "21";

    private MemoryCompiler() {
    }

    /**
     * Compiles.
     *
     * @param name for messages
     * @param sources by the name of the class
     * @return the classes, by name
     * @throws MutantException with what the compiler says, if it does not compile
     */
    static Map<String, byte[]> compile(String name, Map<String, String> sources) {
        if (sources.isEmpty()) {
            return Map.of();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new MutantException("There is no Java compiler in this JVM: use that of a JDK.");
        }
        var messages = new DiagnosticCollector<JavaFileObject>();
        var classes = new TreeMap<String, ByteArrayOutputStream>();
        try (JavaFileManager files = new Memory(
                compiler.getStandardFileManager(messages, Locale.ROOT, StandardCharsets.UTF_8), classes)) {
            List<Source> units = sources.entrySet().stream()
                    .map(source -> new Source(source.getKey(), source.getValue())).toList();
            List<String> options = List.of("--release", RELEASE, "-proc:none", "-nowarn", "-parameters", "-cp",
                    System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(null, files, messages, options, null, units).call();
            if (!compiled) {
                throw new MutantException(name + Mutant.ENDING + " does not compile: " + errors(messages));
            }
        } catch (IOException e) {
            throw new MutantException(name + Mutant.ENDING + " cannot be compiled.", e);
        }
        var bytes = new TreeMap<String, byte[]>();
        classes.forEach((type, code) -> bytes.put(type, code.toByteArray()));
        return bytes;
    }

    private static String errors(DiagnosticCollector<JavaFileObject> messages) {
        var text = new StringBuilder();
        for (Diagnostic<? extends JavaFileObject> message : messages.getDiagnostics()) {
            if (message.getKind() == Diagnostic.Kind.ERROR) {
                JavaFileObject source = message.getSource();
                text.append('\n').append(source == null ? "" : source.getName()).append(':')
                        .append(message.getLineNumber()).append(": ").append(message.getMessage(Locale.ROOT));
            }
        }
        return text.toString();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String className, String text) {
            super(URI.create("memory:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes;

        Memory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location location, String className, JavaFileObject.Kind kind,
                FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return classes.computeIfAbsent(className, type -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
