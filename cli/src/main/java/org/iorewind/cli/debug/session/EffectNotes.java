package org.iorewind.cli.debug.session;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** Writes down in words what the model does, while it is asked to. At most some thousand notes. Not thread-safe. */
final class EffectNotes implements ReplayListener {
    private static final int MOST = 4096;

    private @Nullable List<String> notes;

    /** From now on. */
    void begin() {
        notes = new ArrayList<>();
    }

    /** What was noted; nothing more is. */
    List<String> end() {
        List<String> all = notes;
        notes = null;
        return all == null ? List.of() : List.copyOf(all);
    }

    private boolean isOff() {
        return notes == null;
    }

    private void note(String text) {
        if (notes != null && notes.size() < MOST) {
            notes.add(text);
        }
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        if (!isOff()) {
            note("command at " + Notation.hex(ringHead) + ": " + RingEntryNames.command(qword0, -1) + " "
                    + Notation.hex(qword0) + " " + Notation.hex(qword1));
        }
    }

    @Override
    public void commandNotRecorded(int ringHead, int ringTail, long ringBase) {
        if (!isOff()) {
            note("command at " + Notation.hex(ringHead) + ": not in the recording");
        }
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        if (!isOff()) {
            note("command of guest " + guest + " at " + Notation.hex(ringHead) + ": "
                    + RingEntryNames.command(qword0, -1) + " " + Notation.hex(qword0) + " " + Notation.hex(qword1));
        }
    }

    @Override
    public void completionStore(long address, long data) {
        if (!isOff()) {
            note("completion stored: " + Notation.hex(data) + " at " + Notation.hex(address));
        }
    }

    @Override
    public void translationsInvalidated(int domain, long address, long sizeBytes, int pages) {
        if (!isOff()) {
            note("invalidated: " + (domain < 0 ? "all domains" : "domain " + domain)
                    + (sizeBytes < 0
                            ? ", all addresses"
                            : ", " + Notation.hex(address) + " length " + Notation.hex(sizeBytes))
                    + ", dropped " + Notation.count(pages, "cached page"));
        }
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        if (!isOff()) {
            note("device table entry of " + EventTable.bdf(requester)
                    + (fromCache ? ", cached" : " at " + Notation.hex(entryAddress)) + ": " + Notation.hex(q0) + " "
                    + Notation.hex(q1));
        }
    }

    @Override
    public void walkStep(int level, long entryAddress, long entry) {
        if (!isOff()) {
            note("level " + level + " entry at " + Notation.hex(entryAddress) + ": " + Notation.hex(entry));
        }
    }

    @Override
    public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
        if (!isOff()) {
            note("guest " + table + " level " + level + " entry at " + Notation.hex(entryAddress) + ": "
                    + Notation.hex(entry));
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
        if (!isOff()) {
            note(EventTable.bdf(requester) + " " + Notation.hex(address) + ": " + decision
                    + (result == 0 ? "" : " -> " + Notation.hex(result)) + (cacheHit ? ", from the IOTLB" : ""));
        }
    }

    @Override
    public void translationAnswer(
            int requester,
            int pasid,
            long address,
            AtsStatus status,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int bits,
            boolean cacheHit) {
        if (!isOff()) {
            note(EventTable.bdf(requester) + " " + Notation.hex(address) + ": answer " + status + ", " + decision
                    + (cacheHit ? ", from the IOTLB" : ""));
        }
    }

    @Override
    public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        if (!isOff()) {
            String name = log == LogKind.EVENT ? RingEntryNames.event(qword0, -1) + " " : "";
            note(log + " log: " + name + Notation.hex(qword0) + " " + Notation.hex(qword1)
                    + (written ? " at " + Notation.hex(ringOffset) : ", not written"));
        }
    }

    @Override
    public void interrupt(
            int requester,
            InterruptDecision decision,
            long requestAddress,
            int requestData,
            long deliveredAddress,
            int deliveredData,
            int irteBytes,
            long irteAddress,
            long irteLow,
            long irteHigh) {
        if (!isOff()) {
            note("interrupt of " + EventTable.bdf(requester) + ": " + decision
                    + (irteBytes == 0 ? "" : ", entry at " + Notation.hex(irteAddress) + ": " + Notation.hex(irteLow)));
        }
    }

    @Override
    public void ownInterrupt(OwnInterrupt source, long address, int data) {
        if (!isOff()) {
            note("the IOMMU raised an interrupt: " + source);
        }
    }
}
