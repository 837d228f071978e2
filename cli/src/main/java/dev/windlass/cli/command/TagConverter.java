package dev.windlass.cli.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A tag on the command line: {@code NAME=VALUE}. */
final class TagConverter implements ITypeConverter<TagConverter.Tag> {

    /** A tag. */
    record Tag(String name, String value) {}

    @Override
    public Tag convert(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new TypeConversionException("'" + text + "' is no tag; write NAME=VALUE, such as customer=17");
        }
        return new Tag(text.substring(0, equals), text.substring(equals + 1));
    }
}
