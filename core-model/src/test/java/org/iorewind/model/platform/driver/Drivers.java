package org.iorewind.model.platform.driver;

import org.iorewind.model.platform.SoftwareMachine;

/** Drivers for tests. */
final class Drivers {
    private Drivers() {}

    static DriverOptions small() {
        return DriverOptions.linux().devices(256).lengths(8, 8);
    }

    static IommuDriver booted(SoftwareMachine machine) {
        return booted(machine, small());
    }

    static IommuDriver booted(SoftwareMachine machine, DriverOptions options) {
        IommuDriver driver = new IommuDriver(machine.port(), options);
        if (driver.boot() != Errno.OK) {
            throw new AssertionError("expected the IOMMU to come up");
        }
        machine.taken();
        machine.port().forget();
        return driver;
    }
}
