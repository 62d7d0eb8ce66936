package org.iorewind.record.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.iorewind.record.MeteredAppender;
import org.iorewind.record.memory.GuestMemory;
import org.iorewind.record.qemu.Capabilities;
import org.iorewind.record.qemu.LibraryInside;
import org.iorewind.record.qemu.QmpClient;
import org.iorewind.record.qemu.QmpEvent;
import org.iorewind.record.qemu.RunningQemu;
import org.iorewind.record.qemu.ScratchFiles;
import org.iorewind.record.qemulog.LiveQemuLog;
import org.iorewind.record.qemulog.LogFacts;
import org.iorewind.record.qemulog.TableSnapshot;
import org.iorewind.record.ring.RingFile;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.GapReason;
import org.jspecify.annotations.Nullable;

/**
 * Joins a QEMU that runs, through its monitor: holds the guest for a moment, writes down the registers and every table that
 * can be reached, has the events written into a pipe, and lets the guest go on. At the end all that was changed is put back.
 */
public final class AttachedRecording {
    private static final String TOOL = "record attach";
    private static final String LATE =
            "Tables and commands are read a moment after their use, or, inside QEMU, at that moment: where a guest had"
                    + " changed them meanwhile, the entry is inferred from the result and flagged late, or a gap says so.";
    private static final long LOOK_MS = 200;
    private static final int LOOKS_TO_HEARTBEAT = 25;
    private static final int LOOKS_TO_ANSWER = 15;
    private static final long DEVICE_TABLE = 0x00;
    private static final long COMMAND_RING = 0x08;
    private static final long EVENT_LOG = 0x10;
    private static final long CONTROL = 0x18;
    private static final long STATUS = 0x2020;
    private static final long[] REGISTERS = {
        DEVICE_TABLE, COMMAND_RING, EVENT_LOG, CONTROL, 0x20, 0x28, 0x38, 0x2000, 0x2008, 0x2010, 0x2018, STATUS
    };

    private final Path socket;
    private final ScratchFiles files;
    private final LiveOptions options;
    private final StopRequests stops;
    private final RecordingListener listener;
    private final MeteredAppender appender;
    private final StatusMeter meter;
    private final AtomicReference<@Nullable LiveQemuLog> log = new AtomicReference<>();

    /**
     * Prepares; changes nothing.
     *
     * @param socket of QEMU's monitor
     * @param files in an existing folder, which QEMU sees under the same name, and the caller removes afterwards
     * @param appender takes the events, one at a time from a thread of the recording; stays open
     * @param stops asks for the end
     * @param listener told how it goes
     */
    public AttachedRecording(
            Path socket,
            ScratchFiles files,
            EventAppender appender,
            LiveOptions options,
            StopRequests stops,
            RecordingListener listener) {
        this.socket = socket;
        this.files = files;
        this.options = options;
        this.stops = stops;
        this.listener = listener;
        this.appender = new MeteredAppender(appender);
        this.meter = new StatusMeter(this.appender, this.options.traceDisk());
    }

    /**
     * Runs it to its end.
     *
     * @param startUnixNs wall clock of the recording's time 0, ns since 1970
     * @param started called when there is something to lose
     * @throws TraceStoreException if this QEMU cannot be recorded; nothing is changed then
     * @throws IOException if the monitor does not answer; what was changed is put back as far as it lets us
     * @throws InterruptedException if this thread is interrupted
     */
    public RecordingOutcome run(long startUnixNs, Runnable started) throws IOException, InterruptedException {
        try (QmpClient qmp = QmpClient.connect(socket, this::reported)) {
            RunningQemu qemu = new RunningQemu(qmp, socket);
            @Nullable GuestMemory memory = memory(qemu);
            try {
                return record(qemu, memory, startUnixNs, started);
            } finally {
                if (memory != null) {
                    memory.close();
                }
            }
        }
    }

