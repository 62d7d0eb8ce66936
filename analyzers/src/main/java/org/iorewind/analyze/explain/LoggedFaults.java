package org.iorewind.analyze.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.ConsoleLineDecoder;
import org.iorewind.trace.sbe.GapDecoder;
import org.iorewind.trace.sbe.LogEntryDecoder;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/**
 * Follows the events of a trace, or of a kernel log on its way into one, and groups what was logged. Memory is bounded by
 * {@link #MOST_GROUPS}, whatever the log's length. One thread.
 */
public final class LoggedFaults {
    /** Groups kept apart; faults of further ones are counted only. */
    public static final int MOST_GROUPS = 10_000;

    private static final int CODE_SHIFT = 60;
    private static final long HALF = 0xFFFF;
    private static final long FLAGS = 0xFFF;
    private static final int QEMU_READ = FlagWords.GN | FlagWords.I;
    private static final int QEMU_WRITE = FlagWords.NX | FlagWords.I;
    private static final int LONGEST_LINE = 4096;

    private final ConsoleReader console = new ConsoleReader();
    private final Map<FaultKey, FaultGroupRuns> groups = new LinkedHashMap<>();
    private final LogEntryDecoder entry = new LogEntryDecoder();
    private final ConsoleLineDecoder line = new ConsoleLineDecoder();
    private final GapDecoder gap = new GapDecoder();
    private final Remarks remarks = new Remarks();
    private final byte[] bytes = new byte[LONGEST_LINE];
    private @Nullable FaultGroupRuns last;
    private String contract = "";
    private int runs;
    private long further;
    private long lost;
    private long gaps;
    private boolean commandError;
    private boolean deviceSilent;

    /** Everything that was logged in a trace. */
    public static Explanation of(TraceReader trace) {
        LoggedFaults faults = new LoggedFaults();
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                faults.event(cursor.event());
            }
        }
        return faults.explanation();
    }

    /** Hears the next event; events come in order. */
    public void event(EventView event) {
        if (event.kind() == null) {
            return;
        }
        switch (event.kind()) {
            case SESSION_START -> contract = SessionInfo.of(event).contract();
            case CONSOLE_LINE -> console(event);
            case LOG_ENTRY -> logged(event);
            case GAP -> {
                gap.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                lost += Math.max(0, gap.count());
                gaps++;
            }
            default -> {
                // requests, tables and the rest are the analyses' of recorded memory
            }
        }
    }

    private void console(EventView event) {
        line.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        int length = line.getText(bytes, 0, bytes.length);
        String text = new String(bytes, 0, length, java.nio.charset.StandardCharsets.UTF_8);
        console.line(text, event.timeNs());
        if (last != null) {
            last.dump.line(text);
        }
        NoticeKind notice = NoticeKind.of(text);
        if (notice != null) {
            FaultKey key = new FaultKey(-1, notice.name(), "", -1, -1);
            FaultGroupRuns group = group(key, false, event.timeNs(), console.entryPrefix());
            if (group != null) {
                runs += group.add(0, event.timeNs(), event.sequence());
            }
        } else {
            remarks.line(text);
        }
    }

    private void logged(EventView event) {
        entry.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        long q0 = entry.qword0();
        long known = entry.qword0Known();
        if (entry.log() != LogKind.EVENT || known >>> CODE_SHIFT != 0xF) {
            return;
        }
        int code = (int) (q0 >>> CODE_SHIFT);
        commandError |= code == EventDescriptor.ILLEGAL_COMMAND_ERROR || code == EventDescriptor.COMMAND_HARDWARE_ERROR;
        deviceSilent |= code == EventDescriptor.IOTLB_INV_TIMEOUT;
        boolean hasDevice = (known & HALF) == HALF;
        int half = (known >>> 32 & HALF) == HALF ? (int) (q0 >>> 32 & HALF) : -1;
        int flags = (known >>> 48 & FLAGS) == FLAGS ? (int) (q0 >>> 48 & FLAGS) : -1;
        DevicePrefix prefix = console.entryPrefix();
        String device = hasDevice ? device((int) (q0 & HALF), prefix) : "";
        FaultKey key = new FaultKey(code, "", device, half, flags);
        boolean told = entry.qword1Known() != 0 && !isOfQemu(code, half, flags, entry.qword1());
        FaultGroupRuns group = group(key, told, event.timeNs(), prefix);
        last = group;
        if (group != null) {
            runs += group.add(entry.qword1(), event.timeNs(), event.sequence());
        }
    }

    /** QEMU leaves address and domain of an entry 0, and says only in its own way what was refused. Reference 12.2. */
    private static boolean isOfQemu(int code, int half, int flags, long address) {
        return code == EventDescriptor.IO_PAGE_FAULT
                && half == 0
                && address == 0
                && (flags == QEMU_READ || flags == QEMU_WRITE);
    }

    /** The requester with its segment: that of the line in front, where it names the same device. */
    private static String device(int requester, DevicePrefix prefix) {
        String name = EventTable.bdf(requester);
        return prefix.isDevice() && prefix.name().endsWith(name) ? prefix.name() : "0000:" + name;
    }

    private @Nullable FaultGroupRuns group(FaultKey key, boolean told, long timeNs, DevicePrefix prefix) {
        FaultGroupRuns group = groups.get(key);
        if (group == null) {
            if (runs >= MOST_GROUPS) {
                further++;
                return null;
            }
            group = new FaultGroupRuns(key, prefix, console.of(key.device(), timeNs), told);
            groups.put(key, group);
        }
        return group;
    }

    /** What was heard so far, explained. */
    public Explanation explanation() {
        List<LoggedFault> faults = new ArrayList<>();
        FaultWriter writer = new FaultWriter(commandError, deviceSilent);
        for (FaultGroupRuns group : groups.values()) {
            for (FaultRun run : group.runs()) {
                faults.add(writer.fault(group, run));
            }
        }
        faults.sort((a, b) -> Long.compare(a.sequence(), b.sequence()));
        return new Explanation(List.copyOf(faults), further, remarks.list(), lost, gaps, contract);
    }
}
