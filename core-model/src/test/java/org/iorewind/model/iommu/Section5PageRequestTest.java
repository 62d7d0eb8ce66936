package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;

import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 5.1, 5.2, 3.3 (07h), and 4.5 applied to the PPR log. */
class Section5PageRequestTest {
    private static final int PPR_LOG = 0x60_0000;
    private static final long FEATURES = 2L << 10 | 1L << 1 | 1L << 4 | 1L << 40 | 1L << 41 | 1L << 44 | 1L << 50;
    private static final long ON = Machine.ENABLED | 7L << 13 | 1L << 16;
    private static final long WITH_PPR = ROOT | 3 << 9 | READ_WRITE | 3 | 1L << 52;
    private static final long WITH_GUEST = WITH_PPR | 1L << 55;
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int USER = 8;

    private final Machine machine = machine(FEATURES);

    private static Machine machine(long features) {
        Machine machine = new Machine(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(features)
                .deviceEntryCache(0)
                .build());
        machine.deviceEntry(DEVICE, WITH_GUEST, DOMAIN, 0, 0);
        machine.write(0x38, PPR_LOG | 8L << 56);
        machine.start(ON);
        return machine;
    }

    private PageRequestDecision request(int pasid, int rights, int group, boolean last) {
        return machine.iommu.pageRequest(DEVICE, pasid, 0x1_2345_6789L, rights, group, last);
    }

    private PageRequestDecision requestRead() {
        return request(NO_PASID, READ, 0x12, true);
    }

    private void entry(long q0) {
        machine.deviceEntry(DEVICE, q0, DOMAIN, 0, 0);
    }

    private void expectInvalid(long q0) {
        assertThat(machine.lastEvent().q0()).isEqualTo(q0);
        assertThat(machine.lastEvent().q1()).isEqualTo(0x1_2345_6000L);
        assertThat(machine.iommu.register(0x2038)).isZero();
    }

    @Test
    void anEntryHasItsFieldsWhereDriversLookForThem() {
        assertThat(request(0xA_BCDE, READ | WRITE | EXECUTE | USER, 0x1FF, true))
                .isEqualTo(PageRequestDecision.LOGGED);
        long dword0 = 0xBCDEL << 16 | DEVICE;
        long dword1 = 1L << 28 | 0x166L << 16 | 0xA << 10 | 1 << 9 | 0x1FF;
        assertThat(machine.memory.peek(PPR_LOG)).isEqualTo(dword1 << 32 | dword0);
        assertThat(machine.memory.peek(PPR_LOG + 8)).isEqualTo(0x1_2345_6000L);
        assertThat(machine.iommu.register(0x2038)).isEqualTo(0x10);
    }

    @ParameterizedTest
    @CsvSource({"1, 0x004", "2, 0x020", "3, 0x024", "4, 0x002", "8, 0x040"})
    void eachRightHasItsFlag(int rights, String flags) {
        request(NO_PASID, rights, 3, false);
        assertThat(machine.memory.peek(PPR_LOG)).isEqualTo(1L << 60 | Long.decode(flags) << 48 | 3L << 32 | DEVICE);
    }

    @Test
    void anEntryRaisesPprIntAndOneMessageForEachRise() {
        requestRead();
        requestRead();
        assertThat(machine.told.stream().filter("own PPR_LOG"::equals)).hasSize(1);
        assertThat(machine.status()).isEqualTo(1 << 3 | 1 << 4 | 1 << 6 | 1 << 7);
        machine.write(0x2020, 1 << 6);
        requestRead();
        assertThat(machine.told.stream().filter("own PPR_LOG"::equals)).hasSize(2);
        assertThat(machine.events).allMatch(Machine.Logged::written);
    }

    @Test
    void pprIntRisesWithoutItsEnableBitButSendsNothing() {
        machine.write(0x18, ON & ~(1L << 14));
        requestRead();
        assertThat(machine.status() & 1 << 6).isNotZero();
        assertThat(machine.told).doesNotContain("own PPR_LOG");
    }

    @ParameterizedTest
    @CsvSource({"0", "13"})
    void theLogRunsWhenBothEnableBitsAreThere(int bit) {
        assertThat(machine.status() & 1 << 7).isNotZero();
        machine.write(0x18, ON & ~(1L << bit));
        assertThat(machine.status() & 1 << 7).isZero();
        machine.write(0x18, ON);
        assertThat(machine.status() & 1 << 7).isNotZero();
    }

