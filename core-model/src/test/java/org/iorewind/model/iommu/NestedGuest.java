package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestBench.TABLES;

import org.junit.jupiter.api.BeforeEach;

/** A guest with a device behind both stages, to see what it finds in its logs. */
abstract class NestedGuest {
    static final int GUEST = 3;
    static final int DEVICE = Machine.DEVICE;
    static final int GUEST_DEVICE = 0x0108;
    static final int PASID = 5;
    static final int NESTED_DOMAIN = 0x40;
    static final long VIRTUAL = (long) GUEST << 32 | (long) GUEST_DEVICE << 16 | 1 << 15;
    /** GN, US. */
    static final long GN_US = 0x005;

    static final long V_PPR = 1L << 30;
    static final long V_EVENT = 1L << 29;

    final GuestBench bench = new GuestBench();
    final Machine machine = bench.machine;

    @BeforeEach
    void aGuestWithADevice() {
        bench.add(GUEST);
        nested(bench, VIRTUAL);
    }

    static void nested(GuestBench bench, long q3) {
        bench.nest(GUEST, DEVICE, NESTED_DOMAIN, PASID, q3);
    }

    void guestEntry(long table, int index, long entry) {
        machine.memory.writeLong(GuestBench.base(GUEST) + TABLES + table + index * 8L, entry);
    }

    TranslationDecision dma(int pasid, long address, AccessKind access) {
        return machine.iommu.dma(DEVICE, pasid, address, 4, access);
    }

    Machine.GuestLogged lastOfGuest() {
        return machine.guestEvents.get(machine.guestEvents.size() - 1);
    }

    PageRequestDecision request(int rights, boolean last) {
        return machine.iommu.pageRequest(DEVICE, PASID, 0x1234_5000L, rights, 0x12, last);
    }

    void expectGuestFault(long flags) {
        long q0 = 2L << 60 | flags << 48 | (long) PASID << 32 | GUEST_DEVICE;
        assertThat(lastOfGuest().q0()).isEqualTo(q0);
        assertThat(lastOfGuest().written()).isTrue();
        assertThat(machine.events).isEmpty();
    }
}
