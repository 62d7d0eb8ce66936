package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.DriverPort;

/** The control register as a driver uses it: reads it, changes some bits, writes it. Not thread-safe. */
public final class ControlRegister {
    private final DriverPort port;

    /** The control register of a port's IOMMU. */
    public ControlRegister(DriverPort port) {
        this.port = port;
    }

    /** Sets bits of {@link ControlDescriptor}. */
    public void set(long bits) {
        write(read() | bits);
    }

    /** Clears bits of {@link ControlDescriptor}. */
    public void clear(long bits) {
        write(read() & ~bits);
    }

    /** Its value. */
    public long read() {
        return port.readRegister(RegisterDescriptor.CONTROL, Long.BYTES);
    }

    private void write(long value) {
        port.writeRegister(RegisterDescriptor.CONTROL, Long.BYTES, value);
    }
}
