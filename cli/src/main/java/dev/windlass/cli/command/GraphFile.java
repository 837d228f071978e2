package dev.windlass.cli.command;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import dev.windlass.InvalidInputException;
import dev.windlass.cli.graph.WfFormat;
import dev.windlass.cli.graph.WorkflowGraph;

/** A graph named on the command line. */
public final class GraphFile {
    private GraphFile() {
    }

    /**
     * Reads and checks it.
     *
     * @param name a file's name, or {@code -} for standard input
     * @throws InvalidInputException as {@link WfFormat#read(Path)}
     */
    public static WorkflowGraph read(String name) {
        if (name.equals("-")) {
            return WfFormat.read("graph on standard input", "workflow", new FileInputStream(FileDescriptor.in));
        }
        try {
            return WfFormat.read(Path.of(name));
        } catch (InvalidPathException e) {
            throw new InvalidInputException("graph file " + name + " is no possible file name: " + e.getReason(), e);
        }
    }
}
