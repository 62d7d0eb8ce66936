package org.iorewind.model.platform.vmm.acpi;

/**
 * A device entry of a unit's block.
 *
 * @param type as in {@link IvrsDescriptor}
 * @param deviceId DeviceID; 0 where the type has none
 * @param setting what the device table entry gets: 0 InitPass, 1 EIntPass, 2 NMIPass, 5:4 SysMgt, 6 Lint0Pass, 7 Lint1Pass
 * @param otherId alias of 42h and 43h, source of 48h
 * @param detail extended setting of 46h and 47h; handle in bits 7:0 and variety in bits 15:8 of 48h; UID format of F0h
 * @param text HID (8 characters), CID (8 characters) and UID of F0h, a byte a character; empty for others
 */
public record IvrsEntry(int type, int deviceId, int setting, int otherId, int detail, String text) {
    private static final int VARIETY_SHIFT = 8;
    private static final int NAME_CHARACTERS = 8;
    private static final int UID_TEXT = 2;

    /** All DeviceIDs. */
    public static IvrsEntry all() {
        return plain(IvrsDescriptor.ALL, 0, 0);
    }

    /** One DeviceID. */
    public static IvrsEntry select(int deviceId, int setting) {
        return plain(IvrsDescriptor.SELECT, deviceId, setting);
    }

    /** Beginning of a range. */
    public static IvrsEntry rangeStart(int deviceId, int setting) {
        return plain(IvrsDescriptor.RANGE_START, deviceId, setting);
    }

    /** End of a range of any kind. */
    public static IvrsEntry rangeEnd(int deviceId) {
        return plain(IvrsDescriptor.RANGE_END, deviceId, 0);
    }

    /** A device whose requests carry another DeviceID. */
    public static IvrsEntry alias(int deviceId, int alias, int setting) {
        return new IvrsEntry(IvrsDescriptor.ALIAS, deviceId, setting, alias, 0, "");
    }

    /** Beginning of a range of devices whose requests carry another DeviceID. */
    public static IvrsEntry aliasStart(int deviceId, int alias, int setting) {
        return new IvrsEntry(IvrsDescriptor.ALIAS_START, deviceId, setting, alias, 0, "");
    }

    /** One DeviceID with extended settings. */
    public static IvrsEntry extended(int deviceId, int setting, int extended) {
        return new IvrsEntry(IvrsDescriptor.EXTENDED, deviceId, setting, 0, extended, "");
    }

    /** An IOAPIC or HPET and the DeviceID of its interrupts. */
    public static IvrsEntry special(int variety, int handle, int source, int setting) {
        return new IvrsEntry(IvrsDescriptor.SPECIAL, 0, setting, source, variety << VARIETY_SHIFT | handle, "");
    }

    /** An ACPI device that is named by HID and a textual UID; names of up to 8 characters. */
    public static IvrsEntry acpiDevice(int deviceId, String hid, String uid, int setting) {
        StringBuilder text = new StringBuilder(hid);
        while (text.length() < 2 * NAME_CHARACTERS) {
            text.append('\0');
        }
        return new IvrsEntry(IvrsDescriptor.ACPI_DEVICE, deviceId, setting, 0, UID_TEXT, text + uid);
    }

    private static IvrsEntry plain(int type, int deviceId, int setting) {
        return new IvrsEntry(type, deviceId, setting, 0, 0, "");
    }

    /** Variety of a special entry. */
    public int variety() {
        return detail >>> VARIETY_SHIFT & 0xFF;
    }

    /** Handle of a special entry. */
    public int handle() {
        return detail & 0xFF;
    }

    /** Whether this is a special entry for an IOAPIC. */
    public boolean isIoapic() {
        return type == IvrsDescriptor.SPECIAL && variety() == IvrsDescriptor.IOAPIC;
    }

    /** Bytes it takes. */
    public int bytes() {
        return type == IvrsDescriptor.ACPI_DEVICE
                ? IvrsDescriptor.ACPI_DEVICE_BYTES + text.length() - 2 * NAME_CHARACTERS
                : IvrsDescriptor.entryBytes(type);
    }
}
