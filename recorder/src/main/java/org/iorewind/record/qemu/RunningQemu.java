package org.iorewind.record.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.iorewind.record.memory.GuestMemory;
import org.iorewind.record.memory.MappedGuestMemory;
import org.iorewind.record.memory.RamLayout;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;
import org.jspecify.annotations.Nullable;

/** A QEMU that somebody else has started, seen through its monitor. One thread. */
public final class RunningQemu {
    private static final String EVENTS = "amdvi_*";
    private static final String INTERRUPT_REQUEST = "amdvi_ir_remap_msi_req";
    private static final String REGISTERS = "amdvi-mmio";
    private static final String FILE_BACKEND = "memory-backend-file";

    private final QmpClient qmp;
    private final Path socket;
    private final QemuVersion version;
    private final List<String> enabledBefore = new ArrayList<>();
    private final TreeSet<String> events = new TreeSet<>();
    private final long registerBase;

    /**
     * Looks around; changes nothing.
     *
     * @param socket of the monitor
     * @throws TraceStoreException if this QEMU cannot be recorded
     * @throws IOException if the monitor does not answer
     */
    public RunningQemu(QmpClient qmp, Path socket) throws IOException {
        this.qmp = qmp;
        this.socket = socket;
        this.version = version(qmp.execute("query-version", Map.of()));
        this.registerBase = registerBase();
        if (qmp.execute("trace-event-get-state", Map.of("name", EVENTS)) instanceof List<?> states) {
            for (Object state : states) {
                if (state instanceof Map<?, ?> event) {
                    String name = String.valueOf(event.get("name"));
                    events.add(name);
                    if ("enabled".equals(event.get("state"))) {
                        enabledBefore.add(name);
                    }
                }
            }
        }
        if (!qmp.human("help logfile").contains("logfile")) {
            throw refused("a monitor with the command 'logfile'", "none");
        }
    }

    private static QemuVersion version(@Nullable Object answer) {
        if (answer instanceof Map<?, ?> map
                && map.get("qemu") instanceof Map<?, ?> numbers
                && numbers.get("major") instanceof Long major
                && numbers.get("minor") instanceof Long minor) {
            String text = major + "." + minor + "." + numbers.get("micro") + " " + map.get("package");
            return new QemuVersion(major.intValue(), minor.intValue(), text.strip());
        }
        return new QemuVersion(0, 0, "unknown");
    }

    private long registerBase() throws IOException {
        for (String line : qmp.human("info mtree -f").lines().toList()) {
            if (line.contains(REGISTERS)) {
                return Long.parseUnsignedLong(line.strip(), 0, 16, 16);
            }
        }
        throw refused("a machine with -device amd-iommu", "none in 'info mtree -f'");
    }

    private TraceStoreException refused(String expected, String found) {
        return new TraceStoreException(
                socket.toString(), "", expected, found, "start QEMU through 'iorewind record qemu' instead");
    }

    /** What it can do, as far as a recorder that joins late needs to know. */
    public Capabilities capabilities() {
        return new Capabilities(version, true, false, events, new TreeSet<>());
    }

    /**
     * Reads a register of the IOMMU. The read is one: it shows up among the lines if those are on.
     *
     * @param offset in the register space
     * @throws IOException if the monitor does not answer with a number
     */
    public long register(long offset) throws IOException {
        String answer = qmp.human("xp /1gx 0x" + Long.toHexString(registerBase + offset))
                .strip();
        int at = answer.lastIndexOf("0x");
        try {
            return Long.parseUnsignedLong(answer.substring(at + 2), 16);
        } catch (NumberFormatException e) {
            throw new QmpException("expected the value of a register, found: " + answer);
        }
    }

