package org.iorewind.record.live;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.iorewind.record.MeteredAppender;
import org.iorewind.record.memory.GuestMemory;
import org.iorewind.record.memory.MappedGuestMemory;
import org.iorewind.record.memory.RamLayout;
import org.iorewind.record.qemu.GuestRam;
import org.iorewind.record.qemu.QemuProcess;
import org.iorewind.record.qemu.QmpClient;
import org.iorewind.record.qemu.QmpEvent;
import org.iorewind.record.qemu.RecordingPlan;
import org.iorewind.record.qemu.RunningMemory;
import org.iorewind.record.qemu.ScratchFiles;
import org.iorewind.record.qemulog.LiveQemuLog;
import org.iorewind.record.ring.QemuLibrary;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.EndReason;
import org.jspecify.annotations.Nullable;

/**
 * Starts a QEMU as planned and records it until it ends, somebody asks for the end, or the trace takes no more.
 *
 * <p>Whatever happens to the recording, the guest goes on: a trace that is full is closed with its reason, and QEMU's log is
 * read on without being recorded.
 */
public final class LiveRecording {
    private static final String TOOL = "record qemu";
    private static final long LOOK_MS = 200;
    private static final long MONITOR_MS = 60_000;

    private final RecordingPlan plan;
    private final ScratchFiles files;
    private final LiveOptions options;
    private final StopRequests stops;
    private final RecordingListener listener;
    private final MeteredAppender appender;
    private final StatusMeter meter;

    private @Nullable LiveQemuLog log;
    private @Nullable QmpClient qmp;
    private volatile String shutdownReason = "";
    private boolean detached;
    private boolean quitByUs;

    /**
     * Prepares; starts nothing.
     *
     * @param plan what to start
     * @param files in an existing folder, which the caller removes afterwards
     * @param appender takes the events, one at a time from a thread of the recording; stays open
     * @param stops asks for the end
     * @param listener told how it goes
     */
    public LiveRecording(
            RecordingPlan plan,
            ScratchFiles files,
            EventAppender appender,
            LiveOptions options,
            StopRequests stops,
            RecordingListener listener) {
        this.plan = plan;
        this.files = files;
        this.options = options;
        this.stops = stops;
        this.listener = listener;
        this.appender = new MeteredAppender(appender);
        this.meter = new StatusMeter(this.appender, options.traceDisk());
    }

    /**
     * Runs it to its end.
     *
     * @param userLog gets log lines that the user asked QEMU for; null if there is nowhere to put them
     * @param started called when QEMU has started its machine: from then on there is something to lose
     * @throws TraceStoreException if QEMU cannot be started or the guest's memory cannot be read; nothing runs then
     * @throws IOException if a pipe cannot be opened; nothing runs then
     * @throws InterruptedException if this thread is interrupted; QEMU runs on then
     */
    public RecordingOutcome run(@Nullable OutputStream userLog, Runnable started)
            throws IOException, InterruptedException {
        @Nullable MappedGuestMemory mapped = mapRam();
        SwitchedMemory memory = new SwitchedMemory(mapped);
        // the library inside QEMU reads by itself
        boolean reads = plan.ram().place() != GuestRam.Place.NONE && !plan.way().usesRing();
        LiveQemuLog live =
                new LiveQemuLog(plan.facts(), plan.platform(), TOOL, plan.missing(), reads ? memory : null, appender);
        log = live;
        TraceThread trace = new TraceThread(live);
        try (Intake intake = intake(live, userLog);
                memory) {
            Thread receiving = new Thread(intake, "iorewind-receive");
            receiving.setDaemon(true);
            receiving.start();
            trace.start();
            QemuProcess qemu;
            try {
                qemu = QemuProcess.start(
                        plan.words(), plan.environment(), options.detachOnStop(), options.outputToError());
            } catch (TraceStoreException e) {
                intake.qemuIsUp();
                intake.ends();
                receiving.join();
                trace.join();
                throw e;
            }
            begin(qemu, mapped, memory, started);
            intake.qemuIsUp();
            watchDeviceTable(live, intake);
            watch(qemu, live, trace, intake, receiving);
            intake.ends();
            receiving.join();
            trace.join();
            RecordingOutcome outcome = outcome(qemu, live, intake, trace);
            if (qmp == null && outcome.exitCode() != 0 && live.receivedLines() == 0) {
                throw new TraceStoreException(
                        String.join(" ", plan.command().program()),
                        "",
                        "a QEMU that starts",
                        "one that ended at its start with " + qemu.end(),
                        "see what it said above; 'iorewind record qemu --print' shows what was added to its command line");
            }
            return outcome;
        } finally {
            QmpClient client = qmp;
            if (client != null) {
                client.close();
            }
        }
    }

