package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;

import dev.windlass.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What the documents show compiles, and what they tell to type works. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private static List<String> blocks(String language) throws IOException {
        var documents = new ArrayList<Path>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(path -> path.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        var found = new ArrayList<String>();
        for (Path document : documents) {
            Matcher matcher = BLOCK.matcher(Files.readString(document));
            while (matcher.find()) {
                if (matcher.group(1).equals(language)) {
                    found.add(matcher.group(2));
                }
            }
        }
        return found;
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void javaBlocks_standInAnExampleThatIsCompiledAndRun() throws IOException {
        var sources = new StringBuilder();
        try (Stream<Path> files = Files.walk(ROOT.resolve("examples/src"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
                sources.append(squeezed(Files.readString(file)));
            }
        }
        List<String> blocks = blocks("java");
        assertThat(blocks).isNotEmpty();
        assertThat(blocks).allSatisfy(block -> assertThat(sources).contains(squeezed(block)));
    }

    @Test
    void xmlBlocks_nameWhatIsReleased() throws Exception {
        String bom = Files.readString(ROOT.resolve("bom/pom.xml")).replaceFirst("<\\?xml.*?\\?>", "");
        Set<String> released = new HashSet<>(texts(bom, "artifactId"));
        List<String> blocks = blocks("xml");
        assertThat(blocks).isNotEmpty();
        for (String block : blocks) {
            assertThat(texts("<x>" + block + "</x>", "groupId")).containsOnly("dev.windlass");
            assertThat(texts("<x>" + block + "</x>", "artifactId")).isNotEmpty().isSubsetOf(released);
            assertThat(texts("<x>" + block + "</x>", "version")).containsOnly(texts(bom, "version").getFirst());
        }
    }

    private static List<String> texts(String xml, String tag) throws Exception {
        NodeList found = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml))).getElementsByTagName(tag);
        var texts = new ArrayList<String>();
        for (int i = 0; i < found.getLength(); i++) {
            texts.add(found.item(i).getTextContent());
        }
        return texts;
    }

    @Test
    void shellBlocks_commandsOnADirectory_succeed() throws IOException {
        var commands = new ArrayList<String>();
        for (String block : blocks("sh")) {
            block.lines().filter(line -> line.startsWith("./windlass ") && !line.contains("s3:"))
                    .forEach(commands::add);
        }
        assertThat(commands).isNotEmpty();
        assertThat(commands).allSatisfy(this::succeeds);
    }

    private void succeeds(String line) {
        String command = line.replaceFirst("\\s#.*", "");
        var args = new ArrayList<String>();
        Matcher words = Pattern.compile("'([^']*)'|(\\S+)").matcher(command.substring("./windlass ".length()));
        while (words.find()) {
            String word = words.group(1) != null ? words.group(1) : words.group(2);
            args.add(word.startsWith("examples/") ? ROOT.resolve(word).toString() : word);
        }
        if (!args.contains("--version") && !args.getFirst().equals("graph")) {
            args.addAll(List.of("--store", "file:" + directory.resolve("store")));
        }
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.run(args.toArray(new String[0]), new PrintWriter(out), new PrintWriter(err));
        assertThat(code).as(line + "\n" + out + err).isZero();
    }
}
