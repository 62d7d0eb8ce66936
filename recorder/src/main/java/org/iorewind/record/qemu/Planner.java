package org.iorewind.record.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.iorewind.record.qemu.GuestRam.Place;
import org.iorewind.record.qemu.PlanOptions.WantedFidelity;
import org.iorewind.record.qemu.QemuCommand.Option;
import org.iorewind.record.qemulog.LogFacts;
import org.iorewind.record.ring.QemuLibrary;
import org.jspecify.annotations.Nullable;

/** Makes a {@link RecordingPlan}: what has to be added to a command line, and what will be missing all the same. */
public final class Planner {
    private static final String ALL_EVENTS = "amdvi_*";
    private static final List<String> INTERRUPT_EVENTS = List.of("amdvi_ir_*", "amdvi_mem_ir_*");

    private final QemuCommand command;
    private final Capabilities capabilities;
    private final PlanOptions options;
    private final ScratchFiles files;
    private final List<Addition> additions = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final StringBuilder missing = new StringBuilder();
    private final SortedMap<String, String> environment = new TreeMap<>();
    private final String accelerator;
    private final Way way;

    private Planner(
            QemuCommand command,
            Capabilities capabilities,
            PlanOptions options,
            ScratchFiles files,
            @Nullable String tapProblem) {
        this.command = command;
        this.capabilities = capabilities;
        this.options = options;
        this.files = files;
        this.accelerator = WayChoice.accelerator(command);
        this.way = WayChoice.of(options.way(), capabilities, accelerator, tapProblem, changes);
    }

    /**
     * Makes a plan; starts and touches nothing.
     *
     * @param tapProblem why the library cannot be used inside this QEMU; null if it can
     * @param startUnixNs wall clock of the recording's time 0, ns since 1970
     * @throws org.iorewind.record.UnsupportedSourceException if the machine has an IOMMU of another make
     * @throws CommandLineException if the command line cannot be recorded as it is
     */
    public static RecordingPlan plan(
            QemuCommand command,
            Capabilities capabilities,
            PlanOptions options,
            ScratchFiles files,
            @Nullable String tapProblem,
            long startUnixNs) {
        return new Planner(command, capabilities, options, files, tapProblem).plan(startUnixNs);
    }

    private RecordingPlan plan(long startUnixNs) {
        refuse();
        IommuCheck iommu = new IommuCheck(command, capabilities, accelerator);
        warnings.addAll(iommu.warnings());
        Path userLog = way.usesRing() ? null : userLog();
        QemuCommand changed = userLog == null ? command : withoutLogFile();
        GuestRam ram = memory();
        boolean userReadsEvents =
                command.values("trace").stream().anyMatch(value -> value.contains("amdvi") || value.startsWith("*"));
        lines(ram, userReadsEvents);
        events();
        boolean holds = control(ram);
        LogFacts facts = new LogFacts(
                0,
                way == Way.PLUGIN,
                ram.place() != Place.NONE && way != Way.PLUGIN,
                ram.place() != Place.NONE && way != Way.PLUGIN,
                true,
                false,
                false,
                capabilities.printsRegisterValues(),
                capabilities.printsOwnInterrupts(),
                options.interrupts(),
                iommu.deviceOptions(),
                startUnixNs,
                capabilities.version().profile(),
                UUID.randomUUID().getMostSignificantBits(),
                UUID.randomUUID().getLeastSignificantBits());
        return new RecordingPlan(
                changed,
                way,
                environment,
                additions,
                changes,
                warnings,
                capabilities,
                accelerator,
                facts,
                ram,
                missing.toString().strip(),
                options.fidelity() == WantedFidelity.FULL,
                holds,
                userLog,
                command.has("d", "trace", "D"),
                userReadsEvents);
    }

    private void refuse() {
        if (command.has("daemonize")) {
            throw new CommandLineException(
                    "-daemonize: the recorder stays with QEMU as long as it runs; leave it out, and"
                            + " put the whole 'iorewind record' into the background instead");
        }
        for (String value : command.values("D")) {
            if (value.contains("%")) {
                throw new CommandLineException(
                        "-D " + value + ": one log for each thread has no order between them;" + " name one file");
            }
        }
        for (String value : command.values("trace")) {
            if (Properties.of(value).get("file") != null) {
                throw new CommandLineException(
                        "-trace " + value + ": with this QEMU file= is the log's file; write it as" + " -D FILE");
            }
        }
        if (!capabilities.logsTraceEvents()) {
            throw new CommandLineException("QEMU " + capabilities.version().text() + " cannot print its trace events as"
                    + " text (no 'trace:PATTERN' in its '-d help'); use one that was built with"
                    + " --enable-trace-backends=log, as the packages of Debian, Fedora and Ubuntu are");
        }
    }

