package org.iorewind.model.platform.driver;

/**
 * How a driver sets itself up.
 *
 * @param ringLengthCode log2 of the commands that its ring has room for, 8 to 15
 * @param logLengthCode log2 of the entries of its logs, 8 to 15
 * @param devices how many DeviceIDs its device table has, 128 to 65536, a multiple of 128
 * @param unknownDevices entry of devices that nobody attached
 * @param doorbell when the tail register is written
 * @param entryStores how device table entries are written
 * @param longInterruptEntries whether interrupt tables have entries of 128 bits, where the hardware can (GAEn)
 */
public record DriverOptions(
        int ringLengthCode,
        int logLengthCode,
        int devices,
        DeviceEntryImage unknownDevices,
        Doorbell doorbell,
        EntryStores entryStores,
        boolean longInterruptEntries) {
    private static final int LINUX_LENGTH_CODE = 9;
    private static final int ALL_DEVICES = 1 << 16;

    /**
     * As Linux does (amd-viommu reference 8): rings and logs of 512 entries, a device table for all DeviceIDs whose entries let
     * nothing pass, one tail store for each command.
     */
    public static DriverOptions linux() {
        return new DriverOptions(
                LINUX_LENGTH_CODE,
                LINUX_LENGTH_CODE,
                ALL_DEVICES,
                DeviceEntryImage.BLOCKED,
                Doorbell.EACH_COMMAND,
                EntryStores.WHOLE,
                true);
    }

    /** The same with another number of DeviceIDs. */
    public DriverOptions devices(int value) {
        return new DriverOptions(
                ringLengthCode, logLengthCode, value, unknownDevices, doorbell, entryStores, longInterruptEntries);
    }

    /** The same with another use of the tail register. */
    public DriverOptions doorbell(Doorbell value) {
        return new DriverOptions(
                ringLengthCode, logLengthCode, devices, unknownDevices, value, entryStores, longInterruptEntries);
    }

    /** The same with another way to write device table entries. */
    public DriverOptions entryStores(EntryStores value) {
        return new DriverOptions(
                ringLengthCode, logLengthCode, devices, unknownDevices, doorbell, value, longInterruptEntries);
    }

    /** The same with other lengths. */
    public DriverOptions lengths(int ringCode, int logCode) {
        return new DriverOptions(
                ringCode, logCode, devices, unknownDevices, doorbell, entryStores, longInterruptEntries);
    }

    /** The same with another entry for devices that nobody attached. */
    public DriverOptions unknownDevices(DeviceEntryImage value) {
        return new DriverOptions(
                ringLengthCode, logLengthCode, devices, value, doorbell, entryStores, longInterruptEntries);
    }

    /** The same with interrupt tables of the other kind. */
    public DriverOptions longInterruptEntries(boolean value) {
        return new DriverOptions(ringLengthCode, logLengthCode, devices, unknownDevices, doorbell, entryStores, value);
    }
}
