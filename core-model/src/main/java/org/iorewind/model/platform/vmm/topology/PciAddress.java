package org.iorewind.model.platform.vmm.topology;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a PCI function, written {@code ssss:bb:dd.f} in hexadecimal.
 *
 * @param segment 0 to FFFFh
 * @param bus 0 to FFh
 * @param device 0 to 1Fh
 * @param function 0 to 7
 */
public record PciAddress(int segment, int bus, int device, int function) {
    /** Most devices of a bus. */
    public static final int DEVICES = 32;
    /** Most functions of a device. */
    public static final int FUNCTIONS = 8;

    private static final Pattern TEXT =
            Pattern.compile("(?:([0-9a-fA-F]{1,4}):)?([0-9a-fA-F]{1,2}):([01]?[0-9a-fA-F])\\.([0-7])");
    private static final int HEXADECIMAL = 16;
    private static final int BUS_SHIFT = 8;
    private static final int DEVICE_SHIFT = 3;

    /** Reads an address; the segment may be left out. */
    public static Optional<PciAddress> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String segment = matcher.group(1);
        return Optional.of(new PciAddress(
                segment == null ? 0 : Integer.parseInt(segment, HEXADECIMAL),
                Integer.parseInt(matcher.group(2), HEXADECIMAL),
                Integer.parseInt(matcher.group(3), HEXADECIMAL),
                Integer.parseInt(matcher.group(4))));
    }

    /** The function with a DeviceID of 16 bits. */
    public static PciAddress of(int segment, int deviceId) {
        return new PciAddress(
                segment,
                deviceId >> BUS_SHIFT & 0xFF,
                deviceId >> DEVICE_SHIFT & DEVICES - 1,
                deviceId & FUNCTIONS - 1);
    }

    /** DeviceID: bus, device and function. */
    public int deviceId() {
        return bus << BUS_SHIFT | device << DEVICE_SHIFT | function;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%04x:%02x:%02x.%x", segment, bus, device, function);
    }
}
