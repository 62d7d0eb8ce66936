package org.iorewind.trace.journal;

import java.io.PrintStream;
import java.nio.file.Path;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.sbe.MmioSpace;

/** A process that appends events for ever and prints each acknowledged sequence number: it is there to be killed. */
public final class AppendingProcess {
    private AppendingProcess() {}

    /** The register value of an event, so that whoever reads it can tell that it is the right one. */
    static long valueOf(long sequence) {
        return sequence * 0x9E37_79B9_7F4A_7C15L;
    }

    /** Appends to the journal named by the first argument, as many events as the second one says, if there is one. */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        JournalWriter journal = JournalWriter.create(Path.of(arguments[0]));
        EventWriter writer = new EventWriter(journal);
        out.println(writer.sessionStart(RandomEvents.info(1, 2)));
        long count = arguments.length > 1 ? Long.parseLong(arguments[1]) : Long.MAX_VALUE;
        for (long i = 1; i < count; i++) {
            long sequence = writer.at(i).mmioWrite(MmioSpace.HOST, 8, 0x18, valueOf(i));
            out.println(sequence);
            if (out.checkError()) {
                return;
            }
        }
    }
}