    @Test
    void aFullLogSetsPprOverflowStopsAndLosesTheRequest() {
        for (int i = 0; i < 255; i++) {
            assertThat(requestRead()).isEqualTo(PageRequestDecision.LOGGED);
        }
        assertThat(requestRead()).isEqualTo(PageRequestDecision.LOST);
        assertThat(machine.status()).isEqualTo(1 << 3 | 1 << 4 | 1 << 5 | 1 << 6);
        assertThat(machine.told.stream().filter("own PPR_LOG"::equals)).hasSize(2);
        machine.write(0x2030, 0x100);
        assertThat(requestRead()).isEqualTo(PageRequestDecision.LOST);
        assertThat(machine.told).noneMatch(line -> line.startsWith("response"));
    }

    @Test
    void theRestartProcedureWorks() {
        for (int i = 0; i < 256; i++) {
            requestRead();
        }
        machine.write(0x2030, 0xFF0);
        machine.write(0x18, ON & ~(1L << 13));
        machine.write(0x18, ON);
        assertThat(machine.status() & (1 << 5 | 1 << 7)).isEqualTo(1 << 7);
        assertThat(requestRead()).isEqualTo(PageRequestDecision.LOGGED);
        assertThat(machine.iommu.register(0x2038)).isZero();
    }

    @Test
    void aStoreThatFailsLosesTheEntry() {
        machine.memory.injectFailure(PPR_LOG + 8, 8, MemoryStatus.ABORT);
        assertThat(requestRead()).isEqualTo(PageRequestDecision.LOST);
        assertThat(machine.told).contains("failure LOG 600000 ABORT");
        assertThat(machine.iommu.register(0x2038)).isZero();
    }

    @Test
    void pprOverflowEarlyRisesAtItsThreshold() {
        machine.write(0x2088, 1L << 31 | 1L << 30 | 3);
        requestRead();
        machine.write(0x2020, 1 << 6);
        requestRead();
        assertThat(machine.status() & 1 << 18).isZero();
        requestRead();
        assertThat(machine.status() & 1 << 18).isNotZero();
        assertThat(machine.told.stream().filter("own PPR_LOG"::equals)).hasSize(3);
        machine.write(0x2020, 1 << 18);
        machine.write(0x2088, 1);
        requestRead();
        assertThat(machine.status() & 1 << 18).isZero();
    }

    @Test
    void pprEnForbidsAllRequests() {
        machine.write(0x18, ON & ~(1L << 15));
        assertThat(request(0xA_BCDE, WRITE, 5, true)).isEqualTo(PageRequestDecision.INVALID);
        long dword1 = 9L << 28 | 0x120L << 16 | 0xA << 10 | 1 << 9 | 5;
        expectInvalid(dword1 << 32 | 0xBCDEL << 16 | DEVICE);
        assertThat(machine.lastEvent().written()).isTrue();
        assertThat(machine.told).contains("response to 48 pasid 703710 group 5 code 1");
    }

    @Test
    void theDeviceTableEntryForbidsRequests() {
        entry(WITH_GUEST & ~(1L << 52));
        assertThat(request(NO_PASID, READ, 5, false)).isEqualTo(PageRequestDecision.INVALID);
        expectInvalid(9L << 60 | 0x004L << 48 | 5L << 32 | DEVICE);
        assertThat(machine.told).noneMatch(line -> line.startsWith("response"));
        entry(WITH_GUEST & ~1);
        assertThat(requestRead()).isEqualTo(PageRequestDecision.INVALID);
        assertThat(machine.iommu.pageRequest(0x4000, NO_PASID, 0, READ, 0, true))
                .isEqualTo(PageRequestDecision.INVALID);
    }

    @Test
    void aPasidNeedsGuestTranslation() {
        entry(WITH_PPR);
        assertThat(request(1, READ, 5, true)).isEqualTo(PageRequestDecision.INVALID);
        assertThat(requestRead()).isEqualTo(PageRequestDecision.LOGGED);
        entry(WITH_GUEST);
        assertThat(request(1, READ, 5, true)).isEqualTo(PageRequestDecision.LOGGED);
        machine.write(0x18, ON & ~(1L << 16));
        assertThat(request(1, READ, 5, true)).isEqualTo(PageRequestDecision.INVALID);
    }

