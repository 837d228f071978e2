package dev.windlass.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

import dev.windlass.cli.Main;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: this build's version and the Java it runs on. */
public final class ProjectVersion implements IVersionProvider {

    /** One line, such as {@code windlass 1.0.0 (Java 21.0.2)}. */
    public static String line() {
        var properties = new Properties();
        try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is missing from the jar; build it again");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "windlass " + properties.getProperty("version") + " (Java " + System.getProperty("java.version") + ")";
    }

    @Override
    public String[] getVersion() {
        return new String[]{line()};
    }
}
