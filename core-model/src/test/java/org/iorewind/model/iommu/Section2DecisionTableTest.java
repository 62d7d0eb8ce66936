package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.GuestTables.GCR3;
import static org.iorewind.model.iommu.GuestTables.GIOV;
import static org.iorewind.model.iommu.GuestTables.GV;
import static org.iorewind.model.iommu.GuestTables.HOST_OFFSET;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.GuestTables.PAGE;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DEVICE_TABLE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.WRITE_ONLY;

import java.util.Set;
import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The masks of reference 2.3, the decision table of 2.4 and the order of checks of 2.5. */
class Section2DecisionTableTest {
    private static final int RZ = 0x080;
    private static final int GN = 0x001;
    private static final int US = 0x004;
    private static final long HATS_6 = 2L << 10;
    /** GTSup, GLXSup=2, SATSSup, GIoSup, HASup, EPHSup, HDSup. */
    private static final long ALL_FEATURES =
            HATS_6 | 1L << 4 | 2L << 14 | 1L << 31 | 1L << 48 | 1L << 49 | 1L << 50 | 1L << 52;

    private static Machine started(long features) {
        return Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(features)
                .deviceEntryCache(0)
                .build());
    }

    private static boolean isReported(Machine machine, int flags) {
        boolean reported = !machine.events.isEmpty()
                && machine.lastEvent().code() == 1
                && machine.lastEvent().flags() == flags;
        machine.events.clear();
        return reported;
    }

    @ParameterizedTest
    @CsvSource({
        "false, 0, 0x9FF00000000001FC",
        "false, 1, 0xFFFFFC00FFFF0000",
        "false, 2, 0x0000000000000000",
        "false, 3, 0x0000000000000000",
        "true,  0, 0x800000000000007C",
        "true,  1, 0x0000000000000000",
        "true,  2, 0x0000000000000000",
        "true,  3, 0x0000000000000000",
    })
    void memoryRequestsMeetTheReservedBitsOfTheFirstHalf(boolean hasFeatures, int quadword, String mask) {
        Machine machine = started(hasFeatures ? ALL_FEATURES : HATS_6);
        long found = 0;
        for (int bit = 0; bit < 64; bit++) {
            long[] entry = {READ_WRITE | 3, DOMAIN, 0, 0};
            entry[quadword] |= 1L << bit;
            machine.deviceEntry(DEVICE, entry[0], entry[1], entry[2], entry[3]);
            boolean isRefused = machine.read(0x1000).decision() == TranslationDecision.BAD_DEVICE_ENTRY;
            assertThat(isReported(machine, RZ)).as("bit %d", bit).isEqualTo(isRefused);
            found |= isRefused ? 1L << bit : 0;
        }
        assertThat(found).isEqualTo(Long.parseUnsignedLong(mask.substring(2), 16));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0x0000000000000000",
        "1, 0x0000000000000000",
        "2, 0x0030000000000000",
        "3, 0x003FFFFFFFFFFFFF",
    })
    void interruptsMeetTheReservedBitsOfTheSecondHalf(int quadword, String mask) {
        Machine machine = started(HATS_6);
        long found = 0;
        for (int bit = 0; bit < 64; bit++) {
            long[] entry = {0, 0, 1, 0};
            entry[quadword] |= 1L << bit;
            machine.deviceEntry(DEVICE, entry[0], entry[1], entry[2], entry[3]);
            InterruptDecision decision = machine.interrupt(0xFEE0_0000L, 0).decision();
            boolean isRefused = isReported(machine, RZ | 0x008);
            if (isRefused) {
                assertThat(decision).as("bit %d", bit).isEqualTo(InterruptDecision.ABORTED);
                found |= 1L << bit;
            }
        }
        assertThat(found).isEqualTo(Long.parseUnsignedLong(mask.substring(2), 16));
    }

    @ParameterizedTest
    @CsvSource({
        // V, TV, Mode, GV, GIoV, PASID, who translates
        "0, 0, 0, 0, 0,     , nobody",
        "0, 1, 4, 1, 1,     , nobody",
        "0, 1, 4, 1, 1,    1, nobody",
        "1, 0, 0, 0, 0,     , TRANSLATION_OFF",
        "1, 0, 4, 0, 0,     , TRANSLATION_OFF",
        "1, 0, 4, 1, 1,     , TRANSLATION_OFF",
        "1, 0, 4, 1, 0,    1, TRANSLATION_OFF",
        "1, 1, 0, 0, 0,     , nobody",
        "1, 1, 0, 0, 1,     , nobody",
        "1, 1, 4, 0, 0,     , host",
        "1, 1, 4, 0, 1,     , host",
        "1, 1, 0, 1, 0,    1, guest",
        "1, 1, 0, 1, 1,    1, guest",
        "1, 1, 0, 1, 1,     , guest",
        "1, 1, 4, 1, 0,    1, both",
        "1, 1, 4, 1, 1,    1, both",
        "1, 1, 4, 1, 1,     , both",
        "1, 1, 0, 1, 0,     , nobody",
        "1, 1, 4, 1, 0,     , host",
        "1, 1, 0, 0, 0,    1, ABORTED",
        "1, 1, 4, 0, 0,    1, ABORTED",
        "1, 1, 0, 1, 0,  512, ABORTED",
        "1, 1, 4, 1, 0,  512, ABORTED",
    })
    void theDecisionTable(int v, int tv, int mode, int gv, int giov, Integer pasid, String outcome) {
        GuestTables tables = mode == 0 ? GuestTables.flat(GuestTables.FEATURES) : GuestTables.nested();
        long host = mode == 0 ? 0 : GuestTables.hostBits();
        long fields = host | gv * GV | giov * GIOV;
        long gcr3Low = (GCR3 >>> 12) << 58;
        tables.machine.deviceEntry(DEVICE, fields | gcr3Low | READ_WRITE | tv * 2L | v, DOMAIN, 0, 0);
        boolean asksGuest = outcome.equals("guest") || outcome.equals("both");
        long address = asksGuest ? MAPPED : PAGE;
        int requested = pasid == null ? NO_PASID : pasid;
        Machine.Translation answer = tables.with(requested, address, AccessKind.WRITE);
        switch (outcome) {
            case "nobody" -> expect(tables, answer, TranslationDecision.PASSED, PAGE, "");
            case "host" -> expect(tables, answer, TranslationDecision.TRANSLATED, PAGE + HOST_OFFSET, "step");
            case "guest" -> expect(tables, answer, TranslationDecision.TRANSLATED, PAGE, "GCR3 PAGE");
            case "both" -> expect(tables, answer, TranslationDecision.TRANSLATED, PAGE + HOST_OFFSET, "step GCR3 PAGE");
            default -> {
                expect(tables, answer, TranslationDecision.valueOf(outcome), 0, "");
                boolean isGuest = pasid != null || gv * giov != 0;
                assertThat(tables.machine.lastEvent().code()).isEqualTo(2);
                assertThat(tables.machine.lastEvent().flags()).isEqualTo(0x020 | (isGuest ? GN | US : 0));
            }
        }
    }

    private static void expect(
            GuestTables tables, Machine.Translation answer, TranslationDecision decision, long result, String walks) {
        assertThat(answer.decision()).isEqualTo(decision);
        assertThat(answer.result()).isEqualTo(result);
        Set<String> reads = Set.of("step", "GCR3", "PAGE");
        assertThat(tables.machine.told.stream().map(line -> line.split(" ")[0]).distinct())
                .filteredOn(reads::contains)
                .containsExactlyInAnyOrder(walks.isEmpty() ? new String[0] : walks.split(" "));
        assertThat(tables.machine.events.isEmpty()).isEqualTo(result != 0);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "4, false", "4, true"})
    void theRightsOfTheEntryCountWhoeverTranslates(int mode, boolean isGuest) {
        GuestTables tables = mode == 0 ? GuestTables.flat(GuestTables.FEATURES) : GuestTables.nested();
        long q0 = (mode == 0 ? 0 : GuestTables.hostBits()) | (isGuest ? GV : 0);
        int pasid = isGuest ? 1 : NO_PASID;
        long address = isGuest ? MAPPED : PAGE;
        tables.entry(q0, isGuest ? GCR3 : 0, 0, READ_ONLY);
        assertThat(tables.with(pasid, address, AccessKind.READ).rights()).isEqualTo(1);
        assertThat(tables.with(pasid, address, AccessKind.WRITE).decision())
                .isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(tables.machine.lastEvent().flags()).isEqualTo(0x070 | (isGuest ? GN | US : 0));
        tables.entry(q0, isGuest ? GCR3 : 0, 0, WRITE_ONLY);
        assertThat(tables.with(pasid, address, AccessKind.WRITE).rights()).isEqualTo(2);
        assertThat(tables.with(pasid, address, AccessKind.READ).decision())
                .isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(tables.machine.lastEvent().flags()).isEqualTo(0x050 | (isGuest ? GN | US : 0));
    }

    /** All that can be wrong is wrong at first; mending the first defect brings the next one to light. */
    @Test
    void theChecksAreMadeInTheOrderOfTheReference() {
        int device = 0x90;
        long msi = 0xFEE0_1000L;
        long high = 1L << 40;
        Machine machine = started(HATS_6);
        machine.write(0, DEVICE_TABLE);
        machine.write(0x28, -1);
        machine.write(0x20, 3);
        machine.write(0x18, Machine.ENABLED & ~1);
        machine.deviceEntry(device, ROOT | 7 << 9 | 4, DOMAIN, 0, 0);
        machine.memory.injectFailure(DEVICE_TABLE + 32 * device, 32, MemoryStatus.ABORT);

        expectNext(machine, machine.dma(device, msi, AccessKind.READ), TranslationDecision.PASSED, -1);
        machine.write(0x18, Machine.ENABLED);
        expectNext(machine, machine.dma(device, msi, AccessKind.READ), TranslationDecision.DEVICE_OUT_OF_TABLE, 0);
        machine.write(0, DEVICE_TABLE | 1);
        expectNext(machine, machine.dma(device, msi, AccessKind.READ), TranslationDecision.HARDWARE_ERROR, 0x200);
        machine.memory.heal(DEVICE_TABLE, 0x2000);
        expectNext(machine, machine.dma(device, msi, AccessKind.READ), TranslationDecision.PASSED, -1);
        machine.deviceEntry(device, ROOT | 7 << 9 | 5, DOMAIN, 0, 0);
        expectNext(machine, machine.dma(device, msi, AccessKind.READ), TranslationDecision.BAD_DEVICE_ENTRY, RZ);
        machine.deviceEntry(device, ROOT | 7 << 9 | 1, DOMAIN, 0, 0);
        expectNext(machine, machine.dma(device, msi, AccessKind.READ), TranslationDecision.ABORTED, 0);
        expectNext(machine, machine.dma(device, high, AccessKind.READ), TranslationDecision.PASSED, -1);
        machine.write(0x20, 0);
        expectNext(machine, machine.dma(device, high, AccessKind.READ), TranslationDecision.TRANSLATION_OFF, 0);
        machine.deviceEntry(device, ROOT | 7 << 9 | 3, DOMAIN, 0, 0);
        expectNext(machine, machine.dma(device, high, AccessKind.READ), TranslationDecision.NO_PERMISSION, 0x050);
        machine.deviceEntry(device, READ_WRITE | ROOT | 7 << 9 | 3, DOMAIN, 0, 0);
        expectNext(machine, machine.dma(device, high, AccessKind.READ), TranslationDecision.BAD_DEVICE_ENTRY, 0);
        machine.deviceEntry(device, READ_WRITE | ROOT | 3 << 9 | 3, DOMAIN, 0, 0);
        expectNext(machine, machine.dma(device, high, AccessKind.READ), TranslationDecision.ADDRESS_TOO_WIDE, 0);
        expectNext(machine, machine.dma(device, 0x1000, AccessKind.READ), TranslationDecision.PAGE_NOT_PRESENT, 0);
        machine.map(0x1000, Machine.PAGE_A | READ_WRITE | 1);
        expectNext(machine, machine.dma(device, 0x1000, AccessKind.READ), TranslationDecision.TRANSLATED, -1);
    }

    private static void expectNext(
            Machine machine, Machine.Translation answer, TranslationDecision decision, int flags) {
        assertThat(answer.decision()).isEqualTo(decision);
        if (flags < 0) {
            assertThat(machine.events).as("events after %s", decision).isEmpty();
        } else {
            assertThat(machine.lastEvent().flags()).as("flags of %s", decision).isEqualTo(flags);
        }
        machine.events.clear();
    }

    @ParameterizedTest
    @CsvSource({
        // ExEn, Allow, EX, SNPSup, passes
        "0, 0, 0, 0, false",
        "0, 1, 1, 0, false",
        "1, 0, 0, 0, false",
        "1, 0, 1, 0, true",
        "1, 1, 0, 0, true",
        "1, 1, 1, 1, false"
    })
    void theExclusionRangeNeedsExEnAndAllowOrEx(long enable, long allow, long ex, long snp, boolean passes) {
        Machine machine = started(HATS_6 | snp << 63);
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_WRITE | 3, DOMAIN | ex << 39, 0, 0);
        machine.write(0x28, 0x1000);
        machine.write(0x20, 0x1000 | allow << 1 | enable);
        assertThat(machine.read(0x1000).decision() == TranslationDecision.PASSED)
                .isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource({
        "0x00FEDFFFFF, false",
        "0x00FEE00000, true",
        "0x00FEEFFFFF, true",
        "0x00FEF00000, false",
        "0xFCFFFFFFFF, false",
        "0xFD00000000, true",
        "0xFFFFFFFFFF, true",
        "0x10000000000, false"
    })
    void theSpecialRangesEndWhereTheReferenceSays(String address, boolean isSpecial) {
        Machine machine = started(HATS_6);
        machine.deviceEntry(DEVICE, Machine.TABLE_1 | 6 << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        assertThat(machine.read(Long.decode(address)).decision())
                .isEqualTo(isSpecial ? TranslationDecision.ABORTED : TranslationDecision.PAGE_NOT_PRESENT);
    }

    @Test
    void aFaultOfADeviceBeyondTheTableIsLoggedWhateverTheLastEntrySaid() {
        Machine machine = started(HATS_6);
        machine.write(0, DEVICE_TABLE);
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_WRITE | 3, DOMAIN | 1L << 34, 1L << 5 | 1, 0);
        machine.read(0x1000);
        machine.interrupt(0xFEE0_0000L, 0);
        machine.dma(0x80, 0x1000, AccessKind.READ);
        assertThat(machine.lastEvent()).isEqualTo(new Machine.Logged(0, 2L << 60 | 0x80, 0x1000, true));
        assertThat(machine.iommu.interrupt(0x80, 0xFEE0_0000L, 0)).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent())
                .isEqualTo(new Machine.Logged(0x10, 2L << 60 | 0x008L << 48 | 0x80, 0xFEE0_0000L, true));
    }
}