    @Test
    void withoutEphTheEntryHasNoSay() {
        Machine plain = machine(FEATURES & ~(1L << 50));
        plain.deviceEntry(DEVICE, WITH_GUEST & ~(1L << 52), DOMAIN, 0, 0);
        assertThat(plain.iommu.pageRequest(DEVICE, NO_PASID, 0, READ, 0, true)).isEqualTo(PageRequestDecision.LOGGED);
        plain.deviceEntry(DEVICE, WITH_GUEST, DOMAIN, 0, 0);
        assertThat(plain.iommu.pageRequest(DEVICE, NO_PASID, 0, READ, 0, true)).isEqualTo(PageRequestDecision.FAILED);
        assertThat(plain.lastEvent().q0()).isEqualTo(1L << 60 | 0x080L << 48 | DEVICE);
        assertThat(plain.told).contains("response to 48 pasid -1 group 0 code 15");
    }

    @Test
    void withoutPprSupNothingIsLogged() {
        Machine plain = machine(FEATURES & ~2);
        assertThat(plain.status() & 1 << 7).isZero();
        assertThat(plain.iommu.pageRequest(DEVICE, NO_PASID, 0, READ, 0, true)).isEqualTo(PageRequestDecision.INVALID);
    }

    @Test
    void anUnreadableEntryIsAHardwareError() {
        machine.memory.injectFailure(Machine.DEVICE_TABLE + 32 * DEVICE, 32, MemoryStatus.ABORT);
        assertThat(requestRead()).isEqualTo(PageRequestDecision.FAILED);
        assertThat(machine.lastEvent().q0()).isEqualTo(3L << 60 | 0x200L << 48 | DEVICE);
    }

    @Test
    void anEntryThatIsNotRecordedLeavesTheRequestUndecided() {
        Machine bare = new Machine(
                IommuOptions.of(Profile.SPEC).toBuilder()
                        .extendedFeatures(FEATURES)
                        .build(),
                SparseMemory.recordedOnly());
        bare.start(ON);
        assertThat(bare.iommu.pageRequest(DEVICE, NO_PASID, 0, READ, 0, true))
                .isEqualTo(PageRequestDecision.NOT_RECORDED);
        assertThat(bare.events).isEmpty();
        assertThat(bare.told).containsExactly("failure DEVICE_TABLE 100600 NOT_RECORDED");
    }

    @Test
    void anAutomaticResponseTakesThePlaceOfAFullLog() {
        machine.write(0x2080, 0xF);
        machine.write(0x18, ON & ~(1L << 13) | 1L << 39);
        assertThat(request(NO_PASID, READ, 7, false)).isEqualTo(PageRequestDecision.ANSWERED);
        assertThat(machine.told).noneMatch(line -> line.startsWith("response"));
        assertThat(request(NO_PASID, READ, 7, true)).isEqualTo(PageRequestDecision.ANSWERED);
        assertThat(machine.told).contains("response to 48 pasid -1 group 7 code 15");
        machine.write(0x18, ON | 1L << 39);
        assertThat(requestRead()).isEqualTo(PageRequestDecision.LOGGED);
        machine.write(0x18, ON | 1L << 39 | 1L << 42);
        assertThat(requestRead()).isEqualTo(PageRequestDecision.ANSWERED);
    }

    @Test
    void stopMarkersAreLoggedUnlessTheyAreBlocked() {
        assertThat(request(3, 0, 0, true)).isEqualTo(PageRequestDecision.LOGGED);
        machine.write(0x18, ON | 1L << 41);
        assertThat(request(3, 0, 0, true)).isEqualTo(PageRequestDecision.BLOCKED);
        assertThat(request(3, READ, 0, true)).isEqualTo(PageRequestDecision.LOGGED);
        assertThat(machine.iommu.register(0x2038)).isEqualTo(0x20);
    }

    @Test
    void completePprRequestAnswersTheDevice() {
        machine.command(7L << 60 | 0xA_BCDEL << 32 | DEVICE, 0x1123L << 32 | 4);
        machine.command(7L << 60 | DEVICE, 0xF005L << 32);
        assertThat(machine.told)
                .contains("response to 48 pasid 703710 group 291 code 1", "response to 48 pasid -1 group 5 code 15");
    }

