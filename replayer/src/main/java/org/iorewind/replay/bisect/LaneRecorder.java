package org.iorewind.replay.bisect;

import java.nio.charset.StandardCharsets;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.DriverCallDecoder;
import org.iorewind.trace.schema.EventTable;

/** Says of each thing that happens in a replay to which lane it belongs and what it is. */
final class LaneRecorder implements ReplayListener {
    /** Hears of one item. */
    interface Items {
        void item(String lane, long sequence, String what);
    }

    private final Items items;
    private final DriverCallDecoder call = new DriverCallDecoder();
    private long sequence;
    private int iommu;

    LaneRecorder(Items items) {
        this.items = items;
    }

    private void item(String lane, String what) {
        items.item(lane, sequence, what);
    }

    @Override
    public void before(EventView event, Machine machine) {
        sequence = event.sequence();
        iommu = event.iommu();
        if (event.kind() == EventKind.DRIVER_CALL) {
            call.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            byte[] name = new byte[call.callLength()];
            call.getCall(name, 0, name.length);
            String who = event.guest() < 0 ? "the host" : "guest " + event.guest();
            item("driver calls of " + who, new String(name, StandardCharsets.UTF_8));
        }
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        item("commands of IOMMU " + iommu, command(qword0, qword1));
    }

    @Override
    public void commandNotRecorded(int ringHead, int ringTail, long ringBase) {
        item("commands of IOMMU " + iommu, "not recorded");
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        item("commands of guest " + guest, command(qword0, qword1));
    }

    private static String command(long qword0, long qword1) {
        int opcode = CommandDescriptor.opcode(qword0);
        String name = RingEntryNames.command(opcode);
        return switch (opcode) {
            case CommandDescriptor.INVALIDATE_IOMMU_PAGES, CommandDescriptor.INVALIDATE_IOTLB_PAGES ->
                name + (CommandDescriptor.rangeSize(qword1) == -1 ? " of everything" : " of a range");
            default -> name;
        };
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
        item("requests of " + EventTable.bdf(requester), decision.name());
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
        item("translation requests of " + EventTable.bdf(requester), status + " " + decision);
    }

    @Override
    public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        item("log " + log + " of IOMMU " + iommu, RingEntryNames.event(qword0, -1L) + (written ? "" : ", lost"));
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
        item("interrupts of " + EventTable.bdf(requester), decision.name());
    }
}
