package org.iorewind.cli.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.iorewind.cli.UsageException;
import org.iorewind.trace.journal.JournalDirectory;

/** Which names an output may have: nothing is replaced by accident, and nothing but what iorewind can make again. */
public final class Destination {
    private Destination() {}

    /**
     * Refuses an output that is one of the inputs, by whatever name, or lies inside one, or around one.
     *
     * @throws UsageException if it does; nothing was touched then
     * @throws IOException if a name cannot be followed
     */
    public static void refuseInput(Path target, List<Path> inputs) throws IOException {
        Path out = real(target);
        for (Path input : inputs) {
            if (!Files.exists(input)) {
                continue;
            }
            Path in = input.toRealPath();
            boolean same = Files.exists(out) && Files.isSameFile(out, in);
            if (same || Files.isDirectory(in) && out.startsWith(in) || Files.isDirectory(out) && in.startsWith(out)) {
                throw new UsageException(target + " is the input itself"
                        + (same ? "" : ", or a part of it, or holds it")
                        + ", and is not replaced: choose another name with -o");
            }
        }
    }

    private static Path real(Path target) throws IOException {
        if (Files.exists(target)) {
            return target.toRealPath();
        }
        Path absolute = target.toAbsolutePath();
        Path parent = absolute.getParent();
        return parent == null || !Files.exists(parent)
                ? absolute.normalize()
                : parent.toRealPath().resolve(absolute.getFileName());
    }

    /**
     * The place for a file.
     *
     * @param force whether a regular file there may be replaced
     * @return where to write; a link is followed
     * @throws UsageException if it is taken, or is no regular file
     */
    public static Path file(Path target, boolean force) {
        if (target.getFileName() == null || Files.isDirectory(target)) {
            throw new UsageException(target + " is a directory: name a file with -o");
        }
        if (isFree(target)) {
            return target;
        }
        if (!Files.isRegularFile(target)) {
            throw new UsageException(
                    target + " is a pipe or a device, and is not replaced: name a regular file with -o");
        }
        return taken(target, force);
    }

    /**
     * The place for a journal.
     *
     * @param force whether a journal there may be replaced, also one that is damaged or half made
     * @return where to write; a link is followed
     * @throws UsageException if it is taken, or is anything but a journal
     */
    static Path journal(Path target, boolean force) {
        if (target.getFileName() == null) {
            throw new UsageException(target + " is no name for a trace");
        }
        if (isFree(target)) {
            return target;
        }
        if (!Files.isDirectory(target)) {
            throw new UsageException(
                    target + " is no journal, and is not replaced by one: choose another name with -o");
        }
        Path directory = taken(target, force);
        try {
            if (JournalDirectory.holdsNothingElse(directory)) {
                return directory;
            }
        } catch (IOException e) {
            throw OutputFile.unwritable(target, e);
        }
        throw new UsageException(target
                + " holds files that are no part of a journal, and is not replaced: choose another name with -o");
    }

    private static boolean isFree(Path target) {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        if (!Files.exists(target)) {
            throw new UsageException(target + " is a link that leads nowhere: choose another name with -o");
        }
        return false;
    }

    private static Path taken(Path target, boolean force) {
        if (!force) {
            throw new UsageException(target + " exists already: choose another name, or add --force to replace it");
        }
        try {
            return target.toRealPath();
        } catch (IOException e) {
            throw OutputFile.unwritable(target, e);
        }
    }
}
