package dev.windlass.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What is released is what the BOM names, and each artefact says what Maven Central asks of it. */
class ReleaseTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static Element pom(String folder) throws Exception {
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(ROOT.resolve(folder).resolve("pom.xml").toFile());
        return document.getDocumentElement();
    }

    /** The elements at the end of a path of names, such as {@code modules/module}. */
    private static List<Element> elements(Element from, String path) {
        List<Element> level = List.of(from);
        for (String name : path.split("/", -1)) {
            List<Element> next = new ArrayList<>();
            for (Element each : level) {
                for (Node child = each.getFirstChild(); child != null; child = child.getNextSibling()) {
                    if (child instanceof Element element && element.getTagName().equals(name)) {
                        next.add(element);
                    }
                }
            }
            level = next;
        }
        return level;
    }

    private static List<String> texts(Element from, String path) {
        return elements(from, path).stream().map(element -> element.getTextContent().strip()).toList();
    }

    private static List<String> modules() throws Exception {
        return texts(pom("."), "modules/module");
    }

    @Test
    void modules_eachIsInTheBomOrSaysThatItIsNotReleased() throws Exception {
        List<String> released = new ArrayList<>();
        for (String module : modules()) {
            Element pom = pom(module);
            if (!module.equals("bom") && !texts(pom, "properties/maven.deploy.skip").contains("true")) {
                released.addAll(texts(pom, "artifactId"));
            }
        }

        assertThat(texts(pom("bom"), "dependencyManagement/dependencies/dependency/artifactId"))
                .as("the BOM: a module that users do not need sets maven.deploy.skip to true")
                .containsExactlyInAnyOrderElementsOf(released);
    }

    @Test
    void poms_eachHasANameAndADescription() throws Exception {
        List<String> folders = new ArrayList<>(modules());
        folders.add(".");
        for (String folder : folders) {
            for (String what : List.of("name", "description")) {
                assertThat(texts(pom(folder), what)).as("%s of %s/pom.xml", what, folder).hasSize(1)
                        .noneMatch(String::isBlank);
            }
        }
    }

    @Test
    void poms_withoutAParentHaveALicenceAndAuthors() throws Exception {
        for (String folder : List.of(".", "bom")) {
            assertThat(texts(pom(folder), "licenses/license/name")).as("licence of " + folder)
                    .containsExactly("Apache-2.0");
            assertThat(texts(pom(folder), "developers/developer/name")).as("authors of " + folder).isNotEmpty();
        }
        for (String module : modules()) {
            if (!module.equals("bom")) {
                assertThat(texts(pom(module), "parent/artifactId")).as("parent of " + module)
                        .containsExactly("windlass-parent");
            }
        }
    }

    /** Else two builds of the same sources differ. */
    @Test
    void build_hasOneTimeForAllThatIsInIt() throws Exception {
        assertThat(texts(pom("."), "properties/project.build.outputTimestamp")).hasSize(1)
                .allMatch(time -> time.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"));
    }
}
