package org.iorewind.record.qemulog;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.iorewind.record.UnsupportedSourceException;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceFormatException;
import org.jspecify.annotations.Nullable;

/** A first pass over a log: which QEMU wrote it, and what it carries. */
final class LogSurvey {
    private static final String OPTIONS_LINE = "# iommu options: ";

    private long events;
    private long memoryLines;
    private boolean annotated;
    private boolean interruptEntriesRead;
    private long otherIommuLines;
    private String otherIommu = "";
    private boolean attached;
    private boolean qtest;
    private boolean writesHaveValues;
    private boolean ownInterrupts;
    private boolean isoStamps;
    private int deviceOptions;
    private long firstUnixNs = LogLine.UNKNOWN;
    private long lines;
    private final boolean wallClock;
    private final byte[] digest;

    private LogSurvey(LineSource source, boolean wallClock) {
        this.wallClock = wallClock;
        MessageDigest sha = sha256();
        try (LineWindow window = new LineWindow(source)) {
            for (LogLine line = window.next(); line != null; line = window.next()) {
                lines++;
                sha.update(line.text.getBytes(StandardCharsets.UTF_8));
                sha.update((byte) '\n');
                look(line);
            }
        }
        digest = sha.digest();
    }

    /**
     * Reads the lines of these files once.
     *
     * @throws UnsupportedSourceException if they hold another vendor's IOMMU only
     * @throws TraceFormatException if no line of ours is in them
     */
    static LogFacts of(List<Path> files) {
        return of(files, new FileLines(files), true);
    }

    /** As {@link #of(List)}, of another source, whose clock may not be that of the wall. Closes it. */
    static LogFacts of(List<Path> files, LineSource source, boolean wallClock) {
        LogSurvey facts = new LogSurvey(source, wallClock);
        if (facts.events + facts.memoryLines > 0) {
            return facts.facts();
        }
        String names = files.size() == 1 ? files.get(0).toString() : files.toString();
        if (facts.otherIommuLines > 0) {
            throw new UnsupportedSourceException(
                    names,
                    "amdvi_* trace lines",
                    facts.otherIommuLines + " lines of " + facts.otherIommu + ", which is not supported yet",
                    "record a machine with -device amd-iommu");
        }
        throw new TraceFormatException(
                names,
                "",
                "amdvi_* trace lines",
                "none in " + facts.lines + " lines",
                "start QEMU with: -trace 'amdvi_*' -D FILE -msg timestamp=on");
    }

    private void look(LogLine line) {
        if (wallClock && line.unixNs != LogLine.UNKNOWN) {
            if (firstUnixNs == LogLine.UNKNOWN) {
                firstUnixNs = line.unixNs;
            }
            isoStamps |= line.thread == LogLine.UNKNOWN;
        }
        switch (line.type) {
            case EVENT -> {
                events++;
                writesHaveValues |= line.is(QemuEvent.MMIO_WRITE);
                ownInterrupts |= line.is(QemuEvent.GENERATE_MSI);
                boolean asks = !annotated || !interruptEntriesRead && line.is(QemuEvent.IR_IRTE);
                if (asks && !line.annotation.isEmpty()) {
                    Annotation annotation = Annotation.of(line);
                    boolean reads = annotation != null && !annotation.readings().isEmpty();
                    annotated |= reads;
                    interruptEntriesRead |= reads && line.is(QemuEvent.IR_IRTE);
                }
            }
            case MEMORY -> memoryLines++;
            case SECTION -> {
                attached |= line.text.startsWith("# state at attach");
                qtest |= line.text.startsWith("S ");
            }
            case OTHER -> {
                if (line.text.startsWith(OPTIONS_LINE)) {
                    options(line.text);
                }
                String vendor = vendorOf(line.label);
                if (vendor != null) {
                    otherIommuLines++;
                    otherIommu = vendor;
                }
            }
            case REGISTER, REQUEST, REPLY, INSERT, LOST, UNPARSED -> {}
        }
    }

    /** A transcript names the options of its device. */
    private void options(String text) {
        if (text.contains("intremap=off")) {
            deviceOptions |= SessionInfo.INTERRUPT_REMAPPING_OFF;
        }
        boolean translates = text.contains("dma-remap=on") || text.contains("pt=off");
        if (!translates) {
            deviceOptions |= SessionInfo.DMA_REMAPPING_OFF;
        }
    }

    private static @Nullable String vendorOf(String label) {
        if (label.startsWith("vtd_")) {
            return "Intel VT-d (vtd_*)";
        }
        return label.startsWith("smmu") ? "Arm SMMUv3 (smmu*)" : null;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private LogFacts facts() {
        return new LogFacts(
                lines,
                memoryLines > 0 && !attached,
                annotated,
                interruptEntriesRead,
                events > 0,
                attached,
                qtest,
                writesHaveValues,
                ownInterrupts,
                true,
                deviceOptions,
                firstUnixNs == LogLine.UNKNOWN ? 0 : firstUnixNs,
                writesHaveValues || ownInterrupts || isoStamps ? "qemu-11.1" : "qemu-10.0",
                qword(0),
                qword(8));
    }

    private long qword(int from) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | digest[from + i] & 0xff;
        }
        return value;
    }
}
