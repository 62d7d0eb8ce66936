package org.iorewind.model.platform.guest;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.platform.driver.GuestPageTable;
import org.iorewind.model.platform.driver.IoPageTable;
import org.jspecify.annotations.Nullable;

/** An address space for DMA and the devices that use it. Without tables it is the guest's physical memory. Not thread-safe. */
final class DmaDomain {
    private static final int IOVA_BITS = 47;

    /** An unmap that waits for its flush. */
    record Queued(long iova, long bytes) {}

    private final int id;
    private final @Nullable IoPageTable table;
    private final IovaAllocator addresses = new IovaAllocator(IOVA_BITS);
    private final List<AttachedDevice> devices = new ArrayList<>();
    private final List<Queued> queue = new ArrayList<>();

    DmaDomain(int id, @Nullable IoPageTable table) {
        this.id = id;
        this.table = table;
    }

    /** Whether its tables are v2 ones. */
    boolean isGuestFormat() {
        return table instanceof GuestPageTable;
    }

    int id() {
        return id;
    }

    @Nullable
    IoPageTable table() {
        return table;
    }

    IovaAllocator addresses() {
        return addresses;
    }

    List<AttachedDevice> devices() {
        return devices;
    }

    List<Queued> queue() {
        return queue;
    }

    /** Whether tables wait for a flush to be given back. */
    boolean hasUnlinked() {
        return table != null && table.hasUnlinked();
    }

    /** After a flush: what it was waited for is free. */
    void flushed() {
        for (Queued unmapped : queue) {
            addresses.free(unmapped.iova(), unmapped.bytes());
        }
        queue.clear();
        if (table != null) {
            table.release();
        }
    }
}
