package org.iorewind.record.qemulog;

import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.TranslationOutcome;

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

    DmaAssembler(ImportContext context, MemoryAssembler memory, TranscriptAssembler transcript) {
        this.context = context;
        this.memory = memory;
        this.transcript = transcript;
    }

    void line(LogLine line) {
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
            case PAGE_FAULT -> failure(2);
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
        context.writer.dmaRequest(transcript.access(requester), requester, address, 0, NO_PASID);
        context.writer.translation(outcome, cache, 0, requester, domain, NO_PASID, address, page);
        // an interrupt for each failure proves that each was logged; fewer leave open which
        int proven = ownInterrupts >= failures ? failures : 0;
        for (int i = 0; i < proven; i++) {
            context.writer.logEntry(
                    LogKind.EVENT, UNKNOWN_OFFSET, (long) codes[i] << 60 | requester, CODE_KNOWN | DEVICE_KNOWN, 0, 0);
        }
        for (int i = 0; i < ownInterrupts; i++) {
            ownInterrupt();
        }
        clear();
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
    }
}
