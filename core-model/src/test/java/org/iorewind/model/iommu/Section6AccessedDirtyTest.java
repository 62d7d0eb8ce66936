package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestTables.GCR3;
import static org.iorewind.model.iommu.GuestTables.GV;
import static org.iorewind.model.iommu.GuestTables.HOST_OFFSET;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.GuestTables.PAGE;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.TABLE_1;
import static org.iorewind.model.iommu.Machine.TABLE_2;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 6.1, dirty and accessed bits: HAD of the device table entry with HASup and HDSup. */
class Section6AccessedDirtyTest {
    private static final long HOST_ACCESSED = 1L << 49;
    private static final long HOST_DIRTY = 1L << 52;
    private static final long A = 1L << 5;
    private static final long D = 1L << 6;
    private static final long HAD_A = 1L << 7;
    private static final long HAD_D = 1L << 8;
    private static final long LEAF = TABLE_1 + 8;

    private final Machine machine = machine(HAD_A | HAD_D);

    private static Machine machine(long had) {
        Machine machine = Machine.started(GuestTables.options(GuestTables.FEATURES | HOST_ACCESSED | HOST_DIRTY));
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_WRITE | had | 3, DOMAIN, 0, 0);
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        return machine;
    }

    private static long marks(Machine machine, long entry) {
        return machine.memory.peek(entry) & (A | D);
    }

    @ParameterizedTest
    @CsvSource({
        "0, READ, 0, 0",
        "1, READ, 32, 32",
        "1, WRITE, 32, 32",
        "2, READ, 0, 0",
        "2, WRITE, 0, 64",
        "3, WRITE, 32, 96"
    })
    void eachBitOfHadAsksForItsOwnUpdate(int had, AccessKind access, long directories, long leaf) {
        Machine marked = machine((long) had << 7);
        assertThat(marked.dma(DEVICE, 0x1000, access).decision()).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(marks(marked, ROOT)).isEqualTo(directories);
        assertThat(marks(marked, TABLE_2)).isEqualTo(directories);
        assertThat(marks(marked, LEAF)).isEqualTo(leaf);
        assertThat(marked.memory.peek(LEAF) & ~(A | D)).isEqualTo(PAGE_A | READ_WRITE | 1);
    }

    @Test
    void aWriteThroughACachedCleanTranslationStillSetsDirty() {
        machine.read(0x1000);
        assertThat(machine.read(0x1000).hit()).isTrue();
        assertThat(marks(machine, LEAF)).isEqualTo(A);
        assertThat(machine.written(0x1000).hit()).isFalse();
        assertThat(marks(machine, LEAF)).isEqualTo(A | D);
        assertThat(machine.written(0x1000).hit()).isTrue();
        machine.told.clear();
        machine.command(3L << 60 | (long) DOMAIN << 32, 0x1000);
        assertThat(machine.told).contains("dropped domain 5 1000 size 4096 pages 1");
    }

    @Test
    void clearedBitsAreSetAgainOnlyAfterAnInvalidation() {
        machine.written(0x1000);
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.written(0x1000);
        assertThat(marks(machine, LEAF)).isZero();
        machine.invalidateDomain(DOMAIN);
        machine.written(0x1000);
        assertThat(marks(machine, LEAF)).isEqualTo(A | D);
    }

    @Test
    void aWalkThatFaultsMarksNothing() {
        machine.map(0x1000, PAGE_A | READ_ONLY | 1);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(marks(machine, ROOT) | marks(machine, LEAF)).isZero();
        machine.read(0x1000);
        assertThat(machine.written(0x1000).hit()).isTrue();
        assertThat(marks(machine, LEAF)).isEqualTo(A);
    }

    @Test
    void ofReplicatedEntriesTheOneThatWasReadIsMarked() {
        // 16 KiB: bits 13:12 of the address field are 01b, in four entries alike.
        long replicated = PAGE_A | 0x1000 | 7 << 9 | READ_WRITE | 1;
        for (long iova = 0; iova < 0x4000; iova += 0x1000) {
            machine.map(iova, replicated);
        }
        assertThat(machine.written(0x2000).shift()).isEqualTo(14);
        assertThat(marks(machine, TABLE_1 + 16)).isEqualTo(A | D);
        assertThat(marks(machine, TABLE_1) | marks(machine, TABLE_1 + 8) | marks(machine, TABLE_1 + 24))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2", "3"})
    void hadUpdateIsNotLookedAt(long code) {
        machine.write(0x18, Machine.ENABLED | code << 46);
        machine.written(0x1000);
        assertThat(marks(machine, LEAF)).isEqualTo(A | D);
    }

    @Test
    void anUpdateThatFailsIsAHardwareError() {
        SpoiledStores spoiled = new SpoiledStores();
        assertThat(spoiled.iommu.dma(DEVICE, EffectSink.NO_PASID, 0x1000, 4, AccessKind.WRITE))
                .isEqualTo(TranslationDecision.HARDWARE_ERROR);
        assertThat(spoiled.failedAt).isEqualTo(ROOT);
    }

    @Test
    void aProbeMarksNothing() {
        assertThat(machine.iommu.probe(DEVICE, 0x1000).decision()).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(marks(machine, ROOT) | marks(machine, LEAF)).isZero();
    }

    @Test
    void theHostsEntriesOfANestedWalkAreMarked() {
        GuestTables guest = GuestTables.nested(GuestTables.FEATURES | HOST_ACCESSED | HOST_DIRTY);
        guest.entry(GV | GuestTables.hostBits() | HAD_A | HAD_D, GCR3, 0);
        guest.with(1, MAPPED, AccessKind.READ);
        assertThat(marks(guest.machine, TABLE_1 + PAGE / 512)).isEqualTo(A);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE).hit()).isFalse();
        assertThat(marks(guest.machine, TABLE_1 + PAGE / 512)).isEqualTo(A | D);
        assertThat(marks(guest.machine, TABLE_1 + GCR3 / 512)).isEqualTo(A);
        Machine.Translation cached = guest.with(1, MAPPED, AccessKind.WRITE);
        assertThat(cached.hit()).isTrue();
        assertThat(cached.rights()).isEqualTo(3);
        assertThat(cached.result()).isEqualTo(PAGE + HOST_OFFSET);
    }

    @Test
    void qemuHasNoUpdates() {
        Machine qemu = Machine.started(IommuOptions.of(Profile.QEMU_11_1).toBuilder()
                .extendedFeatures(0x29D3 | HOST_ACCESSED)
                .build());
        qemu.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_WRITE | HAD_A | 3, DOMAIN, 0, 0);
        qemu.command(2L << 60 | DEVICE, 0);
        assertThat(qemu.read(0x1000).decision()).isEqualTo(TranslationDecision.NOT_MODELLED);
    }

    /** The same tables in a memory that refuses every store. */
    private final class SpoiledStores implements MemoryPort, EffectSink {
        private final Iommu iommu = new Iommu(machine.iommu.options(), this, this);
        private long failedAt;

        SpoiledStores() {
            iommu.mmioWrite(0, 8, Machine.DEVICE_TABLE | 1);
            iommu.mmioWrite(0x18, 8, 1);
        }

        @Override
        public MemoryStatus load(long address, int quadwords) {
            return machine.memory.load(address, quadwords);
        }

        @Override
        public long word(int index) {
            return machine.memory.word(index);
        }

        @Override
        public MemoryStatus store(long address, long value) {
            return MemoryStatus.ABORT;
        }

        @Override
        public MemoryPort observing() {
            return machine.memory.observing();
        }

        @Override
        public void memoryFailure(MemoryUse use, long address, MemoryStatus status) {
            failedAt = address;
        }
    }

    /** One that marks only D, so that the first store is the one to the page's entry. */
    @Test
    void aDirtyBitThatCannotBeStoredIsAHardwareErrorToo() {
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_WRITE | HAD_D | 3, DOMAIN, 0, 0);
        SpoiledStores spoiled = new SpoiledStores();
        assertThat(spoiled.iommu.dma(DEVICE, EffectSink.NO_PASID, 0x1000, 4, AccessKind.READ))
                .isEqualTo(TranslationDecision.TRANSLATED);
        spoiled.iommu.mmioWrite(0x18, 8, 1);
        assertThat(spoiled.iommu.dma(DEVICE, EffectSink.NO_PASID, 0x1000, 4, AccessKind.WRITE))
                .isEqualTo(TranslationDecision.HARDWARE_ERROR);
        assertThat(spoiled.failedAt).isEqualTo(LEAF);
    }

    @Test
    void eachMarkIsToldWithTheEntryBeforeAndAfter() {
        List<String> marks = new ArrayList<>();
        EffectSink sink = new EffectSink() {
            @Override
            public void tableEntryMarked(long entryAddress, long before, long after) {
                marks.add(Long.toHexString(entryAddress) + " " + Long.toHexString(before ^ after));
                assertThat(before & ~after).isZero();
            }
        };
        Iommu iommu = new Iommu(machine.iommu.options(), machine.memory, sink);
        iommu.mmioWrite(0, 8, Machine.DEVICE_TABLE | 1);
        iommu.mmioWrite(0x18, 8, 1);
        iommu.dma(DEVICE, EffectSink.NO_PASID, 0x1000, 4, AccessKind.READ);
        iommu.dma(DEVICE, EffectSink.NO_PASID, 0x1000, 4, AccessKind.WRITE);
        assertThat(marks).containsExactly("300000 20", "301000 20", "302008 20", "302008 40");
    }
}
