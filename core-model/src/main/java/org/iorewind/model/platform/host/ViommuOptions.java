package org.iorewind.model.platform.host;

/**
 * How a host uses hardware vIOMMU.
 *
 * @param device DeviceID of the IOMMU itself, as firmware tells it
 * @param idMaps when entries of ID maps are initialised
 * @param takesFixedBuffers whether hardware without GstBufferTRPMode will do: guests' buffers are mapped page by page then, as in
 *     2020; newer drivers refuse (amd-viommu reference 7.1)
 */
public record ViommuOptions(int device, IdMaps idMaps, boolean takesFixedBuffers) {
    private static final int USUAL_DEVICE = 2;

    /** When entries of ID maps are initialised. */
    public enum IdMaps {
        /** When a device or a domain is attached; others stay invalid. */
        ON_ATTACH,
        /** All 65,536 + 65,536 when a guest begins, as Linux does (amd-viommu reference 4.2). */
        ALL_AT_ONCE
    }

    /** Function 00:00.2, maps on attach, with either kind of buffers. */
    public static ViommuOptions usual() {
        return new ViommuOptions(USUAL_DEVICE, IdMaps.ON_ATTACH, true);
    }

    /** The same with other ID maps. */
    public ViommuOptions idMaps(IdMaps value) {
        return new ViommuOptions(device, value, takesFixedBuffers);
    }

    /** The same for newer drivers. */
    public ViommuOptions withoutFixedBuffers() {
        return new ViommuOptions(device, idMaps, false);
    }
}
