package org.iorewind.trace.journal;

import java.nio.file.Path;
import java.util.function.Supplier;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.TraceException;
import org.iorewind.trace.TraceStoreException;

/** How this format uses Chronicle Queue: raw bytes, one block per excerpt, one file that never rolls. */
final class BlockQueue {
    private static final long TIMEOUT_MS = 2_000;
    private static final String JVM_FLAGS =
            "--add-opens java.base/java.lang.reflect=ALL-UNNAMED --add-exports java.base/sun.nio.ch=ALL-UNNAMED";

    static {
        // Chronicle can send usage statistics: its jar for that is banned from the build, and this says no once more.
        System.setProperty("chronicle.analytics.disable", "true");
        // The watch on free disk space is a thread; space is reserved here before each block.
        System.setProperty("chronicle.disk.monitor.disable", "true");
    }

    private BlockQueue() {}

    static SingleChronicleQueue open(Path directory, boolean readOnly) {
        try {
            return SingleChronicleQueueBuilder.binary(directory)
                    .rollCycle(JournalDescriptor.ROLL_CYCLE)
                    .timeProvider(() -> JournalDescriptor.QUEUE_TIME_MS)
                    .blockSize(JournalDescriptor.QUEUE_PIECE_LENGTH)
                    .timeoutMS(TIMEOUT_MS)
                    .readOnly(readOnly)
                    .build();
        } catch (AssertionError | ExceptionInInitializerError | NoClassDefFoundError e) {
            // What Chronicle throws when the JVM does not let it map files.
            throw cannotAppend(directory, e);
        }
    }

    /**
     * Works on a queue that exists. Whatever Chronicle throws means that its files are damaged: it wraps checked
     * exceptions, throws them undeclared, and fails with errors of its own.
     *
     * @param place in the journal, for the message
     * @throws CorruptTraceException if Chronicle cannot go on
     */
    static <T> T reading(Path directory, String place, Supplier<T> work) {
        try {
            return work.get();
        } catch (TraceException e) {
            throw e;
        } catch (Exception | AssertionError | InternalError | LinkageError e) {
            String nextStep = "copy the whole journal directory again";
            throw new CorruptTraceException(directory.toString(), place, "a readable queue", words(e), nextStep, e);
        }
    }

    /** What Chronicle met, for a message: its own are about its internals. */
    static String words(Throwable failure) {
        return "bytes that Chronicle Queue cannot read (" + failure.getClass().getSimpleName() + ")";
    }

    static TraceStoreException cannotAppend(Path directory, Throwable cause) {
        return new TraceStoreException(
                directory.toString(),
                "",
                "a queue that can be appended to",
                cause.toString(),
                "start the JVM with " + JVM_FLAGS + ", or use the iorewind launcher, which does",
                cause);
    }
}
