package org.iorewind.model.iommu.quirk;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.iommu.table.DeviceEntry;

/**
 * QEMU 11.1 (Q-GATE-1): a device is translated only after an INVALIDATE_DEVTAB_ENTRY for it that read V=1, TV=1 and a Mode
 * other than 0. An entry that is illegal, unreadable or has TV=0 opens the gate too, and then blocks. V=0 or Mode 0 closes
 * it. Not thread-safe.
 */
final class AnnouncedDevicesGate implements TranslationGate {
    private static final int DEVICES = 1 << 16;

    private final long[] open = new long[DEVICES / Long.SIZE];

    @Override
    public boolean translates(int requester) {
        return (open[requester >>> 6] & 1L << requester) != 0;
    }

    @Override
    public boolean readsEntryOnInvalidation() {
        return true;
    }

    @Override
    public void entrySeen(int requester, DeviceEntry entry, boolean isLegal) {
        boolean opens = !isLegal || entry.isValid() && (!entry.isTranslationValid() || entry.mode() != 0);
        if (opens) {
            open[requester >>> 6] |= 1L << requester;
        } else {
            open[requester >>> 6] &= ~(1L << requester);
        }
    }

    @Override
    public void entryUnknown(int requester) {
        open[requester >>> 6] |= 1L << requester;
    }

    @Override
    public void allUnknown() {
        Arrays.fill(open, -1L);
    }

    @Override
    public void reset() {
        Arrays.fill(open, 0);
    }

    @Override
    public void saveTo(StateSink sink) {
        for (int i = 0; i < open.length; i++) {
            if (open[i] != 0) {
                sink.addLong(i);
                sink.addLong(open[i]);
            }
        }
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        reset();
        for (int i = source.nextIndex(open.length); i >= 0; i = source.nextIndex(open.length)) {
            open[i] = source.next();
        }
    }
}
