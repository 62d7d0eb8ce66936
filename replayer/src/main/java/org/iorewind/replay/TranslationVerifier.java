package org.iorewind.replay;

import static org.iorewind.replay.Words.hex;

import org.iorewind.trace.EventView;
import org.iorewind.trace.PageRight;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.TranslationDecoder;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.iorewind.trace.schema.EventTable;

/** Compares what became of DMA requests and translation requests with predictions. */
final class TranslationVerifier {
    private static final long DOMAIN_UNKNOWN = 0xFFFF_FFFFL;
    private static final int DATA_RIGHTS = PageRight.READ | PageRight.WRITE;

    private final Machine machine;
    private final Predictions predictions;
    private final Findings findings;
    private final FaultCollector faults;
    private final TranslationDecoder translation = new TranslationDecoder();
    private long undecided;

    TranslationVerifier(Machine machine, Predictions predictions, Findings findings, FaultCollector faults) {
        this.machine = machine;
        this.predictions = predictions;
        this.findings = findings;
        this.faults = faults;
    }

    /** Compares one {@code Translation}. */
    void compare(EventView event) {
        translation.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        Prediction p = predictions.translations.poll();
        boolean refused = translation.outcome() == TranslationOutcome.FAULT;
        String kind = "Translation";
        if (p == null) {
            findings.unpredicted(kind, "request", translation.outcome().toString(), "no DMA request before it");
            return;
        }
        faults.decided(p, refused);
        if (!isDecided(p)) {
            undecided++;
            findings.notComparable();
            return;
        }
        TranslationOutcome predicted = Outcomes.of(p.answer, p.translation, p.rights);
        if (translation.requester() != p.requester) {
            findings.diverge(kind, "requester", EventTable.bdf(translation.requester()), EventTable.bdf(p.requester));
        } else if (translation.address() != p.address) {
            findings.diverge(kind, "address", hex(translation.address()), hex(p.address));
        } else if (translation.outcome() != predicted) {
            String deviation = LogDeviations.of(
                    machine.iommu(p.iommu).options().profile(),
                    translation.outcome(),
                    translation.cache(),
                    translation.result(),
                    p);
            findings.diverge(kind, "outcome", translation.outcome().toString(), p.translation.toString(), deviation);
        } else if (refused) {
            findings.matched();
        } else {
            compareAnswer(p);
        }
    }

    private void compareAnswer(Prediction p) {
        String kind = "Translation";
        int shift = translation.pageShift();
        if (translation.result() != p.result) {
            findings.diverge(kind, "result", hex(translation.result()), hex(p.result));
        } else if (p.number >= 0 && translation.domain() != DOMAIN_UNKNOWN && translation.domain() != p.number) {
            findings.diverge(kind, "domain", hex(translation.domain()), hex(p.number));
        } else if (machine.cachesKnown()
                && translation.cache() != CacheAnswer.UNKNOWN
                && (translation.cache() == CacheAnswer.HIT) != p.cacheHit) {
            findings.diverge(kind, "cache", translation.cache().toString(), p.cacheHit ? "HIT" : "MISS");
        } else if (translation.rights().known() && recordedRights(p) != Outcomes.rights(p.answer, p.rights)) {
            findings.diverge(kind, "rights", hex(recordedRights(p)), hex(Outcomes.rights(p.answer, p.rights)));
        } else if (shift != 0 && p.pageShift != 0 && shift != p.pageShift) {
            findings.diverge(kind, "pageShift", Integer.toString(shift), Integer.toString(p.pageShift));
        } else {
            findings.matched();
        }
    }

    /** The rights as recorded; a request that moves data has only those to read and write. */
    private int recordedRights(Prediction p) {
        int bits = translation.buffer().getByte(translation.offset() + TranslationDecoder.rightsEncodingOffset());
        return bits & (p.answer == null ? DATA_RIGHTS : 0xFF & ~PageRight.KNOWN);
    }

    /** Whether the model came to an end with a request. */
    static boolean isDecided(Prediction p) {
        return Outcomes.isDecided(p.translation);
    }

    /** Translations that the recorded tables do not decide. */
    long undecided() {
        return undecided;
    }

    void undecided(long count) {
        undecided = count;
    }
}
