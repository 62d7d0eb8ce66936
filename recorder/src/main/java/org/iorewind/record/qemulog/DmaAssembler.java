package org.iorewind.record.qemulog;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Joins the lines of one DMA: hit or miss, failure lines, the IOMMU's own interrupt, and at the end
 * {@code amdvi_translation_result}. Writes the request first, then what became of it.
 *
 * <p>The result comes last; the interrupt of a failure stands before or after the failure's line.
 */
final class DmaAssembler {
    private static final long PAGE = 0xFFFL;
    private static final int NO_PASID = -1;
    private static final int UNKNOWN_DOMAIN = -1;
    private static final int UNKNOWN_OFFSET = -1;
    private static final int MOST_EVENTS = 8;
    private static final int PAGE_FAULT_CODE = 2;
    /** QEMU 11 writes what was wanted into the lowest flags of the entry of a page fault: 1 to read, 2 to write. */
    private static final int WANTED_SHIFT = 48;

    private static final int WANTED_BITS = 3;
    /** 32,768 entries. */
    private static final long LONGEST_LOG_BYTES = 1L << 19;

    private static final long CODE_KNOWN = 0xFL << 60;
    private static final long DEVICE_KNOWN = 0xFFFFL;

    private final ImportContext context;
    private final MemoryAssembler memory;
    private final TranscriptAssembler transcript;
    private CacheAnswer cache = CacheAnswer.UNKNOWN;
    private int domain = UNKNOWN_DOMAIN;
    private boolean failed;
    private int ownInterrupts;
    private final int[] codes = new int[MOST_EVENTS];
    private int failures;
    /** Entries that a recorder saw appear in the event log, in order. */
    private final List<Annotation.Reading> entries = new ArrayList<>();

    DmaAssembler(ImportContext context, MemoryAssembler memory, TranscriptAssembler transcript) {
        this.context = context;
        this.memory = memory;
        this.transcript = transcript;
    }

    void line(LogLine line) {
        entry(line);
        switch (java.util.Objects.requireNonNull(line.event)) {
            case IOTLB_HIT -> cache = CacheAnswer.HIT;
            case CACHE_UPDATE -> {
                cache = CacheAnswer.MISS;
                domain = (int) line.values[0];
            }
            case GENERATE_MSI -> {
                if (line.text.endsWith("NO MSI")) {
                    context.fold(line);
                } else if (belongsToRequest()) {
                    ownInterrupts++;
                } else {
                    end();
                    context.clock(line);
                    ownInterrupt();
                }
                return;
            }
            case PAGE_FAULT -> failure(PAGE_FAULT_CODE);
            case GET_PTE_HWERROR -> failure(4);
            case INVALID_DTE -> failure(1);
            case DTE_GET_FAIL -> failure(3);
            case MODE_INVALID, EVNTLOG_FAIL -> failed = true;
            case TRANSLATION_RESULT -> {
                result(line);
                return;
            }
            default -> throw new IllegalArgumentException("not a DMA line: " + line.text);
        }
        context.fold(line);
    }

    private void entry(LogLine line) {
        boolean tells = line.is(QemuEvent.GENERATE_MSI) || line.is(QemuEvent.PAGE_FAULT);
        Annotation annotation = tells ? Annotation.of(line) : null;
        if (annotation != null && entries.size() < MOST_EVENTS) {
            entries.addAll(annotation.readings());
        }
    }

    /** A failure: each one that is logged raises an interrupt, before or after its line. */
    private void failure(int code) {
        failed = true;
        if (failures < MOST_EVENTS) {
            codes[failures++] = code;
        }
    }

    /** Whether the interrupt at hand is raised while a request is translated: then failure lines and a result follow. */
    private boolean belongsToRequest() {
        for (int i = 0; i < MOST_EVENTS; i++) {
            LogLine line = context.lines.peek(i);
            if (line == null || line.event == null) {
                return false;
            }
            switch (line.event) {
                case TRANSLATION_RESULT -> {
                    return true;
                }
                case PAGE_FAULT,
                        GET_PTE_HWERROR,
                        INVALID_DTE,
                        DTE_GET_FAIL,
                        MODE_INVALID,
                        EVNTLOG_FAIL,
                        GENERATE_MSI -> {}
                default -> {
                    return false;
                }
            }
        }
        return false;
    }

