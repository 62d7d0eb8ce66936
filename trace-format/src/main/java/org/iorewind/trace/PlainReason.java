package org.iorewind.trace;

import java.io.EOFException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What stands in the way, in words for a message: no class names, no path (the message names the file already). */
public final class PlainReason {
    private PlainReason() {}

    /**
     * The reason.
     *
     * @param failure of an input or output operation; the innermost cause is what counts
     * @return a few words, never empty
     */
    public static String of(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        if (deepest instanceof FileSystemException file) {
            return of(file);
        }
        String message = deepest.getMessage();
        if (message == null || message.isBlank()) {
            return deepest instanceof EOFException ? "the end of the file" : "a failure without a reason";
        }
        return message;
    }

    private static String of(FileSystemException file) {
        if (file instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (file instanceof AccessDeniedException) {
            return "no permission";
        }
        if (file instanceof FileAlreadyExistsException) {
            return "a file of that name";
        }
        if (file instanceof DirectoryNotEmptyException) {
            return "a directory with files in it";
        }
        if (file instanceof NotDirectoryException) {
            return "a file where a directory should be";
        }
        if (file instanceof FileSystemLoopException) {
            return "links that lead in a circle";
        }
        String reason = file.getReason();
        return reason == null || reason.isBlank() ? "a failure without a reason" : reason;
    }
}