    /**
     * The guest's RAM, in its file or in the process.
     *
     * @throws IOException if it cannot be found
     * @throws TraceStoreException if it may not be read
     */
    public GuestMemory memory() throws IOException {
        GuestMemory file = fileMemory();
        if (file != null) {
            return file;
        }
        List<Long> owners = SocketOwner.of(socket);
        if (owners.isEmpty()) {
            throw new QmpException("expected the process that has " + socket
                    + " open, found none that may be looked into;" + " run as the user that QEMU runs as, or as root");
        }
        return RunningMemory.inProcess(qmp, owners);
    }

    private @Nullable GuestMemory fileMemory() throws IOException {
        if (!(qmp.execute("query-memdev", Map.of()) instanceof List<?> backends) || backends.size() != 1) {
            return null;
        }
        if (!(backends.get(0) instanceof Map<?, ?> backend) || !Boolean.TRUE.equals(backend.get("share"))) {
            return null;
        }
        String id = String.valueOf(backend.get("id"));
        String object = "/objects/" + id;
        try {
            Object type = qmp.execute("qom-get", Map.of("path", object, "property", "type"));
            if (!FILE_BACKEND.equals(type)) {
                return null;
            }
            Object path = qmp.execute("qom-get", Map.of("path", object, "property", "mem-path"));
            RamLayout layout = RunningMemory.layoutOf(qmp, id);
            return MappedGuestMemory.open(Path.of(String.valueOf(path)), layout);
        } catch (QmpException | TraceStoreException e) {
            // its name is gone, or not visible here: the process has it all the same
            return null;
        }
    }

    /** The recorder's library, if an earlier recorder has started this QEMU with it. */
    public @Nullable LibraryInside library() {
        return LibraryInside.of(SocketOwner.of(socket));
    }

    /** Whether QEMU prints the interrupt requests of devices, or will when it is told to print what it can. */
    public boolean printsInterrupts() {
        return enabledBefore.isEmpty() || enabledBefore.contains(INTERRUPT_REQUEST);
    }

    /** From now on QEMU prints the events of its IOMMU; what it printed before, it goes on to print. */
    public void beginEvents() throws IOException {
        if (enabledBefore.isEmpty()) {
            qmp.execute("trace-event-set-state", Map.of("name", EVENTS, "enable", true));
        }
    }

    /** Puts back what {@link #beginEvents} changed. */
    public void restoreEvents() throws IOException {
        if (enabledBefore.isEmpty()) {
            qmp.execute("trace-event-set-state", Map.of("name", EVENTS, "enable", false));
        }
    }

    /** Holds the guest. */
    public void stop() throws IOException {
        qmp.execute("stop", Map.of());
    }

    /** Whether the guest runs. */
    public boolean isRunning() throws IOException {
        return qmp.execute("query-status", Map.of()) instanceof Map<?, ?> status
                && Boolean.TRUE.equals(status.get("running"));
    }

    /** Lets the guest go on. */
    public void resume() throws IOException {
        qmp.execute("cont", Map.of());
    }

    /** From now on QEMU writes the events of its IOMMU into this pipe. */
    public void begin(Path pipe) throws IOException {
        String answer = qmp.human("logfile " + pipe);
        if (!answer.isBlank()) {
            throw new QmpException("logfile " + pipe + ": " + answer.strip());
        }
        qmp.execute("trace-event-set-state", Map.of("name", EVENTS, "enable", true));
    }

    /**
     * Puts back what {@link #begin} changed. The log goes to standard error again: where it went before cannot be asked.
     *
     * @throws IOException if QEMU does not answer
     */
    public void restore() throws IOException {
        qmp.execute("trace-event-set-state", Map.of("name", EVENTS, "enable", false));
        for (String name : enabledBefore) {
            qmp.execute("trace-event-set-state", Map.of("name", name, "enable", true));
        }
        qmp.human("logfile \"\"");
    }

    /** The machine in words, for the trace. */
    public String platform() {
        return "QEMU " + version.text() + ", joined while it ran, amd-iommu";
    }

    /** Why memory cannot be read, for people. */
    public static String reason(Exception e) {
        return PlainReason.of(e);
    }
}
