package dev.windlass.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalTest {

    @TempDir
    Path directory;

    private static ObjectStore open(String uri, Map<String, String> options) {
        return new LocalStores().open(URI.create(uri), new StoreSettings(Environment.system(), 1, options));
    }

    private static ObjectStore open(String uri) {
        return open(uri, Map.of());
    }

    private static PutResult put(ObjectStore store) {
        return store.put("k", new byte[]{1}, Precondition.none());
    }

    @Test
    void open_directoryMissing_makesItAtTheFirstWriteOnly() {
        Path place = directory.resolve("a/b");
        try (ObjectStore store = open("file:" + place)) {
            assertThat(store.get("k").object()).isNull();
            assertThat(store.list("", null, 10).entries()).isEmpty();
            store.delete("k");
            assertThat(directory.resolve("a")).doesNotExist();

            assertThat(put(store)).isInstanceOf(PutResult.Applied.class);
            assertThat(place.resolve("windlass-store")).exists();
        }
    }

    @Test
    void open_everyFormOfUri_opensTheSameDirectory() {
        for (String uri : new String[]{"file:" + directory + "/s", "file://" + directory + "/s",
            "file://localhost" + directory + "/s",
            "file:" + directory + "/x/../%73?fsync=false&allowNetworkFileSystem=true"}) {
            try (ObjectStore store = open(uri)) {
                assertThat(store.location()).isEqualTo("file:" + directory + "/s");
            }
        }
        try (ObjectStore store = open("file:.windlass-unused")) {
            assertThat(store.location()).isEqualTo("file:" + Path.of(".windlass-unused").toAbsolutePath());
        }
    }

    @Test
    void open_directoryOfSomethingElse_isRefusedWithWhatWasFound() throws IOException {
        Files.writeString(directory.resolve("thesis.tex"), "text");

        assertThatThrownBy(() -> open("file:" + directory)).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining(directory.toString()).hasMessageContaining("thesis.tex")
                .hasMessageContaining(".windlass");
    }

    @Test
    void put_directoryFilledSinceOpen_isRefused() throws IOException {
        try (ObjectStore store = open("file:" + directory)) {
            Files.writeString(directory.resolve("thesis.tex"), "text");

            assertThatThrownBy(() -> put(store)).isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("thesis.tex");
            assertThat(directory).isDirectoryNotContaining("glob:**/windlass-store");
        }
    }

    @Test
    void open_newerLayout_isRefused() throws IOException {
        Files.writeString(directory.resolve("windlass-store"), "windlass file store, layout 3\n");

        assertThatThrownBy(() -> open("file:" + directory)).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("layout 3");
    }

    @Test
    void open_pathIsOrPassesAFile_isRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "text");

        assertThatThrownBy(() -> open("file:" + file)).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("is a file");
        assertThatThrownBy(() -> open("file:" + file + "/below")).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("is a file");
    }

    @Test
    void open_networkFileSystem_isRefusedUnlessAllowed() {
        StoreDirectory place = new StoreDirectory(directory);
        for (String type : new String[]{"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "NFS"}) {
            assertThatThrownBy(() -> place.check(false, path -> type)).isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining(type).hasMessageContaining("?allowNetworkFileSystem=true");
            place.check(true, path -> type);
        }
        for (String type : new String[]{"ext4", "xfs", "btrfs", "tmpfs", "zfs", "apfs", "overlay", "fuseblk"}) {
            place.check(false, path -> type);
        }
    }

    @Test
    void open_unknownOption_isRefusedWithTheNearestAndTheKnown() {
        assertThatThrownBy(() -> open("file:" + directory + "?fsnyc=false")).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'fsnyc'").hasMessageContaining("did you mean 'fsync'?")
                .hasMessageContaining("allowNetworkFileSystem, fsync");
        assertThatThrownBy(() -> open("file:" + directory, Map.of("endpoint", "x")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'endpoint'").hasMessageNotContaining("did you mean");
        assertThatThrownBy(() -> open("mem:x?fsync=false")).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no options");
        assertThatThrownBy(() -> open("file:" + directory + "?fsync=maybe")).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'maybe'").hasMessageContaining("true or false");
    }

    @Test
    void open_uriWithoutOrWithAStrangeDirectory_isRefused() {
        assertThatThrownBy(() -> open("file:?fsync=false")).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("names no directory");
        assertThatThrownBy(() -> open("file://data/x")).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("host 'data'");
        assertThatThrownBy(() -> open("file:a#b")).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("%23");
    }

    @Test
    void put_keyThatNoStoreTakes_isRefused() {
        try (ObjectStore store = open("file:" + directory)) {
            for (String key : new String[]{"", "/", "a//b", "/a", "a/", ".", "a/../b", "a\nb", "é", "x".repeat(256),
                "a/".repeat(512) + "b"}) {
                assertThatThrownBy(() -> store.get(key)).as(key).isInstanceOf(InvalidInputException.class);
                assertThatThrownBy(() -> store.put(key, new byte[0], Precondition.none()))
                        .isInstanceOf(InvalidInputException.class);
            }
            assertThatThrownBy(() -> store.list("no-slash", null, 1)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> store.list("", null, 1001)).isInstanceOf(InvalidInputException.class);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void put_directoryReplacedWhileOpen_isRefusedAndTheNewOneIsUsable() throws IOException {
        Path place = directory.resolve("s");
        try (ObjectStore before = open("file:" + place)) {
            put(before);
            Files.move(place, directory.resolve("away"));
            try (ObjectStore after = open("file:" + place)) {
                assertThat(put(after)).isInstanceOf(PutResult.Applied.class);

                assertThatThrownBy(() -> put(before)).isInstanceOf(StoreRefusedException.class)
                        .hasMessageContaining("open the store again");
            }
        }
    }

    @Test
    void get_damagedObject_isRefusedWithTheFile() throws IOException {
        try (ObjectStore store = open("file:" + directory)) {
            put(store);
            Files.write(directory.resolve("objects/k"), new byte[5]);

            assertThatThrownBy(() -> store.get("k")).isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining(directory.resolve("objects/k").toString());
        }
    }

    @Test
    void failures_ofTheSystem_areToldApart() {
        assertRefusal(new FileSystemException("f", null, "No space left on device"), "is full");
        assertRefusal(new IOException("No space left on device"), "is full");
        assertRefusal(new FileSystemException("f", null, "Disk quota exceeded"), "is full");
        assertRefusal(new FileSystemException("f", null, "Read-only file system"), "read-only");
        assertRefusal(new AccessDeniedException("f"), "no permission");
        assertRefusal(new FileNotFoundException("f (Permission denied)"), "no permission");
        assertRefusal(new FileSystemException("f", null, "Not a directory"), "is a file");
        assertThat(FileFailures.refusal(directory, "write", new IOException("Input/output error"))).isNull();
    }

    private void assertRefusal(IOException failure, String words) {
        assertThat(FileFailures.refusal(directory, "write", failure)).isNotNull().hasMessageContaining(words)
                .hasMessageContaining(directory.toString()).hasCause(failure);
    }
}
