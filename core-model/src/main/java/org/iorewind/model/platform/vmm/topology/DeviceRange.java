package org.iorewind.model.platform.vmm.topology;

/**
 * DeviceIDs behind an instance, as its IVHD lists them.
 *
 * @param first 0 to FFFFh
 * @param last from {@code first} to FFFFh
 * @param alias the DeviceID that their requests carry, or {@link #NONE} for their own
 */
public record DeviceRange(int first, int last, int alias) {
    /** No alias. */
    public static final int NONE = -1;

    /** DeviceIDs that keep their own names. */
    public static DeviceRange of(int first, int last) {
        return new DeviceRange(first, last, NONE);
    }

    /** Whether a request could carry this DeviceID. */
    public boolean contains(int deviceId) {
        return deviceId >= first && deviceId <= last || deviceId == alias;
    }
}
