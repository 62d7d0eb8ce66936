package org.iorewind.model.iommu;

import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.READ_WRITE;

/** A machine with performance counters, two banks of four, to be programmed (reference 1.12). */
abstract class CountingMachine {
    static final long PC_SUP = 1L << 9;
    static final long GUESTS = GuestTables.FEATURES | 1L << 7;
    static final int BANK = 0x4_0000;
    static final int SOURCE = 0x08;
    static final int PASID = 0x10;
    static final int DOMAIN_MATCH = 0x18;
    static final int DEVICE_MATCH = 0x20;
    static final int REPORT = 0x28;
    static final long MATCH_EN = 1L << 31;
    static final long ALL_ONES = 0xFFFF_FFFF_FFFFL;

    Machine machine = machine(2, 4);

    static Machine machine(int banks, int perBank) {
        return Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | PC_SUP)
                .counters(banks, perBank)
                .build());
    }

    static int at(int bank, int counter, int function) {
        return BANK + (bank << 12) + (counter << 8) + function;
    }

    void counts(PerformanceEvent event) {
        machine.write(at(0, 0, SOURCE), event.code());
        machine.write(at(0, 0, 0), 0);
    }

    long counted() {
        return machine.iommu.mmioRead(at(0, 0, 0), 8);
    }

    void map() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
    }
}
