package org.iorewind.model.platform.guest;

import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.Errno;

/** Guests for tests. */
final class Guests {
    static final int RW = 3;

    private Guests() {}

    static GuestOptions options(TableFormat format) {
        return GuestOptions.of(format).driver(DriverOptions.linux().devices(256).lengths(8, 8));
    }

    static GuestDriver booted(SoftwareMachine machine, GuestOptions options) {
        GuestDriver driver = new GuestDriver(machine.port(), options);
        if (driver.boot() != Errno.OK) {
            throw new AssertionError("expected the IOMMU to come up");
        }
        return driver;
    }

    /** With {@link SoftwareMachine#DEVICE} attached, and nothing counted yet. */
    static GuestDriver attached(SoftwareMachine machine, GuestOptions options, DeviceTraits traits) {
        GuestDriver driver = booted(machine, options);
        if (driver.attach(SoftwareMachine.DEVICE, traits) != Errno.OK) {
            throw new AssertionError("expected the device to be attached");
        }
        forget(machine);
        return driver;
    }

    static void forget(SoftwareMachine machine) {
        machine.taken();
        machine.port().forget();
    }
}
