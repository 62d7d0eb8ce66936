package org.iorewind.record.qemulog;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.iorewind.trace.Progress;
import org.iorewind.trace.sbe.InjectedAction;

/** Hands each line to the assembler that knows it, and keeps the groups apart. */
final class EventAssembler {
    private static final int EXAMPLES = 10;
    private static final int PROGRESS_LINES = 4096;
    /** QEMU has about 2,000 trace events in all; a text of chance words must not fill the memory with them. */
    private static final int MOST_LABELS = 1000;

    private static final String OTHER_LABELS = "others";

    private final ImportContext context;
    private final MemoryAssembler memory;
    private final MmioAssembler mmio;
    private final CommandAssembler commands;
    private final DmaAssembler dma;
    private final InterruptAssembler interrupts;
    private final TranscriptAssembler transcript;
    private final SortedMap<String, Long> skipped = new TreeMap<>();
    private final List<String> unparsedExamples = new ArrayList<>();
    private long unparsed;
    private boolean afterReset;

    EventAssembler(ImportContext context) {
        this.context = context;
        this.memory = new MemoryAssembler(context);
        this.transcript = new TranscriptAssembler(context);
        this.mmio = new MmioAssembler(context, memory, transcript);
        this.commands = new CommandAssembler(context);
        this.dma = new DmaAssembler(context, memory, transcript);
        this.interrupts = new InterruptAssembler(context, memory);
    }

    void run(Progress progress) {
        for (LogLine line = context.lines.next(); line != null; line = context.lines.next()) {
            if (context.lines.lines() % PROGRESS_LINES == 0) {
                progress.at(context.lines.lines(), context.facts.lines());
            }
            one(line);
        }
        endGroups();
    }

    private void one(LogLine line) {
        switch (line.type) {
            case EVENT -> event(line);
            case MEMORY -> {
                context.clock(line);
                if (!memory.line(line, mmio)) {
                    unparsed(line);
                }
            }
            case REGISTER -> {
                context.clock(line);
                if (!mmio.snapshotRegister(line)) {
                    unparsed(line);
                }
            }
            case SECTION -> section(line);
            case REQUEST -> {
                endGroups();
                context.clock(line);
                foldOrUnparsed(line, transcript.request(line));
            }
            case REPLY -> foldOrUnparsed(line, transcript.reply(line));
            case INSERT -> {
                context.clock(line);
                java.util.Objects.requireNonNull(line.insert).accept(context.writer);
            }
            case LOST -> {
                endGroups();
                context.clock(line);
                java.util.Objects.requireNonNull(line.insert).accept(context.writer);
            }
            case UNPARSED -> unparsed(line);
            case OTHER -> {
                boolean listed = skipped.size() < MOST_LABELS || skipped.containsKey(line.label);
                skipped.merge(listed ? line.label : OTHER_LABELS, 1L, Long::sum);
            }
        }
    }

    private void foldOrUnparsed(LogLine line, boolean understood) {
        if (understood) {
            context.fold(line);
        } else {
            unparsed(line);
        }
    }

    private void section(LogLine line) {
        endGroups();
        context.clock(line);
        mmio.section(line.text);
        if (line.text.startsWith("S ")) {
            mmio.reset();
            transcript.scenario();
            context.writer.injected(InjectedAction.RESET, 0, 0, 0, "fresh device");
            context.writer.mark(0, line.payload());
        } else {
            context.writer.mark(0, line.payload());
        }
    }

    private void endGroups() {
        interrupts.end();
        dma.end();
    }

    private void event(LogLine line) {
        QemuEvent event = java.util.Objects.requireNonNull(line.event);
        boolean resetLine = event == QemuEvent.IOTLB_RESET;
        // the event itself was understood and counts all the same
        if (Annotation.of(line) == null) {
            unparsed(line);
        }
        switch (event) {
            case MMIO_WRITE, MMIO_READ, MMIO_READ_INVALID, CONTROL_STATUS, COMMAND_ERROR -> {
                endGroups();
                if (!mmio.line(line)) {
                    unparsed(line);
                }
            }
            case COMMAND_EXEC -> {
                endGroups();
                commands.executed(line);
            }
            case PAGES_INVAL,
                    COMPLETION_WAIT,
                    DEVTAB_INVAL,
                    INTR_INVAL,
                    IOTLB_INVAL,
                    PREFETCH_PAGES,
                    ALL_INVAL,
                    PPR_EXEC,
                    UNHANDLED_COMMAND,
                    COMMAND_READ_FAIL,
                    COMPLETION_WAIT_FAIL -> {
                interrupts.end();
                context.fold(line);
            }
            case IOTLB_RESET -> reset(line);
            case IOTLB_HIT,
                    CACHE_UPDATE,
                    TRANSLATION_RESULT,
                    PAGE_FAULT,
                    INVALID_DTE,
                    DTE_GET_FAIL,
                    GET_PTE_HWERROR,
                    MODE_INVALID,
                    EVNTLOG_FAIL,
                    GENERATE_MSI -> {
                interrupts.end();
                dma.line(line);
            }
            case MEM_IR_WRITE_REQ,
                    MEM_IR_WRITE,
                    IR_REMAP_MSI_REQ,
                    IR_REMAP_MSI,
                    IR_ERR,
                    IR_TARGET_ABORT,
                    IR_DELIVERY_MODE,
                    IR_IRTE,
                    IR_IRTE_VAL,
                    IR_INTCTL,
                    IR_IRTE_GA_VAL,
                    ERR -> interrupts.line(line);
        }
        if (!resetLine) {
            afterReset = false;
        }
    }

    /** The line is printed for a reset, for INVALIDATE_IOMMU_ALL and when the IOTLB is full; the place tells which. */
    private void reset(LogLine line) {
        boolean partOfCommand = commands.takeReset();
        boolean partOfInsert = dma.inserting();
        if (partOfCommand || partOfInsert) {
            context.fold(line);
        } else if (afterReset) {
            context.fold(line);
        } else {
            endGroups();
            context.clock(line);
            mmio.reset();
            context.writer.injected(InjectedAction.RESET, 0, 0, 0, "reset of the machine");
            afterReset = true;
        }
    }

    private void unparsed(LogLine line) {
        unparsed++;
        if (unparsedExamples.size() < EXAMPLES) {
            String text = line.text.length() > 200 ? line.text.substring(0, 200) + "…" : line.text;
            unparsedExamples.add(context.lines.place() + ": " + text);
        }
    }

    SortedMap<String, Long> skipped() {
        return skipped;
    }

    long unparsed() {
        return unparsed;
    }

    List<String> unparsedExamples() {
        return unparsedExamples;
    }
}
