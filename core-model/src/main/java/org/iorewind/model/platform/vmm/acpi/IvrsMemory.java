package org.iorewind.model.platform.vmm.acpi;

/**
 * A block for memory that devices use without being told to by a driver.
 *
 * @param type 20h all devices, 21h one, 22h a range
 * @param flags see {@link IvrsDescriptor}
 * @param deviceId the device, or the first one
 * @param lastDeviceId the last one of a range
 * @param segment PCI segment
 * @param start guest physical address
 * @param length in bytes
 */
public record IvrsMemory(int type, int flags, int deviceId, int lastDeviceId, int segment, long start, long length) {
    private static final int READ_WRITE_UNITY =
            IvrsDescriptor.MEMORY_UNITY | IvrsDescriptor.MEMORY_READ | IvrsDescriptor.MEMORY_WRITE;

    /** Memory that one device reads and writes at its own addresses. */
    public static IvrsMemory unity(int deviceId, long start, long length) {
        return new IvrsMemory(IvrsDescriptor.MEMORY_ONE, READ_WRITE_UNITY, deviceId, 0, 0, start, length);
    }

    /** Memory that a range of devices reads and writes at its own addresses. */
    public static IvrsMemory unity(int firstDeviceId, int lastDeviceId, long start, long length) {
        return new IvrsMemory(
                IvrsDescriptor.MEMORY_RANGE, READ_WRITE_UNITY, firstDeviceId, lastDeviceId, 0, start, length);
    }

    /** Memory that no device's requests to are translated. */
    public static IvrsMemory exclusion(long start, long length) {
        return new IvrsMemory(
                IvrsDescriptor.MEMORY_ALL,
                IvrsDescriptor.MEMORY_EXCLUSION | READ_WRITE_UNITY & ~IvrsDescriptor.MEMORY_UNITY,
                0,
                0,
                0,
                start,
                length);
    }
}