    private void result(LogLine line) {
        context.clock(line);
        int requester = line.requester(0);
        long address = line.values[3];
        long page = line.values[4];
        TranslationOutcome outcome;
        if (cache != CacheAnswer.UNKNOWN) {
            outcome = TranslationOutcome.TRANSLATED;
        } else if (!failed && page == (address & ~PAGE)) {
            outcome = TranslationOutcome.PASSED;
        } else {
            outcome = TranslationOutcome.FAULT;
            if (page == 0) {
                cache = CacheAnswer.MISS;
            }
        }
        memory.walk(line, cache == CacheAnswer.HIT);
        DmaAccess access = access(requester);
        context.writer.dmaRequest(access, requester, address, 0, NO_PASID);
        context.writer.translation(outcome, cache, 0, requester, domain, NO_PASID, address, page);
        // an interrupt for each failure proves that each was logged; fewer leave open which
        int proven = ownInterrupts >= failures ? failures : 0;
        for (int i = 0; i < proven; i++) {
            logEntry((long) codes[i] << 60 | requester, i, access != DmaAccess.UNKNOWN);
        }
        for (int i = 0; i < ownInterrupts; i++) {
            ownInterrupt();
        }
        clear();
    }

    /** The log tells of no access whether it reads or writes; the record of its fault does. */
    private DmaAccess access(int requester) {
        Annotation.Reading read = entry(0, (long) PAGE_FAULT_CODE << 60 | requester);
        if (read == null || failures == 0 || codes[0] != PAGE_FAULT_CODE) {
            return transcript.access(requester);
        }
        return switch ((int) (read.words()[0] >>> WANTED_SHIFT) & WANTED_BITS) {
            case 1 -> DmaAccess.READ;
            case 2 -> DmaAccess.WRITE;
            default -> DmaAccess.UNKNOWN;
        };
    }

    /** The entry of this number among those that appeared, if it says the same of code and device. */
    private Annotation.@Nullable Reading entry(int number, long codeAndDevice) {
        Annotation.Reading read = number < entries.size() ? entries.get(number) : null;
        return read == null || (read.words()[0] & (CODE_KNOWN | DEVICE_KNOWN)) != codeAndDevice ? null : read;
    }

    /** The entry of a failure: whole, if it was read. */
    private void logEntry(long codeAndDevice, int number, boolean accessKnown) {
        Annotation.Reading read = entry(number, codeAndDevice);
        if (read == null) {
            context.writer.logEntry(LogKind.EVENT, UNKNOWN_OFFSET, codeAndDevice, CODE_KNOWN | DEVICE_KNOWN, 0, 0);
            return;
        }
        long offset = read.address() - context.eventLogBase;
        boolean placed = context.eventLogBase != 0 && offset >= 0 && offset < LONGEST_LOG_BYTES;
        // a replay that does not know what was wanted cannot say it either
        long known = accessKnown ? -1L : ~((long) WANTED_BITS << WANTED_SHIFT);
        context.writer.logEntry(
                LogKind.EVENT, placed ? (int) offset : UNKNOWN_OFFSET, read.words()[0], known, read.words()[1], -1L);
    }

    private void ownInterrupt() {
        context.writer.interruptDelivered(InterruptOutcome.IOMMU_OWN, 0, 0, 0, 0, 0, 0);
    }

    /** Whether a line of an insert into the IOTLB was just seen. */
    boolean inserting() {
        return cache == CacheAnswer.MISS;
    }

    /** Ends a group that has no result, such as failure lines printed while a command ran. */
    void end() {
        for (int i = 0; i < ownInterrupts; i++) {
            ownInterrupt();
        }
        clear();
    }

    private void clear() {
        cache = CacheAnswer.UNKNOWN;
        domain = UNKNOWN_DOMAIN;
        failed = false;
        ownInterrupts = 0;
        failures = 0;
        entries.clear();
    }
}
