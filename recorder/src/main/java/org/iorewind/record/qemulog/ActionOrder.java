package org.iorewind.record.qemulog;

import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps together what the device printed while it did one thing.
 *
 * <pre>
 *   processor 0, in the device       processor 1            written here as
 *   amdvi_mmio_write … 0x2008                               amdvi_mmio_write … 0x2008
 *                                    mem S 1 …              amdvi_command_exec …
 *   amdvi_command_exec …                                    amdvi_completion_wait …
 *   amdvi_completion_wait …                                 mem S 1 …
 * </pre>
 *
 * <p>QEMU lets one thread at a time into its devices, but the plug-in writes down a store wherever it happens. With
 * several processors stores of the others stand between the lines of one access. The device had begun before them, so
 * they stand behind all of it. A command or a walk that needed such a store would be seen as a divergence.
 */
final class ActionOrder implements LineSource {
    /** Stores kept back at once: far more than processors make while one access runs. */
    private static final int MOST_HELD = 4096;

    private static final Set<QemuEvent> ACCESSES = EnumSet.of(QemuEvent.MMIO_WRITE, QemuEvent.MMIO_READ);
    private static final Set<QemuEvent> COMMANDS = EnumSet.of(
            QemuEvent.COMPLETION_WAIT,
            QemuEvent.PAGES_INVAL,
            QemuEvent.DEVTAB_INVAL,
            QemuEvent.INTR_INVAL,
            QemuEvent.IOTLB_INVAL,
            QemuEvent.PREFETCH_PAGES,
            QemuEvent.ALL_INVAL,
            QemuEvent.PPR_EXEC,
            QemuEvent.UNHANDLED_COMMAND,
            QemuEvent.COMMAND_READ_FAIL,
            QemuEvent.COMPLETION_WAIT_FAIL);
    private static final Set<QemuEvent> ASIDE = EnumSet.of(
            QemuEvent.CONTROL_STATUS, QemuEvent.IOTLB_RESET, QemuEvent.GENERATE_MSI, QemuEvent.COMMAND_ERROR);
    private static final Set<QemuEvent> WALK = EnumSet.of(
            QemuEvent.IOTLB_HIT,
            QemuEvent.CACHE_UPDATE,
            QemuEvent.PAGE_FAULT,
            QemuEvent.INVALID_DTE,
            QemuEvent.DTE_GET_FAIL,
            QemuEvent.GET_PTE_HWERROR,
            QemuEvent.MODE_INVALID,
            QemuEvent.EVNTLOG_FAIL);

    private record Held(LogLine line, long position) {}

    private final LineSource source;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    /** Last event of what the device is doing; null if it may be doing nothing. */
    private @Nullable QemuEvent doing;

    private @Nullable LogLine ahead;
    private long aheadPosition;
    private boolean releasing;
    private long position;

    ActionOrder(LineSource source) {
        this.source = source;
    }

    @Override
    public @Nullable LogLine next() {
        return line(true);
    }

    @Override
    public @Nullable LogLine nextSoon() {
        return line(false);
    }

    private @Nullable LogLine line(boolean wait) {
        while (true) {
            if (!held.isEmpty()) {
                if (!releasing && ahead == null) {
                    read(false);
                }
                if (!releasing && ahead != null && isStore(ahead) && held.size() < MOST_HELD) {
                    held.add(new Held(takeAhead(), position));
                    continue;
                }
                if (!releasing && ahead != null && goesOn(ahead)) {
                    return follow(takeAhead());
                }
                releasing = held.size() > 1;
                doing = null;
                Held first = held.remove();
                position = first.position;
                return first.line;
            }
            if (ahead == null) {
                read(wait);
            }
            if (ahead == null) {
                return null;
            }
            LogLine line = takeAhead();
            if (doing != null && isStore(line)) {
                held.add(new Held(line, position));
                continue;
            }
            return follow(line);
        }
    }

    private void read(boolean wait) {
        ahead = wait ? source.next() : source.nextSoon();
        aheadPosition = source.position();
    }

    private LogLine takeAhead() {
        LogLine line = java.util.Objects.requireNonNull(ahead);
        ahead = null;
        position = aheadPosition;
        return line;
    }

    private LogLine follow(LogLine line) {
        switch (line.type) {
            case EVENT -> doing = line.is(QemuEvent.TRANSLATION_RESULT) ? null : line.event;
            // the plug-in's own line for the access comes when the device is done with it
            case MEMORY -> doing = null;
            default -> {}
        }
        return line;
    }

    /** What a processor stored, and pages that thereby came into reach. */
    private static boolean isStore(LogLine line) {
        return line.type == LogLine.Type.MEMORY && !isRegister(line);
    }

    /** The plug-in's line for an access to a register. */
    private static boolean isRegister(LogLine line) {
        return line.text.startsWith("I ", line.start);
    }

    /** Whether a line can only belong to what the device began before the stores that are kept back. */
    private boolean goesOn(LogLine line) {
        if (line.type == LogLine.Type.MEMORY) {
            return isRegister(line) && !WALK.contains(doing);
        }
        QemuEvent next = line.event;
        if (next == null || doing == null) {
            return false;
        }
        boolean inAccess = ACCESSES.contains(doing) || COMMANDS.contains(doing) || doing == QemuEvent.COMMAND_EXEC;
        boolean inWalk = WALK.contains(doing);
        boolean aside = ASIDE.contains(doing);
        if (next == QemuEvent.COMMAND_EXEC || COMMANDS.contains(next) || ASIDE.contains(next)) {
            return inAccess || aside;
        }
        return (next == QemuEvent.TRANSLATION_RESULT || WALK.contains(next)) && (inWalk || aside);
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public String place(long number) {
        return source.place(number);
    }

    @Override
    public void close() {
        source.close();
    }
}
