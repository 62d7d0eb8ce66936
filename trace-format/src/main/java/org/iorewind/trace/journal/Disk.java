package org.iorewind.trace.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Forces the parts of a journal to the disk, in the order that the durable mark relies on.
 *
 * <p>What the disk has refused once is refused for ever: the kernel tells of a page that it could not write one time only,
 * and takes it for written afterwards, so that forcing it again would succeed and mean nothing. Called by one thread at a
 * time.
 */
final class Disk {
    /** What is forced at a time. */
    enum Part {
        /** The events in {@code open-blocks}. */
        SLOTS,
        /** The blocks in the queue. */
        QUEUE,
        /** The description and the marks in {@code open-blocks}. */
        DESCRIPTION,
        /** The entries of the directories. */
        NAMES
    }

    private final Path directory;
    private final StagingWriter staging;
    private final ReservedSpace space;
    private final boolean metadata;
    private final Consumer<Part> afterwards;
    private @Nullable Throwable refusal;

    Disk(Path directory, StagingWriter staging, ReservedSpace space, boolean metadata, Consumer<Part> afterwards) {
        this.directory = directory;
        this.staging = staging;
        this.space = space;
        this.metadata = metadata;
        this.afterwards = afterwards;
    }

    /**
     * All events, then the mark that says so.
     *
     * @param queueChanged whether blocks were published since the queue was forced
     */
    void makeDurable(long events, boolean queueChanged) throws IOException {
        if (queueChanged) {
            queue();
        }
        slots();
        staging.markDurable(events);
        description();
    }

    /** All events, the marks that say so and that there will be no more, and the names. */
    void close(long events) throws IOException {
        queue();
        slots();
        staging.markDurable(events);
        staging.markClosed(events);
        description();
        names();
    }

    private void slots() throws IOException {
        force(Part.SLOTS, staging::forceSlots);
    }

    void queue() throws IOException {
        force(Part.QUEUE, () -> space.force(metadata));
    }

    private void description() throws IOException {
        force(Part.DESCRIPTION, staging::forceDescription);
    }

    private void force(Part part, Forcing forcing) throws IOException {
        if (refusal != null) {
            throw new IOException(refusal);
        }
        try {
            forcing.run();
            afterwards.accept(part);
        } catch (IOException | RuntimeException | InternalError e) {
            refusal = e;
            throw e;
        }
    }

    /** What can fail. */
    private interface Forcing {
        void run() throws IOException;
    }

    /** The entries of the journal's directories, and of those above it: they may have been made for this journal. */
    void names() throws IOException {
        Path absolute = directory.toAbsolutePath();
        force(absolute.resolve(JournalDescriptor.BLOCKS_NAME));
        force(absolute);
        for (Path each = absolute.getParent(); each != null; each = each.getParent()) {
            try {
                force(each);
            } catch (AccessDeniedException e) {
                // A directory that may not be read is not one that this process has made.
            }
        }
        afterwards.accept(Part.NAMES);
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
