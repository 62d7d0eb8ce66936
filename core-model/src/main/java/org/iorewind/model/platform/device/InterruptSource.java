package org.iorewind.model.platform.device;

import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.platform.DevicePort;

/** A device that raises message-signalled interrupts, as software has told it. Not thread-safe. */
public final class InterruptSource {
    private final DevicePort port;
    private long address;
    private int data;
    private long delivered;
    private long refused;

    /** A source whose message nobody has set. */
    public InterruptSource(DevicePort port) {
        this.port = port;
    }

    /** Tells the source what to write. */
    public void setMessage(long messageAddress, int messageData) {
        address = messageAddress;
        data = messageData;
    }

    /** Raises the interrupt. */
    public InterruptDecision raise() {
        InterruptDecision decision = port.interrupt(address, data);
        boolean isDelivered = decision == InterruptDecision.REMAPPED
                || decision == InterruptDecision.PASSED
                || decision == InterruptDecision.POSTED;
        delivered += isDelivered ? 1 : 0;
        refused += isDelivered ? 0 : 1;
        return decision;
    }

    /** Interrupts that left the IOMMU or were posted. */
    public long delivered() {
        return delivered;
    }

    /** Interrupts that did not. */
    public long refused() {
        return refused;
    }
}
