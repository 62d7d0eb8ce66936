package org.iorewind.record.debugfs;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.ImportCounts;
import org.iorewind.record.ImportResult;
import org.iorewind.record.SourceDigest;
import org.iorewind.record.debugfs.DumpedState.Unit;
import org.iorewind.record.text.TextLines;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.Progress;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;
import org.jspecify.annotations.Nullable;

/** Turns a dump of {@code /sys/kernel/debug/iommu/amd} into a trace that is a state and nothing else. */
public final class DebugfsImport {
    private DebugfsImport() {}

    /**
     * Imports a dump.
     *
     * @param files each a file of debugfs, or many put together; plain, gzip or zstd. A path that ends in
     *     {@code iommuNN/mmio} and the like tells the IOMMU
     * @param appender takes the events, and has none yet; stays open
     * @param progress told at the end, in lines
     * @throws TraceFormatException if nothing of a state is in the files
     * @throws org.iorewind.trace.TraceStoreException if the appender cannot take an event
     */
    public static ImportResult run(List<Path> files, EventAppender appender, Progress progress) {
        DumpedState state = new DumpedState();
        ImportCounts counts = new ImportCounts();
        SourceDigest digest = new SourceDigest();
        long lines = read(files, state, counts, digest);
        progress.at(lines, lines);
        if (state.isEmpty()) {
            throw new TraceFormatException(
                    files.size() == 1 ? files.get(0).toString() : files.toString(),
                    "",
                    "lines of /sys/kernel/debug/iommu/amd, such as Offset:0x18 Value:0x000c22000003f48d",
                    "none in " + lines + " lines",
                    "the kernel needs CONFIG_AMD_IOMMU_DEBUGFS; write an offset to iommu00/mmio and read it, a device to"
                            + " devid and read devtbl and irqtbl");
        }
        EventWriter writer = new EventWriter(appender);
        SessionInfo session = session(state, digest.halves());
        writer.at(0).sessionStart(session);
        StateWriter states = new StateWriter(state, writer);
        states.write();
        String unplaced = states.unplaced() == 0 ? "" : "; entries without a place: " + states.unplaced();
        long last = writer.sessionEnd(EndReason.SOURCE_ENDED, "end of the state" + unplaced);
        return counts.result(lines, last + 1, session.profile(), session.contract());
    }

    private static long read(List<Path> files, DumpedState state, ImportCounts counts, SourceDigest digest) {
        DumpParser parser = new DumpParser(state);
        long all = 0;
        for (Path file : files) {
            parser.file(file.toAbsolutePath().toString());
            try (TextLines lines = new TextLines(List.of(file))) {
                for (String text = lines.next(); text != null; text = lines.next()) {
                    digest.line(text);
                    switch (parser.line(text)) {
                        case TAKEN -> counts.fold("state");
                        case HEADING -> counts.fold("heading");
                        case MESSAGE -> counts.skip("nothing to show: " + text.strip());
                        case BLANK -> counts.skip("blank");
                        case UNPARSED -> counts.unparsed(lines.place(), text);
                    }
                }
                all += lines.lines();
            }
        }
        return all;
    }

    private static SessionInfo session(DumpedState state, long[] id) {
        int units = state.units.isEmpty() ? 1 : state.units.lastKey() + 1;
        Unit first = state.units.get(0);
        return new SessionInfo(
                id[0],
                id[1],
                Fidelity.OBSERVED,
                StartState.ATTACHED,
                units,
                0,
                0,
                register(first, StateDescriptor.EXTENDED_FEATURES),
                register(first, StateDescriptor.EXTENDED_FEATURES_2),
                0,
                0,
                "spec",
                "import debugfs",
                "Linux machine with AMD IOMMU",
                contract(state));
    }

    private static long register(@Nullable Unit unit, long offset) {
        Long value = unit == null ? null : unit.register(offset);
        return value == null ? 0 : value;
    }

    private static String contract(DumpedState state) {
        int registers = state.units.values().stream()
                .mapToInt(unit -> unit.registers.size())
                .sum();
        return "A state that Linux showed in debugfs: " + registers + " registers of " + state.units.size()
                + " IOMMUs, " + state.devices.size() + " device table entries, interrupt table entries of "
                + state.interrupts.size() + " devices. Registers and entries that were not asked for are not known, nor"
                + " are page tables, logs and what is cached; of interrupt tables only valid entries are shown. Each part"
                + " was read at a moment of its own. There are no times, and nothing of what happened before or after.";
    }
}