    @Test
    void qemuKnowsNoPageRequests() {
        Machine qemu = Machine.started(Profile.QEMU_11_1);
        qemu.write(0x18, ON);
        assertThat(qemu.status() & 1 << 7).isZero();
        assertThat(qemu.iommu.pageRequest(DEVICE, NO_PASID, 0, READ, 0, true))
                .isEqualTo(PageRequestDecision.NOT_MODELLED);
        qemu.command(7L << 60 | DEVICE, 0);
        assertThat(qemu.told.stream().filter("not modelled PAGE_REQUESTS"::equals))
                .hasSize(2);
    }

    @Test
    void aForcedControlRegisterStartsTheLog() {
        Machine restored = new Machine(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(FEATURES)
                .build());
        restored.iommu.forceRegister(0x38, PPR_LOG | 8L << 56);
        restored.iommu.forceRegister(0x18, ON);
        assertThat(restored.status() & 1 << 7).isNotZero();
        restored.iommu.forceRegister(0x18, 0);
        assertThat(restored.status()).isZero();
    }

    @Test
    void pprOverflowEarlyMayRiseWithoutAMessage() {
        machine.write(0x2088, 1L << 31 | 1);
        requestRead();
        assertThat(machine.status() & 1 << 18).isNotZero();
        assertThat(machine.told.stream().filter("own PPR_LOG"::equals)).hasSize(1);
    }

    /** A stop marker has a PASID, ends its group and asks for no right; EXECUTE and USER alone are no rights. */
    @ParameterizedTest
    @CsvSource({
        "3, 0, true, BLOCKED",
        "3, 12, true, BLOCKED",
        "3, 0, false, LOGGED",
        "3, 1, true, LOGGED",
        "3, 2, true, LOGGED",
        "-1, 0, true, LOGGED"
    })
    void onlyStopMarkersAreBlocked(int pasid, int rights, boolean last, PageRequestDecision decision) {
        machine.write(0x18, ON | 1L << 41);
        assertThat(request(pasid, rights, 0, last)).isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource({
        // PprAutoRspSup, PprAutoRspEn, PprAutoRspAon, stop marker, log runs, decision
        "1, 1, 1, 0, 1, ANSWERED",
        "1, 1, 1, 1, 1, LOGGED",
        "1, 1, 1, 1, 0, LOST",
        "1, 1, 0, 0, 0, ANSWERED",
        "1, 1, 0, 1, 0, LOST",
        "1, 0, 1, 0, 1, LOGGED",
        "1, 0, 1, 0, 0, LOST",
        "0, 1, 1, 0, 1, LOGGED",
        "0, 1, 1, 0, 0, LOST"
    })
    void automaticResponsesNeedTheirFeatureAndTheirEnableBit(
            long supported, long on, long always, int marker, long runs, PageRequestDecision decision) {
        Machine other = machine(FEATURES & ~(1L << 41) | supported << 41);
        other.write(0x18, ON & ~(1L << 13) | runs << 13 | on << 39 | always << 42);
        int rights = marker == 1 ? 0 : READ;
        assertThat(other.iommu.pageRequest(DEVICE, 3, 0, rights, 0, true)).isEqualTo(decision);
    }

    @Test
    void stopMarkersAreBlockedOnlyWhereTheFeatureIs() {
        Machine other = machine(FEATURES & ~(1L << 44));
        other.write(0x18, ON | 1L << 41);
        assertThat(other.iommu.pageRequest(DEVICE, 3, 0, 0, 0, true)).isEqualTo(PageRequestDecision.LOGGED);
    }

    @Test
    void aPasidNeedsGtsupAndTv() {
        Machine other = machine(FEATURES & ~(1L << 4));
        other.deviceEntry(DEVICE, WITH_PPR, DOMAIN, 0, 0);
        assertThat(other.iommu.pageRequest(DEVICE, 3, 0, READ, 0, true)).isEqualTo(PageRequestDecision.INVALID);
        entry(WITH_GUEST & ~2);
        assertThat(request(3, READ, 0, true)).isEqualTo(PageRequestDecision.INVALID);
    }
}
