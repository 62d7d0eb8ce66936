package org.iorewind.record.qemulog;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.iorewind.record.ImportResult;
import org.iorewind.record.MeteredAppender;
import org.iorewind.record.memory.GuestMemory;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.EndReason;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a QEMU that runs, turned into events as they come, by the same assemblers as those of a file: the same lines
 * give the same events.
 *
 * <pre>
 *   receiver thread:  line(text) ─▶ parse, read the guest's memory at once ─▶ lines on their way (bounded)
 *   writer thread:    run()      ─▶ assemble, append to the trace ◀──────────┘
 * </pre>
 *
 * <p>When the writer falls behind, {@link #line} waits, and QEMU waits for its reader: nothing is lost.
 */
public final class LiveQemuLog {
    /** Arrival of a line whose time is that of the line before, as with a line without a stamp in a file. */
    public static final long NO_STAMP = LogLine.UNKNOWN;

    private static final int FIRST_LINE_BYTES = 1024;
    private static final int LINES_TOGETHER = 1024;

    private final LogFacts facts;
    private final SessionInfo session;
    private final MeteredAppender counted;
    private final EventWriter writer;
    private final LineParser parser = new LineParser();
    private final EventBytes bytesParser = new EventBytes();
    private byte[] bytes = new byte[FIRST_LINE_BYTES];
    private final LogLine[] together = new LogLine[LINES_TOGETHER];
    private int togetherLines;
    private final @Nullable TableWitness witness;
    private final LiveLines lines = new LiveLines();
    private final ImportContext context;
    private final EventAssembler assembler;
    private final LineWindow window;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong deviceTableTouched = new AtomicLong();
    private volatile long late;
    private volatile boolean stopped;

    /**
     * Prepares a recording; writes nothing yet.
     *
     * @param facts what this QEMU writes
     * @param platform what is known of the machine, in words
     * @param tool what records
     * @param moreContract sentences that follow the completeness contract; may be empty
     * @param memory read beside each line if {@code facts.annotated()}; null if it cannot be read
     * @param appender takes the events; stays open
     */
    public LiveQemuLog(
            LogFacts facts,
            String platform,
            String tool,
            String moreContract,
            @Nullable GuestMemory memory,
            EventAppender appender) {
        this.facts = facts;
        this.session = Contract.session(facts, facts.profile(), tool, platform, moreContract);
        this.counted = new MeteredAppender(appender);
        this.writer = new EventWriter(counted);
        this.witness = memory == null ? null : new TableWitness(memory);
        this.window = new LineWindow(new ActionOrder(lines));
        this.context = new ImportContext(facts, window, writer);
        this.assembler = new EventAssembler(context);
    }

    /**
     * The completeness contract that such a recording states.
     *
     * @param more sentences that follow; may be empty
     */
    public static String contract(LogFacts facts, String more) {
        return Contract.session(facts, facts.profile(), "", "", more).contract();
    }

    /**
     * A line has arrived. The receiver's thread only.
     *
     * @param text without line end
     * @param arrivalUnixNs wall clock now, ns since 1970, for a line without a stamp; or {@link #NO_STAMP}
     * @param thread that printed it, if that is known and does not stand in the line; else 0
     * @return false if the trace takes no lines any more
     */
    public boolean line(String text, long arrivalUnixNs, int thread) {
        received.lazySet(received.getPlain() + 1);
        return lines.put(looked(parser.parse(text).arrivedAt(arrivalUnixNs, thread)));
    }

    /**
     * A line has arrived, and others may be about to: it is handed on by {@link #flush}, or when many are together. The
     * receiver's thread only; not to be mixed with {@link #line}.
     *
     * @param buffer holds its text in UTF-8, without line end; copied
     * @param offset where it starts
     * @param length in bytes
     * @param unixNs wall clock when it was printed, ns since 1970
     * @param thread that printed it; 0 if unknown
     * @return how many lines, of this one and those before it, the trace did not take because it takes no more
     */
    public int add(DirectBuffer buffer, int offset, int length, long unixNs, int thread) {
        if (length > bytes.length) {
            bytes = new byte[Math.max(length, 2 * bytes.length)];
        }
        buffer.getBytes(offset, bytes, 0, length);
        LogLine line = bytesParser.parse(bytes, length, unixNs, thread == 0 ? LogLine.UNKNOWN : thread);
        if (line == null) {
            String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
            line = parser.parse(text).arrivedAt(unixNs, thread);
        }
        received.lazySet(received.getPlain() + 1);
        together[togetherLines++] = looked(line);
        return togetherLines == LINES_TOGETHER ? flush() : 0;
    }

    /**
     * Hands on what {@link #add} holds back. The receiver's thread only.
     *
     * @return how many lines the trace did not take because it takes no more
     */
    public int flush() {
        int count = togetherLines;
        togetherLines = 0;
        return count == 0 ? 0 : count - lines.put(together, count);
    }

    private LogLine looked(LogLine line) {
        if (line.is(QemuEvent.MMIO_READ) && line.values[0] < Long.BYTES) {
            deviceTableTouched.incrementAndGet();
        }
        return witness == null ? line : witness.look(line);
    }

    /** The base register of the device table, if it is known otherwise than from a line. Any thread. */
    public void deviceTable(long register) {
        if (witness != null) {
            witness.deviceTable(register);
        }
    }

    /**
     * Writes something between two lines. Any thread.
     *
     * @param unixNs when, ns since 1970
     * @param events writes it; called by the writer's thread
     * @return false if the trace takes nothing any more
     */
    public boolean insert(long unixNs, Consumer<EventWriter> events) {
        return lines.put(LogLine.insert(unixNs, events));
    }

    /** No line will come any more: {@link #run} ends when those that came are written. Any thread. */
    public void end() {
        lines.end();
    }

    /**
     * Writes the first event and all that follow, until {@link #end}. The writer's thread.
     *
     * @throws org.iorewind.trace.TraceStoreException if the trace cannot take an event; no more lines are taken then
     */
    public void run() {
        try {
            writer.at(0).sessionStart(session);
            assembler.run(this::progress);
        } finally {
            progress(0, 0);
            stopped = true;
            window.close();
        }
    }

    private void progress(long done, long total) {
        late = context.lateReadings;
    }

    /**
     * Writes the last event, after {@link #run} has ended. The writer's thread.
     *
     * @param unixNs when, ns since 1970
     * @throws org.iorewind.trace.TraceStoreException if the trace cannot take it
     */
    public void sessionEnd(long unixNs, EndReason reason, String note) {
        writer.at(Math.max(0, unixNs - facts.startUnixNs())).sessionEnd(reason, note);
        progress(0, 0);
    }

    /** What was recorded, after the end. */
    public ImportResult result() {
        return new ImportResult(
                window.lines(),
                counted.events(),
                assembler.skipped(),
                context.folded(),
                assembler.unparsed(),
                java.util.List.copyOf(assembler.unparsedExamples()),
                facts.profile().toLowerCase(Locale.ROOT),
                session.contract());
    }

    /**
     * How often the base register of the device table was read, or, before QEMU 10.2, perhaps written: the line is the same.
     * Any thread.
     */
    public long deviceTableTouched() {
        return deviceTableTouched.get();
    }

    /** Lines received so far. Any thread. */
    public long receivedLines() {
        return received.get();
    }

    /** Events written. Any thread. */
    public long writtenEvents() {
        return counted.events();
    }

    /** Readings of memory that came too late, counted now and then. Any thread. */
    public long lateReadings() {
        return late;
    }

    /** Lines received and not written yet. Any thread. */
    public int waitingLines() {
        return lines.waiting();
    }

    /** How far the writing is behind the lines, ns. Any thread. */
    public long lagNs() {
        return lines.lagNs();
    }

    /** Whether the trace has taken its last line. Any thread. */
    public boolean isStopped() {
        return stopped;
    }
}