    /** Memory is read, and the lines do not tell where. */
    private void watchDeviceTable(LiveQemuLog live, Intake intake) {
        QmpClient client = qmp;
        if (client != null && plan.facts().annotated() && !plan.facts().writesHaveValues()) {
            new DeviceTableWatch(client, live, intake::deviceTable).start();
        }
    }

    private Intake intake(LiveQemuLog live, @Nullable OutputStream userLog) throws IOException, InterruptedException {
        if (plan.way().usesRing()) {
            return RingReceiver.make(files.ring(), live, listener::note);
        }
        LogTee tee = LogTee.to(plan.userLog(), plan.userReadsLog() ? userLog : null, plan.userReadsEvents());
        return new LogReceiver(files.log(), live, tee);
    }

    /** The RAM file is made before QEMU starts, so that it is mapped before the guest runs. */
    private @Nullable MappedGuestMemory mapRam() throws IOException {
        GuestRam ram = plan.ram();
        Path file = ram.file();
        if (ram.place() != GuestRam.Place.OWN_FILE || file == null) {
            return null;
        }
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(ram.sizeBytes());
        }
        // where its bytes are in the guest is asked before the guest runs
        return MappedGuestMemory.open(file, new RamLayout(List.of()));
    }

    /** Looks around in the QEMU just started, and lets the guest go. */
    private void begin(QemuProcess qemu, @Nullable MappedGuestMemory mapped, SwitchedMemory memory, Runnable started)
            throws InterruptedException {
        try {
            QmpClient client = qemu.monitor(files.monitor(), this::reported, MONITOR_MS);
            qmp = client;
            started.run();
            if (plan.way().usesRing()) {
                tellPlaces(client);
            } else {
                findMemory(qemu, client, mapped, memory);
            }
        } catch (IOException | TraceStoreException e) {
            if (qemu.isAlive() && plan.needsMemory()) {
                quitByUs = true;
                qemu.kill();
                listener.note("QEMU was ended: --fidelity full needs the guest's memory, and it cannot be looked at: "
                        + PlainReason.of(e));
            } else if (qemu.isAlive()) {
                note("QEMU's memory cannot be looked at, the tables will be missing: " + PlainReason.of(e));
            }
        }
        QmpClient client = qmp;
        if (client != null && plan.holdsStart()) {
            try {
                client.execute("cont", Map.of());
            } catch (IOException e) {
                if (qemu.isAlive()) {
                    listener.note("the guest could not be let go: " + PlainReason.of(e));
                }
            }
        }
    }

    /** The guest waits until the library can know where its memory is. */
    private void tellPlaces(QmpClient client) throws IOException {
        if (plan.ram().place() != GuestRam.Place.NONE) {
            Path partial = files.places().resolveSibling("places.new");
            Files.writeString(partial, QemuLibrary.places(RunningMemory.lastingPlacesInProcess(client)));
            Files.move(partial, files.places(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void findMemory(
            QemuProcess qemu, QmpClient client, @Nullable MappedGuestMemory mapped, SwitchedMemory memory)
            throws IOException {
        switch (plan.ram().place()) {
            case OWN_FILE -> {
                if (mapped != null) {
                    mapped.layout(layout(client));
                }
                forgetRamFile();
            }
            case USERS_FILE -> {
                Path file = plan.ram().file();
                if (file != null) {
                    memory.use(MappedGuestMemory.open(file, layout(client)));
                }
            }
            case PROCESS -> memory.use(RunningMemory.inProcess(client, qemu.pids()));
            case NONE -> {}
        }
    }

    /** Who needs it has it open: nothing is left behind, whoever dies first. */
    private void forgetRamFile() throws IOException {
        Path file = plan.ram().file();
        if (file != null && plan.ram().place() == GuestRam.Place.OWN_FILE) {
            Files.deleteIfExists(file);
        }
    }

    private RamLayout layout(QmpClient client) throws IOException {
        String backend = plan.ramBackend();
        return RunningMemory.layoutOf(client, backend);
    }

    /** QEMU reports something by itself. The monitor's thread. */
    private void reported(QmpEvent event) {
        LiveQemuLog live = log;
        if (event.name().equals("SHUTDOWN")) {
            shutdownReason = String.valueOf(event.data().get("reason"));
        }
        boolean tells = switch (event.name()) {
            case "SHUTDOWN", "RESET", "STOP", "RESUME", "POWERDOWN", "SUSPEND", "WAKEUP", "GUEST_PANICKED" -> true;
            default -> false;
        };
        if (tells && live != null) {
            live.insert(event.unixNs(), writer -> writer.mark(0, "QEMU: " + event.text()));
        }
    }

    private void note(String text) {
        listener.note(text);
        LiveQemuLog live = log;
        if (live != null) {
            live.insert(
                    LogReceiver.nowUnixNs(),
                    writer -> writer.gap(org.iorewind.trace.sbe.GapReason.SOURCE_LOST, 0, 0, text));
        }
    }

    private void watch(QemuProcess qemu, LiveQemuLog live, TraceThread trace, Intake intake, Thread receiving)
            throws InterruptedException {
        int answered = 0;
        boolean failureTold = false;
        while (!qemu.waitFor(LOOK_MS)) {
            listener.status(meter.look(live));
            if (trace.failure() != null && !failureTold) {
                failureTold = true;
                listener.note("the recording has ended, and the guest goes on without it: "
                        + trace.failure().getMessage());
            }
            int asked = stops.count();
            if (asked > answered) {
                stop(qemu, answered > 0 || asked > 1);
                answered = asked;
            }
            if (detached) {
                intake.ends();
                if (!receiving.isAlive()) {
                    return;
                }
            }
        }
    }

    private void stop(QemuProcess qemu, boolean atOnce) {
        QmpClient client = qmp;
        if (atOnce || client == null) {
            quitByUs = true;
            qemu.kill();
            return;
        }
        try {
            if (options.detachOnStop()) {
                client.execute("trace-event-set-state", Map.of("name", "amdvi_*", "enable", false));
                client.human("logfile /dev/null");
                detached = true;
            } else {
                quitByUs = true;
                client.execute("quit", Map.of());
            }
        } catch (IOException e) {
            if (qemu.isAlive()) {
                listener.note(
                        "QEMU's monitor does not answer (" + PlainReason.of(e) + "); ask once more to end it at once");
            }
        }
    }

    private RecordingOutcome outcome(QemuProcess qemu, LiveQemuLog live, Intake intake, TraceThread trace) {
        // Ctrl-C reaches QEMU too when both are on one terminal
        quitByUs |= stops.count() > 0;
        boolean killed = !detached && !quitByUs && qemu.wasKilled();
        EndReason reason = EndReason.CLEAN;
        String note;
        if (detached) {
            reason = EndReason.INTERRUPTED;
            note = "detached on request; QEMU goes on as process " + qemu.pid();
        } else {
            String why = shutdownReason.isEmpty() ? "" : ", " + shutdownReason;
            note = "QEMU ended with " + qemu.end() + why;
            if (quitByUs) {
                reason = EndReason.INTERRUPTED;
                note += ", on request";
            } else if (killed || qemu.exitCode() != 0) {
                reason = EndReason.FAILED;
            }
        }
        @Nullable TraceStoreException failure = trace.failure();
        long now = LogReceiver.nowUnixNs();
        try {
            if (failure == null) {
                live.sessionEnd(now, reason, note);
            } else {
                reason = JournalWriter.isDiskFull(failure) ? EndReason.DISK_FULL : EndReason.FAILED;
            }
        } catch (TraceStoreException e) {
            failure = e;
        }
        listener.status(meter.look(live));
        return new RecordingOutcome(
                live.result(),
                meter.look(live),
                reason,
                note,
                detached ? -1 : qemu.exitCode(),
                killed,
                intake.unrecordedLines(),
                failure);
    }

    /** The guest's memory, as soon as it is known where it lies. */
    private static final class SwitchedMemory implements GuestMemory {
        private volatile @Nullable GuestMemory memory;

        SwitchedMemory(@Nullable GuestMemory memory) {
            this.memory = memory;
        }

        void use(GuestMemory found) {
            memory = found;
        }

        @Override
        public String description() {
            GuestMemory now = memory;
            return now == null ? "no memory" : now.description();
        }

        @Override
        public boolean read(long address, long[] to, int count) {
            GuestMemory now = memory;
            return now != null && now.read(address, to, count);
        }

        @Override
        public void close() {
            GuestMemory now = memory;
            if (now != null) {
                now.close();
            }
        }
    }
}
