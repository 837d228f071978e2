package dev.windlass.cli.cost;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import dev.windlass.InvalidInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A file that holds one JSON object. */
final class JsonFile {
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final long MOST = 1024 * 1024;

    private JsonFile() {
    }

    /**
     * Reads it.
     *
     * @param what what the file is, for messages
     * @throws InvalidInputException if it cannot be read or is no JSON object
     */
    static ObjectNode read(String what, String name) {
        String subject = what + ' ' + name;
        try {
            Path path = Path.of(name);
            if (Files.isDirectory(path)) {
                throw new InvalidInputException(subject + " is a directory; name a file");
            }
            if (Files.size(path) > MOST) {
                throw new InvalidInputException(subject + " is longer than 1 MiB; is it the right file?");
            }
            JsonNode json = MAPPER.readTree(Files.readAllBytes(path));
            if (json instanceof ObjectNode object) {
                return object;
            }
            throw new InvalidInputException(subject + " is no JSON object; it begins with {");
        } catch (NoSuchFileException e) {
            throw new InvalidInputException(subject + " does not exist; check its name", e);
        } catch (AccessDeniedException e) {
            throw new InvalidInputException(subject + " cannot be read: permission denied", e);
        } catch (InvalidPathException e) {
            throw new InvalidInputException(subject + " is no possible file name: " + e.getReason(), e);
        } catch (IOException e) {
            throw new InvalidInputException(subject + " cannot be read: " + e.getMessage(), e);
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new InvalidInputException(subject + " is not JSON"
                    + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr()) + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse("syntax error"), e);
        }
    }
}
