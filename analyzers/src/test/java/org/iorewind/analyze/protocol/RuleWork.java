package org.iorewind.analyze.protocol;

import org.iorewind.replay.SmallSession;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.InvalidationOutcome;
import org.iorewind.trace.sbe.MmioSpace;

/** What drivers, guests and devices do in a session, in words that pairs of sessions are made of. */
final class RuleWork {
    static final int DEVICE = SmallSession.DEVICE;
    static final int DOMAIN = SmallSession.DOMAIN;
    static final long IOVA = 0x5000;
    static final long PAGE = 0x12_3000;
    static final long STORE = 0x40_0000;
    static final long INTERRUPT_TABLE = 0x50_0000;
    static final long MESSAGE = 0xFEE0_0000L;
    static final long READ_WRITE = 3L << 61;
    static final long THREE_LEVELS = 3L << 9 | READ_WRITE | 3;
    /** IV=1, IntCtl=10b, two entries. Reference 2.2. */
    static final long REMAPPED = 2L << 60 | INTERRUPT_TABLE | 1 << 1 | 1;

    private RuleWork() {}

    static SmallSession flush(SmallSession s, long iova) {
        return s.command(3L << 60 | (long) DOMAIN << 32, iova);
    }

    static SmallSession waited(SmallSession s) {
        return s.command(1L << 60 | STORE | 1, 7);
    }

    static SmallSession flushed(SmallSession s, long iova) {
        return waited(flush(s, iova));
    }

    static SmallSession told(SmallSession s, int device) {
        return waited(s.command(2L << 60 | device, 0));
    }

    static SmallSession used(SmallSession s) {
        return s.map(IOVA, PAGE).dma(DmaAccess.WRITE, IOVA);
    }

    static SmallSession unmapped(SmallSession s) {
        return used(s).unmap(IOVA);
    }

    static SmallSession dmaOf(SmallSession s, int device) {
        s.events().dmaRequest(DmaAccess.WRITE, device, IOVA, 64, EventWriter.NO_PASID);
        return s;
    }

    static SmallSession interruptOf(SmallSession s, int device) {
        s.events().interruptRequest(device, MESSAGE, 0);
        return s;
    }

    static long entry(int device) {
        return SmallSession.DEVICE_TABLE + device * 32L;
    }

    static SmallSession enter(SmallSession s, int device, long root, int domain) {
        return told(s.store(entry(device) + 8, domain).store(entry(device), root | THREE_LEVELS), device);
    }

    static SmallSession remapping(SmallSession s, int device) {
        return told(s.store(entry(device) + 16, REMAPPED), device);
    }

    static SmallSession remapping(SmallSession s) {
        return remapping(s.page(INTERRUPT_TABLE).store(INTERRUPT_TABLE, 0x30_0001), DEVICE);
    }

    /** I=1: the device may ask for translations (reference 2.2). */
    static SmallSession ats(SmallSession s) {
        return told(s.store(entry(DEVICE) + 8, DOMAIN | 1L << 32), DEVICE);
    }

    /** The device asked for a translation, which was taken away and dropped by the IOMMU, not by the device. */
    static SmallSession given(SmallSession s) {
        ats(s).map(IOVA, PAGE);
        s.events().atsRequest(false, DEVICE, IOVA, 4096, EventWriter.NO_PASID);
        return flush(s.unmap(IOVA), IOVA);
    }

    static void mapControl(SmallSession s, int guest, int offset, long guestId, long hostId) {
        s.events()
                .mmioWrite(MmioSpace.VF_CONTROL, 8, guest * 64L + offset, 1L << 63 | guestId << 46 | hostId << 14 | 1);
    }

    /** The device belongs to guest 1; its entry names a guest. */
    static void ownedAndNaming(SmallSession s, long guest) {
        mapControl(s, 1, 0, 0x20, DEVICE);
        told(s.store(entry(DEVICE) + 24, guest << 32 | 0x20L << 16 | 1L << 15), DEVICE);
        used(s);
    }

    /** Two commands in the ring, of which the doorbell tells at once. */
    static SmallSession two(SmallSession s, long first0, long first1, long second0, long second1) {
        long ring = SmallSession.RING;
        return s.store(ring, first0)
                .store(ring + 8, first1)
                .store(ring + 16, second0)
                .store(ring + 24, second1)
                .register(0x2008, 32);
    }

    /** A wait stands behind a request to a device that has not answered, and another one behind it (reference 3.3). */
    static SmallSession waiting(SmallSession s) {
        s.command(4L << 60 | DEVICE, IOVA);
        return waited(waited(s));
    }

    static void answered(SmallSession s) {
        s.events().invalidateResponse(InvalidationOutcome.ANSWERED, DEVICE, 1);
    }
}
