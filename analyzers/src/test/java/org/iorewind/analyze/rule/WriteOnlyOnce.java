package org.iorewind.analyze.rule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.replay.Machine;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.DmaRequestDecoder;
import org.iorewind.trace.schema.EventTable;

/** A rule like the one of docs/write-your-own-rule.md: a device that reads what it has just written works for nothing. */
public final class WriteOnlyOnce implements Analyzer {
    private static final Rule READ_BACK = new Rule(
            "example-read-back",
            Severity.WARNING,
            "A device reads back what it wrote",
            "The data went to memory and came back over the bus.",
            "Keep the data in the device.",
            Fidelity.OBSERVED);
    private static final int MOST_PAGES = 65_536;

    private final DmaRequestDecoder request = new DmaRequestDecoder();
    private final Map<Long, Long> written = new HashMap<>();
    private Findings findings = new Findings();
    private DmaAccess access = DmaAccess.UNKNOWN;
    private long sequence;
    private long timeNs;
    private int iommu;

    @Override
    public List<Rule> rules() {
        return List.of(READ_BACK);
    }

    @Override
    public void begin(Findings taken) {
        findings = taken;
    }

    @Override
    public void before(EventView event, Machine machine) {
        sequence = event.sequence();
        timeNs = event.timeNs();
        iommu = event.iommu();
        if (event.kind() == EventKind.DMA_REQUEST) {
            request.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            access = request.access();
        }
    }

    @Override
    public void translation(
            int requester,
            int pasid,
            long address,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int rights,
            boolean cacheHit) {
        if (decision.isAborted()) {
            return;
        }
        if (access == DmaAccess.WRITE && written.size() < MOST_PAGES) {
            written.put(result, sequence);
        } else if (access == DmaAccess.READ && written.containsKey(result)) {
            long since = written.get(result);
            findings.report(
                    READ_BACK,
                    Where.device(iommu, requester),
                    sequence,
                    timeNs,
                    () -> new Findings.Words(
                            EventTable.bdf(requester) + " reads a page that it wrote.",
                            List.of(new Evidence(since, "written"), new Evidence(sequence, "read"))));
        }
    }
}
