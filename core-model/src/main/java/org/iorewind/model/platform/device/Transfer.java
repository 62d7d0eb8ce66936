package org.iorewind.model.platform.device;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.DevicePort;

/** Moves payload whose content does not matter: one request for each page of 4 KiB that it touches. */
final class Transfer {
    private static final long PAGE_MASK = 4095;

    private Transfer() {}

    /**
     * Asks for all bytes; the first refusal ends it.
     *
     * @param lengthBytes 0 or more
     * @return whether all of it was reached
     */
    static boolean run(DevicePort port, int pasid, long address, long lengthBytes, AccessKind access) {
        long at = address;
        long left = lengthBytes;
        while (left > 0) {
            int piece = (int) Math.min(left, PAGE_MASK + 1 - (at & PAGE_MASK));
            if (!DevicePort.isReached(port.request(pasid, at, piece, access))) {
                return false;
            }
            at += piece;
            left -= piece;
        }
        return true;
    }
}
