package org.iorewind.cli.debug.session;

import java.util.Arrays;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventView;
import org.jspecify.annotations.Nullable;

/** What the IOMMU read of memory because of the last event, and which pages its IOTLB answered for. Not thread-safe. */
public final class Reads implements ReplayListener {
    private static final int COMMAND_BYTES = 16;
    private static final int DEVICE_ENTRY_BYTES = 32;
    private static final int PAGE_SHIFT = 12;
    private static final int MOST = 1 << 16;

    private long[] places = new long[64];
    private int count;
    private long[] hits = new long[16];
    private int hitCount;
    private @Nullable Machine machine;
    private int iommu;

    Reads() {}

    @Override
    public void before(EventView event, Machine handling) {
        machine = handling;
        iommu = event.iommu();
        count = 0;
        hitCount = 0;
    }

    /** Whether it read any of these bytes, by their address in the machine: an IOMMU may see a part of memory only. */
    boolean touched(long address, int bytes) {
        for (int i = 0; i < count; i += 2) {
            if (places[i] < address + bytes && address < places[i] + places[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** Whether a request of a device for a page was answered by the IOTLB. */
    boolean isCacheHit(int number, int requester, long page) {
        if (number != iommu) {
            return false;
        }
        for (int i = 0; i < hitCount; i += 2) {
            if (hits[i] == requester && hits[i + 1] == page) {
                return true;
            }
        }
        return false;
    }

    private void read(long address, int bytes) {
        if (count == MOST) {
            return;
        }
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
        }
        places[count++] = machine == null ? address : machine.systemAddress(iommu, address);
        places[count++] = bytes;
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        read(ringBase + ringHead, COMMAND_BYTES);
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        if (!fromCache) {
            read(entryAddress, DEVICE_ENTRY_BYTES);
        }
    }

    @Override
    public void walkStep(int level, long entryAddress, long entry) {
        read(entryAddress, Long.BYTES);
    }

    @Override
    public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
        read(entryAddress, Long.BYTES);
    }

    @Override
    public void privateWalkStep(int guest, int level, long entryAddress, long entry) {
        read(entryAddress, Long.BYTES);
    }

    @Override
    public void requestDecided(
            int requester, long address, TranslationDecision decision, boolean isAnswered, boolean cacheHit) {
        if (!cacheHit || hitCount == MOST) {
            return;
        }
        if (hitCount == hits.length) {
            hits = Arrays.copyOf(hits, 2 * hitCount);
        }
        hits[hitCount++] = requester;
        hits[hitCount++] = address >>> PAGE_SHIFT;
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
        if (irteBytes > 0) {
            read(irteAddress, irteBytes);
        }
    }
}