    private @Nullable GuestMemory memory(RunningQemu qemu) {
        try {
            return qemu.memory();
        } catch (IOException | TraceStoreException e) {
            listener.note("the guest's memory cannot be read, the tables will be missing: " + PlainReason.of(e));
            return null;
        }
    }

    private RecordingOutcome record(RunningQemu qemu, @Nullable GuestMemory memory, long startUnixNs, Runnable started)
            throws IOException, InterruptedException {
        LibraryInside library = qemu.library();
        boolean libraryReads = library != null && library.readsMemory();
        LiveQemuLog live = new LiveQemuLog(
                facts(qemu, library, memory != null || libraryReads, startUnixNs),
                qemu.platform(),
                TOOL,
                memory == null || library != null && library.recordsStores() ? "" : LATE,
                libraryReads ? null : memory,
                appender);
        log.set(live);
        TraceThread trace = new TraceThread(live);
        try (Intake intake = intake(library, live)) {
            Thread receiving = new Thread(intake, "iorewind-receive");
            receiving.setDaemon(true);
            trace.start();
            started.run();
            if (intake instanceof RingReceiver ring) {
                missing(ring.startAfresh(), live);
            }
            boolean ran = qemu.isRunning();
            if (ran) {
                qemu.stop();
            }
            try {
                begin(qemu, memory, live, intake);
                if (intake instanceof RingReceiver ring) {
                    // our own looks at registers, and what is in the tables that were just taken
                    ring.startAfresh();
                    receiving.start();
                    qemu.beginEvents();
                } else {
                    receiving.start();
                    qemu.begin(files.log());
                }
            } catch (IOException e) {
                live.end();
                throw e;
            } finally {
                if (ran) {
                    qemu.resume();
                }
            }
            intake.qemuIsUp();
            boolean asked = watch(qemu, live, trace, intake, receiving);
            String note = asked ? detach(qemu, live, library != null) : "QEMU has ended";
            intake.ends();
            receiving.join();
            trace.join();
            return outcome(live, trace, intake, asked, note);
        }
    }

    /**
     * A QEMU with the library inside prints nothing elsewhere: it is taken from there.
     *
     * @throws TraceStoreException if another recorder takes it already
     */
    private Intake intake(@Nullable LibraryInside library, LiveQemuLog live) throws IOException, InterruptedException {
        if (library == null) {
            return new LogReceiver(files.log(), live, LogTee.to(null, null, false));
        }
        listener.note("an earlier recorder has left its library in this QEMU: the recording goes on through it");
        return RingReceiver.takeOver(RingFile.open(library.ring()), live, listener::note);
    }

    /** What nobody took since the recorder before. */
    private static void missing(long records, LiveQemuLog live) {
        if (records > 0) {
            live.insert(
                    LogReceiver.nowUnixNs(),
                    writer -> writer.gap(
                            GapReason.SOURCE_LOST,
                            records,
                            0,
                            "between the recorder before and this one, nobody took them"));
        }
    }

    private static LogFacts facts(
            RunningQemu qemu, @Nullable LibraryInside library, boolean memoryIsRead, long startUnixNs) {
        UUID id = UUID.randomUUID();
        Capabilities capabilities = qemu.capabilities();
        boolean stores = library != null && library.recordsStores();
        return new LogFacts(
                0,
                stores,
                memoryIsRead && !stores,
                memoryIsRead && !stores,
                true,
                true,
                false,
                capabilities.printsRegisterValues(),
                capabilities.printsOwnInterrupts(),
                library == null || qemu.printsInterrupts(),
                0,
                startUnixNs,
                capabilities.version().profile(),
                id.getMostSignificantBits(),
                id.getLeastSignificantBits());
    }

