package dev.windlass.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start another process of this very command: the same Java, class path and options of the virtual machine. */
public final class JavaCommand {
    /** Set by the launcher: options of the virtual machine that other processes take over, one a line. */
    static final String OPTIONS_PROPERTY = "windlass.java.options";

    private JavaCommand() {
    }

    /**
     * The command line that runs {@code windlass} with these arguments in a process of its own.
     *
     * @param javaOptions options of the virtual machine, after and thus stronger than those taken over; may be empty
     * @param args the command's arguments
     */
    public static List<String> of(List<String> javaOptions, List<String> args) {
        return of(System.getProperty("java.class.path"), Main.class, javaOptions, args);
    }

    /**
     * The command line that runs another program in a process of its own, with the same Java and options.
     *
     * @param classPath its class path
     * @param main its main class
     * @param javaOptions options of the virtual machine, after and thus stronger than those taken over; may be empty
     * @param args the program's arguments
     */
    public static List<String> of(String classPath, Class<?> main, List<String> javaOptions, List<String> args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String options = System.getProperty(OPTIONS_PROPERTY, "");
        options.lines().filter(option -> !option.isBlank()).forEach(command::add);
        if (!options.isEmpty()) {
            command.add("-D" + OPTIONS_PROPERTY + "=" + options);
        }
        command.addAll(javaOptions);
        command.add("-cp");
        command.add(classPath);
        command.add(main.getName());
        command.addAll(args);
        return command;
    }
}