    /** How lines come out of QEMU. */
    private void lines(GuestRam ram, boolean userReadsEvents) {
        if (!way.usesRing()) {
            add(
                    "QEMU writes what its IOMMU does into the recorder's pipe",
                    "-D",
                    files.log().toString());
            return;
        }
        environment.putAll(TapProbe.environment(files.library(), files.ring()));
        if (userReadsEvents) {
            environment.put("IOREWIND_KEEP_LOG", "1");
        }
        environment.put("IOREWIND_RAM", ram.place() == Place.NONE ? "none" : QemuLibrary.ramAt(files.places()));
        additions.add(Addition.toEnvironment(
                environment,
                "a library inside QEMU takes the lines of the IOMMU where they are printed, and looks at memory in that"
                        + " moment"));
        if (way == Way.PLUGIN) {
            add(
                    "as a plug-in the library sees every store of the guest to a table, and every register access",
                    "-plugin",
                    files.library() + ",reads=on");
        }
    }

    private @Nullable Path userLog() {
        List<String> logs = command.values("D");
        return logs.isEmpty() ? null : Path.of(logs.get(logs.size() - 1));
    }

    private QemuCommand withoutLogFile() {
        List<Option> kept = command.options().stream()
                .filter(option -> !option.name().equals("D"))
                .toList();
        changes.add("your -D is taken out: the recorder reads the log, and passes your lines on to that file");
        return new QemuCommand(command.program(), kept);
    }

    private GuestRam memory() {
        if (options.fidelity() == WantedFidelity.OBSERVED) {
            return GuestRam.NOT_READ;
        }
        if (!capabilities.printsRegisterValues() && way != Way.PLUGIN) {
            missing.append(
                    "This QEMU does not print where the device table is: it is asked whenever the guest may have moved"
                            + " it, some milliseconds later. ");
        }
        // the library is in QEMU, and needs to be told only where the RAM is
        GuestRam ram = way.usesRing() ? GuestRam.IN_PROCESS : MemoryChoice.of(command, files.ram());
        switch (ram.place()) {
            case OWN_FILE -> {
                add(
                        "the guest's RAM lies in a file, so that the recorder sees commands and tables",
                        "-object",
                        "memory-backend-file,id=" + MemoryChoice.BACKEND + ",size=" + ram.sizeBytes() + ",mem-path="
                                + files.ram().toString().replace(",", ",,") + ",share=on");
                add("this file is the machine's RAM", "-machine", "memory-backend=" + MemoryChoice.BACKEND);
            }
            case USERS_FILE, PROCESS ->
                changes.add("the guest's RAM is left where your command line puts it, and is read there");
            case NONE -> {}
        }
        if (command.values("m").stream().anyMatch(value -> value.contains("maxmem="))) {
            missing.append("Memory in modules that can be plugged while the machine runs is not read. ");
        }
        switch (way) {
            case TAP ->
                missing.append("Tables and commands are read inside QEMU at the moment of their use; another virtual"
                        + " CPU may have changed them just then: such an entry is inferred from the result and flagged late, or"
                        + " a gap says so. ");
            case FIFO ->
                missing.append(
                        "Tables and commands are read a moment after their use: where a guest had changed them meanwhile,"
                                + " the entry is inferred from the result and flagged late, or a gap says so. ");
            case PLUGIN -> {}
        }
        return ram;
    }

    private void events() {
        add("all events of the IOMMU are written", "-trace", ALL_EVENTS);
        if (!options.interrupts()) {
            for (String pattern : INTERRUPT_EVENTS) {
                add("but not the interrupt requests of devices", "-trace", "enable=-" + pattern);
            }
            missing.append("Interrupt requests of devices were left out on request. ");
        }
        boolean stamped =
                command.values("msg").stream().map(Properties::of).anyMatch(properties -> properties.isOn("timestamp"));
        if (!stamped && !way.usesRing()) {
            add("each line says when it was written", "-msg", "timestamp=on");
        }
    }

    /** The monitor; true if the guest is held at its start. */
    private boolean control(GuestRam ram) {
        add(
                "the recorder can ask QEMU, and end it in order",
                "-qmp",
                "unix:" + files.monitor().toString().replace(",", ",,") + ",server=on,wait=off");
        if (command.has("S") || way.usesRing() && ram.place() == Place.NONE) {
            return false;
        }
        add("the guest waits until the recorder is ready, some milliseconds", "-S");
        return true;
    }

    private void add(String why, String... words) {
        additions.add(Addition.ofWords(why, words));
    }
}
