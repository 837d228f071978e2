package dev.windlass.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;

import dev.windlass.store.StoreRefusedException;
import org.jspecify.annotations.Nullable;

/** Tells failures that stay from failures that pass, and says each in one sentence. */
final class FileFailures {

    private FileFailures() {
    }

    /**
     * @param doing what was tried, such as {@code "write"}
     * @return the refusal, or null if trying again may help
     */
    static @Nullable StoreRefusedException refusal(Path root, String doing, Exception failure) {
        String reason = reason(failure);
        String store = "cannot " + doing + " in the store directory " + root + ": ";
        if (reason.contains("no space left") || reason.contains("quota exceeded")) {
            return new StoreRefusedException(
                    store + "its file system is full; free space or move the store, nothing was changed",
                    failure);
        }
        if (reason.contains("read-only file system") || failure instanceof ReadOnlyFileSystemException) {
            return new StoreRefusedException(
                    store + "its file system is read-only; mount it writable or choose another directory",
                    failure);
        }
        if (failure instanceof AccessDeniedException || reason.contains("permission denied")
                || reason.contains("operation not permitted")) {
            return new StoreRefusedException(
                    store + "this user has no permission; change the owner or mode of the directory, or run"
                            + " as another user",
                    failure);
        }
        if (reason.contains("not a directory")) {
            return new StoreRefusedException(
                    store + "a part of its path is a file, not a directory; choose another directory",
                    failure);
        }
        if (reason.contains("too many open files")) {
            return null;
        }
        if (reason.contains("file name too long")) {
            return new StoreRefusedException(
                    store + "the path becomes too long for this system; choose a shorter directory", failure);
        }
        return null;
    }

    private static String reason(Exception failure) {
        String reason = failure instanceof FileSystemException fileSystem ? fileSystem.getReason() : null;
        if (reason == null && failure instanceof IOException) {
            reason = failure.getMessage();
        }
        return reason == null ? "" : reason.toLowerCase(Locale.ROOT);
    }
}
