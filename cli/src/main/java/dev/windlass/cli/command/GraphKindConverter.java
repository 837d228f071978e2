package dev.windlass.cli.command;

import java.util.Arrays;
import java.util.stream.Collectors;

import dev.windlass.cli.graph.GraphKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a kind of graph as it is written on the command line. */
final class GraphKindConverter implements ITypeConverter<GraphKind> {

    @Override
    public GraphKind convert(String word) {
        return Arrays.stream(GraphKind.values()).filter(kind -> kind.word().equals(word)).findFirst()
                .orElseThrow(() -> new TypeConversionException("there is no graph kind '" + word + "'; known are "
                        + Arrays.stream(GraphKind.values()).map(GraphKind::word).collect(Collectors.joining(", "))));
    }
}