    /** The state at the start, before any line: the receiver does not run yet. */
    private void begin(RunningQemu qemu, @Nullable GuestMemory memory, LiveQemuLog live, Intake intake)
            throws IOException {
        long now = LogReceiver.nowUnixNs();
        live.line("# state at attach, VM stopped", now, 0);
        for (long offset : REGISTERS) {
            long value = qemu.register(offset);
            if (offset == DEVICE_TABLE) {
                live.deviceTable(value);
                intake.deviceTable(value);
            }
            live.line("reg " + Long.toHexString(offset) + " " + Long.toHexString(value), now, 0);
        }
        if (memory != null) {
            boolean all = TableSnapshot.take(
                    memory,
                    qemu.register(DEVICE_TABLE),
                    qemu.register(COMMAND_RING),
                    qemu.register(EVENT_LOG),
                    line -> live.line(line, now, 0));
            if (!all) {
                live.insert(
                        now,
                        writer -> writer.gap(
                                GapReason.SOURCE_LOST, 0, 0, "the guest has more tables than are taken at the start"));
            }
        }
        live.line("# lines while running", now, 0);
    }

    private void reported(QmpEvent event) {
        LiveQemuLog live = log.get();
        boolean tells = event.name().equals("SHUTDOWN") || event.name().equals("RESET");
        if (tells && live != null) {
            live.insert(event.unixNs(), writer -> writer.mark(0, "QEMU: " + event.text()));
        }
    }

    /** Until somebody asks for the end (true), or QEMU ends. */
    private boolean watch(RunningQemu qemu, LiveQemuLog live, TraceThread trace, Intake intake, Thread receiving)
            throws InterruptedException {
        long linesBefore = -1;
        boolean silenceTold = false;
        for (int look = 1; stops.count() == 0; look++) {
            receiving.join(LOOK_MS);
            if (!receiving.isAlive() || intake.qemuIsGone()) {
                return false;
            }
            listener.status(meter.look(live));
            if (trace.failure() != null) {
                listener.note("the recording has ended, and the guest goes on without it: "
                        + trace.failure().getMessage());
                return true;
            }
            int phase = look % LOOKS_TO_HEARTBEAT;
            if (phase == 0) {
                linesBefore = live.receivedLines();
                beat(qemu);
            } else if (phase == LOOKS_TO_ANSWER && linesBefore == live.receivedLines() && !silenceTold) {
                silenceTold = true;
                String text =
                        "QEMU's log does not reach the recorder any more: somebody has changed its log file or events";
                listener.note(text);
                live.insert(LogReceiver.nowUnixNs(), writer -> writer.gap(GapReason.SOURCE_LOST, 0, 0, text));
            }
        }
        return true;
    }

    /** A read of a register: it must come back as a line. */
    private void beat(RunningQemu qemu) {
        try {
            qemu.register(STATUS);
        } catch (IOException e) {
            // if QEMU has ended, the pipe tells
        }
    }

    private String detach(RunningQemu qemu, LiveQemuLog live, boolean hasLibrary) {
        try {
            if (hasLibrary) {
                qemu.restoreEvents();
            } else {
                qemu.restore();
            }
            return "detached on request; QEMU goes on";
        } catch (IOException e) {
            live.end();
            return "detached on request; what was changed in QEMU could not be put back: " + PlainReason.of(e);
        }
    }

    private RecordingOutcome outcome(LiveQemuLog live, TraceThread trace, Intake intake, boolean asked, String note) {
        EndReason reason = asked ? EndReason.INTERRUPTED : EndReason.SOURCE_ENDED;
        @Nullable TraceStoreException failure = trace.failure();
        try {
            if (failure == null) {
                live.sessionEnd(LogReceiver.nowUnixNs(), reason, note);
            } else {
                reason = JournalWriter.isDiskFull(failure) ? EndReason.DISK_FULL : EndReason.FAILED;
            }
        } catch (TraceStoreException e) {
            failure = e;
        }
        RecordingStatus last = meter.look(live);
        listener.status(last);
        return new RecordingOutcome(live.result(), last, reason, note, -1, false, intake.unrecordedLines(), failure);
    }
}
