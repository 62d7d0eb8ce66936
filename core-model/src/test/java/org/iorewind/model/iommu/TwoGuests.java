package org.iorewind.model.iommu;

/** A bench with two guests, of which the first has a device and a domain. */
final class TwoGuests {
    static final int GUEST = 3;
    static final int OTHER = 4;
    static final int GUEST_DEVICE = 0x10;
    static final int GUEST_DOMAIN = 7;
    static final int HOST_DOMAIN = 0x33;
    static final long V_CMD = 1L << 31;
    static final long VNR = 1L << 27;
    static final long WAIT = 1L << 60;

    private TwoGuests() {}

    /** The bench; nothing was told of it yet. */
    static GuestBench bench() {
        IommuOptions options = GuestBench.options()
                .deviceAnswers(DeviceAnswers.AS_INPUT)
                .prefetch(true)
                .build();
        GuestBench bench = new GuestBench(options, false);
        bench.add(GUEST);
        bench.mapDevice(GUEST, GUEST_DEVICE, Machine.DEVICE);
        bench.mapDomain(GUEST, GUEST_DOMAIN, HOST_DOMAIN);
        bench.add(OTHER);
        bench.machine.told.clear();
        return bench;
    }
}
