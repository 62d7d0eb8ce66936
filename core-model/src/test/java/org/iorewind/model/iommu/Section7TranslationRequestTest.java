package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.GuestTables.GIOV;
import static org.iorewind.model.iommu.GuestTables.GV;
import static org.iorewind.model.iommu.GuestTables.HOST_OFFSET;
import static org.iorewind.model.iommu.GuestTables.LEVEL_1;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.GuestTables.PAGE;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.PAGE_B;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.TABLE_1;
import static org.iorewind.model.iommu.Machine.TABLE_2;
import static org.iorewind.model.iommu.Machine.WRITE_ONLY;

import org.iorewind.model.iommu.translate.RequestKind;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Reference 7.1, translation requests (AT=01). */
class Section7TranslationRequestTest {
    /** DTE[I]. */
    private static final long I = 1L << 32;

    private static final long MODE_3 = ROOT | 3 << 9 | 3;
    private static final int R = 1;
    private static final int W = 2;
    private static final int U = 4;
    private static final int EXE = 8;
    private static final int PRIV = 16;
    private static final int GLOBAL = 32;
    private static final int N = 1 << 10;
    private static final int TR = 0x100;

    private final Machine machine = machine(IommuOptions.of(Profile.SPEC).toBuilder());

    private static Machine machine(IommuOptions.Builder options) {
        Machine machine = Machine.started(options.deviceEntryCache(0).build());
        machine.deviceEntry(DEVICE, MODE_3 | READ_WRITE, DOMAIN | I, 0, 0);
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        return machine;
    }

    private void expectAnswer(Machine.Answered answer, int shift, long result, int bits) {
        assertThat(answer.status()).isEqualTo(AtsStatus.SUCCESS);
        assertThat(answer.result()).isEqualTo(result);
        assertThat(answer.shift()).isEqualTo(shift);
        assertThat(answer.bits()).isEqualTo(bits);
        assertThat(machine.events).isEmpty();
    }

    private static void expectNothing(Machine.Answered answer, TranslationDecision decision) {
        assertThat(answer.status()).isEqualTo(AtsStatus.SUCCESS);
        assertThat(answer.decision()).isEqualTo(decision);
        assertThat(answer.bits()).isZero();
        assertThat(answer.result()).isZero();
        assertThat(answer.shift()).isZero();
    }

    private void expectRefusal(Machine.Answered answer, AtsStatus status, int type) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.bits()).isZero();
        assertThat(machine.events).hasSize(1);
        Machine.Logged event = machine.lastEvent();
        assertThat(event.code()).isEqualTo(8);
        assertThat(event.flags()).isEqualTo(TR | type << 9);
        assertThat(event.device()).isEqualTo(DEVICE);
    }

    @Test
    void theAnswerHasPageSizeAndRights() {
        expectAnswer(machine.ask(0x1234), 12, PAGE_A, R | W);
        assertThat(machine.answers.get(0).domain()).isEqualTo(DOMAIN);
        machine.memory.writeLong(TABLE_2 + 8, 0x4000_0000L | READ_WRITE | 1);
        expectAnswer(machine.ask(0x21_2345), 21, 0x4000_0000L, R | W);
    }

    @Test
    void theAnswerMayComeFromTheCacheAndFillsIt() {
        assertThat(machine.ask(0x1000).hit()).isFalse();
        assertThat(machine.ask(0x1000).hit()).isTrue();
        assertThat(machine.read(0x1000).hit()).isTrue();
        machine.map(0x1000, PAGE_B | READ_WRITE | 1);
        assertThat(machine.ask(0x1000).result()).isEqualTo(PAGE_A);
    }

    @Test
    void rightsAreThoseOfTablesAndDeviceTableEntry() {
        machine.map(0x2000, PAGE_A | READ_ONLY | 1);
        machine.map(0x3000, PAGE_A | WRITE_ONLY | 1);
        expectAnswer(machine.ask(0x2000), 12, PAGE_A, R);
        expectAnswer(machine.ask(0x3000), 12, PAGE_A, W);
        machine.deviceEntry(DEVICE, MODE_3 | READ_ONLY, DOMAIN | I, 0, 0);
        expectAnswer(machine.ask(0x1000), 12, PAGE_A, R);
        expectNothing(machine.ask(0x3000), TranslationDecision.TRANSLATED);
    }

    @Test
    void aRequestWithoutTheWishToWriteGetsNoRightToWrite() {
        expectAnswer(machine.ask(NO_PASID, 0x1000, true, false, false), 12, PAGE_A, R);
    }

    @Test
    void whatIsMissingOrForbiddenIsAnsweredWithoutRightsAndWithoutAnEvent() {
        expectNothing(machine.ask(0x5000), TranslationDecision.PAGE_NOT_PRESENT);
        machine.map(0x6000, PAGE_A | 1);
        expectNothing(machine.ask(0x6000), TranslationDecision.TRANSLATED);
        machine.map(0x7000, PAGE_A | READ_WRITE | 1L << 52 | 1);
        expectNothing(machine.ask(0x7000), TranslationDecision.BAD_TABLE_ENTRY);
        machine.map(0x8000, PAGE_A | READ_WRITE | 1 << 9 | 1);
        expectNothing(machine.ask(0x8000), TranslationDecision.BAD_TABLE_ENTRY);
        expectNothing(machine.ask(1L << 39), TranslationDecision.ADDRESS_TOO_WIDE);
        expectNothing(machine.ask(1, 0x1000, false, false, false), TranslationDecision.ABORTED); // GV=0, PASID present
        machine.deviceEntry(DEVICE, READ_WRITE | 1, DOMAIN | I, 0, 0);
        expectNothing(machine.ask(0x1000), TranslationDecision.TRANSLATION_OFF);
        assertThat(machine.events).isEmpty();
    }

    @Test
    void modeZeroAndTheExclusionRangeAnswerWithTheAddressItself() {
        machine.write(0x20, 0x9000 | 3);
        machine.write(0x28, 0x9000);
        expectAnswer(machine.ask(0x9123), 12, 0x9000, R | W);
        machine.deviceEntry(DEVICE, READ_ONLY | 3, DOMAIN | I, 0, 0);
        expectAnswer(machine.ask(0x1_2345), 12, 0x1_2000, R);
    }

    @Test
    void aDeviceWithoutAtsIsRefused() {
        machine.deviceEntry(DEVICE, MODE_3 | READ_WRITE, DOMAIN, 0, 0);
        expectRefusal(machine.ask(0x1000), AtsStatus.UNSUPPORTED_REQUEST, 1);
        assertThat(machine.lastEvent().q1()).isEqualTo(0x1000);
        assertThat(machine.lastEvent().domain()).isZero();
    }

    @Test
    void anIommuWithoutAtsRefuses() {
        Machine without = machine(IommuOptions.of(Profile.SPEC).toBuilder().iotlbSupported(false));
        assertThat(without.ask(0x1000).status()).isEqualTo(AtsStatus.UNSUPPORTED_REQUEST);
        assertThat(without.lastEvent().flags()).isEqualTo(TR | 1 << 9);
    }

    @Test
    void anEntryThatIsNotValidRefuses() {
        machine.deviceEntry(DEVICE, 0, I, 0, 0);
        expectRefusal(machine.ask(0x1000), AtsStatus.UNSUPPORTED_REQUEST, 1);
    }

    @Test
    void aDeviceBeyondTheTableIsRefused() {
        AtsStatus status = machine.iommu.translationRequest(0x1234, NO_PASID, 0x1000, 4096, false, false, false);
        assertThat(status).isEqualTo(AtsStatus.UNSUPPORTED_REQUEST);
        assertThat(machine.answers.get(0).decision()).isEqualTo(TranslationDecision.DEVICE_OUT_OF_TABLE);
        assertThat(machine.lastEvent().code()).isEqualTo(8);
        assertThat(machine.lastEvent().flags()).isEqualTo(TR | 2 << 9);
        assertThat(machine.lastEvent().device()).isEqualTo(0x1234);
    }

    @Test
    void anIommuThatIsOffCannotAnswer() {
        machine.write(0x18, 0);
        assertThat(machine.ask(0x1000).status()).isEqualTo(AtsStatus.UNSUPPORTED_REQUEST);
        assertThat(machine.events).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "FEE00000",
        "FD00000000",
        "FDF8000020",
        "FDF9000000",
        "FDF9100000",
        "FDF9200000",
        "FDFC000000",
        "FDFE000000",
        "FE00000000",
        "FFFFFFF000"
    })
    void aRangeWithoutTranslationsIsRefused(String address) {
        expectRefusal(machine.ask(Long.parseLong(address, 16)), AtsStatus.COMPLETER_ABORT, 0);
    }

    @Test
    void systemManagementAndPortIoAreTranslatedWhereTheEntrySaysSo() {
        machine.deviceEntry(DEVICE, READ_WRITE | 3, DOMAIN | I | 3L << 40 | 2L << 35, 0, 0);
        expectAnswer(machine.ask(0xFD_F910_0000L), 12, 0xFD_F910_0000L, R | W);
        expectAnswer(machine.ask(0xFD_FC00_0000L), 12, 0xFD_FC00_0000L, R | W);
        expectAnswer(machine.ask(0xFD_FB00_0000L), 12, 0xFD_FB00_0000L, R | W);
    }

    @Test
    void htAtsResvTakesTheRangeOfAtsResponsesAway() {
        Machine reserved = machine(IommuOptions.of(Profile.SPEC).toBuilder()
                .pci(PciOptions.of(Profile.SPEC).withHtAtsReserved(true)));
        assertThat(reserved.ask(0xFD_FB00_0000L).status()).isEqualTo(AtsStatus.COMPLETER_ABORT);
        assertThat(reserved.read(0xFD_FB00_0000L).decision()).isEqualTo(TranslationDecision.ABORTED);
    }

    @Test
    void anIllegalEntryIsReportedWithTr() {
        machine.deviceEntry(DEVICE, MODE_3 | READ_WRITE | 4, DOMAIN | I, 0, 0);
        assertThat(machine.ask(0x1000).status()).isEqualTo(AtsStatus.COMPLETER_ABORT);
        assertThat(machine.lastEvent().code()).isEqualTo(1);
        assertThat(machine.lastEvent().flags()).isEqualTo(TR | 0x80);
        machine.deviceEntry(DEVICE, ROOT | 7 << 9 | READ_WRITE | 3, DOMAIN | I, 0, 0);
        assertThat(machine.ask(0x1000).status()).isEqualTo(AtsStatus.COMPLETER_ABORT);
        assertThat(machine.lastEvent().flags()).isEqualTo(TR);
    }

    @Test
    void tablesThatCannotBeReadAreReportedWithTr() {
        machine.memory.injectFailure(TABLE_1, 4096, MemoryStatus.ABORT);
        assertThat(machine.ask(0x1000).status()).isEqualTo(AtsStatus.COMPLETER_ABORT);
        assertThat(machine.lastEvent().code()).isEqualTo(4);
        assertThat(machine.lastEvent().flags()).isEqualTo(TR | 1 << 9);
        machine.memory.injectFailure(Machine.DEVICE_TABLE, 4096, MemoryStatus.POISON);
        assertThat(machine.ask(0x1000).status()).isEqualTo(AtsStatus.COMPLETER_ABORT);
        assertThat(machine.lastEvent().code()).isEqualTo(3);
        assertThat(machine.lastEvent().flags()).isEqualTo(TR | 3 << 9);
    }

    @Test
    void whatTheRecordingLacksStaysUndecided() {
        Machine unknown = new Machine(IommuOptions.of(Profile.SPEC), SparseMemory.recordedOnly());
        unknown.start(Machine.ENABLED);
        assertThat(unknown.ask(0x1000).status()).isEqualTo(AtsStatus.UNDECIDED);
        unknown.deviceEntry(DEVICE, MODE_3 | READ_WRITE, DOMAIN | I, 0, 0);
        assertThat(unknown.ask(0x1000).status()).isEqualTo(AtsStatus.UNDECIDED);
        assertThat(unknown.events).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Profile.class, names = "SPEC", mode = EnumSource.Mode.EXCLUDE)
    void qemuHasNoAts(Profile profile) {
        Machine qemu = Machine.started(profile);
        assertThat(qemu.ask(0x1000).status()).isEqualTo(AtsStatus.UNDECIDED);
        assertThat(qemu.answers.get(0).decision()).isEqualTo(TranslationDecision.NOT_MODELLED);
        assertThat(qemu.pretranslated(0x1000, AccessKind.READ).decision()).isEqualTo(TranslationDecision.NOT_MODELLED);
        assertThat(qemu.told).containsExactly("not modelled ATS", "not modelled ATS");
    }

    @Test
    void uAndFcOfThePageGiveUAndN() {
        machine.map(0x2000, PAGE_A | READ_WRITE | 1L << 59 | 1);
        machine.map(0x3000, PAGE_A | READ_WRITE | 1L << 60 | 1);
        expectAnswer(machine.ask(0x2000), 12, PAGE_A, R | W | U);
        expectAnswer(machine.ask(0x2000), 12, PAGE_A, R | W | U);
        expectAnswer(machine.ask(0x3000), 12, PAGE_A, R | W | N);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 0", "3, 1024"})
    void withoutHostTablesAttrVAndMode0FcGiveN(long attributes, int expected) {
        machine.deviceEntry(DEVICE, READ_WRITE | 3, DOMAIN | I, 0, attributes << 54);
        expectAnswer(machine.ask(0x2000), 12, 0x2000, R | W | expected);
    }

    @Test
    void aGrantedRightToWriteSetsDirty() {
        long tracked = 3L << 7;
        Machine marking = machine(IommuOptions.of(Profile.SPEC).toBuilder().extendedFeatures(2L << 10 | 9L << 49));
        marking.deviceEntry(DEVICE, MODE_3 | READ_WRITE | tracked, DOMAIN | I, 0, 0);
        long leaf = TABLE_1 + 8;
        assertThat(marking.ask(NO_PASID, 0x1000, true, false, false).bits()).isEqualTo(R);
        assertThat(marking.memory.peek(leaf) & 0x60).isEqualTo(0x20);
        assertThat(marking.ask(0x1000).bits()).isEqualTo(R | W);
        assertThat(marking.memory.peek(leaf) & 0x60).isEqualTo(0x60);
        assertThat(marking.ask(0x1000).hit()).isTrue();
        marking.map(0x2000, PAGE_A | WRITE_ONLY | 1);
        assertThat(marking.ask(0x2000).bits()).isEqualTo(W);
        assertThat(marking.memory.peek(leaf + 8) & 0x60).isEqualTo(0x60);
        marking.map(0x3000, PAGE_A | READ_ONLY | 1);
        assertThat(marking.ask(0x3000).bits()).isEqualTo(R);
        assertThat(marking.memory.peek(leaf + 16) & 0x60).isEqualTo(0x20);
    }

    /** MC-159: D follows the right to write, which a page of the supervisor does not give to a user. */
    @Test
    void aPageOfTheSupervisorIsNotMadeDirtyForAUser() {
        GuestTables guest = guest(GuestTables.nested());
        guest.write(LEVEL_1, 1, PAGE | 3);
        long leaf = LEVEL_1 + HOST_OFFSET + 8;
        assertThat(guest.machine.ask(1, MAPPED, false, false, false).bits()).isZero();
        assertThat(guest.machine.memory.peek(leaf) & 0x40).isZero();
        assertThat(guest.machine.ask(1, MAPPED, false, false, true).bits()).isEqualTo(R | W | PRIV);
        assertThat(guest.machine.memory.peek(leaf) & 0x40).isEqualTo(0x40);
    }

    @Test
    void aPasidIsTranslatedByTheGuestsTables() {
        GuestTables guest = guest(GuestTables.nested());
        Machine.Answered answer = guest.machine.ask(1, MAPPED + 0x123, false, false, false);
        assertThat(answer.status()).isEqualTo(AtsStatus.SUCCESS);
        assertThat(answer.result()).isEqualTo(PAGE + HOST_OFFSET);
        assertThat(answer.shift()).isEqualTo(12);
        assertThat(answer.bits()).isEqualTo(R | W);
        assertThat(guest.machine.ask(NO_PASID, MAPPED, false, false, false).bits())
                .isEqualTo(R | W);
    }

    private static GuestTables guest(GuestTables guest) {
        Machine machine = guest.machine;
        long q1 = machine.memory.peek(Machine.DEVICE_TABLE + 32L * DEVICE + 8);
        machine.memory.writeLong(Machine.DEVICE_TABLE + 32L * DEVICE + 8, q1 | I);
        return guest;
    }

    @Test
    void executeAndPrivilegeAreAnsweredWhereAskedFor() {
        GuestTables guest = guest(GuestTables.flat(GuestTables.FEATURES));
        Machine asked = guest.machine;
        assertThat(asked.ask(1, MAPPED, false, true, true).bits()).isEqualTo(R | W | EXE | PRIV);
        asked.command(8L << 60, 0);
        guest.write(LEVEL_1, 1, PAGE | GuestTables.USER_WRITABLE | 1L << 63);
        assertThat(asked.ask(1, MAPPED, false, true, false).bits()).isEqualTo(R | W);
        assertThat(asked.events).isEmpty();
    }

    @Test
    void aSupervisorPageGrantsUsersNothing() {
        GuestTables guest = guest(GuestTables.flat(GuestTables.FEATURES));
        guest.write(LEVEL_1, 1, PAGE | 3);
        expectNothing(guest.machine.ask(1, MAPPED, false, true, false), TranslationDecision.TRANSLATED);
        assertThat(guest.machine.ask(1, MAPPED, false, false, true).bits()).isEqualTo(R | W | PRIV);
        assertThat(guest.machine.events).isEmpty();
    }

    @Test
    void aGlobalGuestPageIsAnsweredAsGlobalAlsoFromTheCache() {
        GuestTables guest = guest(GuestTables.nested());
        guest.write(LEVEL_1, 1, PAGE | GuestTables.USER_WRITABLE | 1 << 8);
        guest.host(PAGE, PAGE + HOST_OFFSET | READ_WRITE | 3L << 59 | 1);
        assertThat(guest.machine.ask(1, MAPPED, false, false, false).bits()).isEqualTo(R | W | GLOBAL | U | N);
        Machine.Answered again = guest.machine.ask(1, MAPPED, false, false, false);
        assertThat(again.hit()).isTrue();
        assertThat(again.bits()).isEqualTo(R | W | GLOBAL | U | N);
    }

    @Test
    void missingGuestPagesAndPasidsAreAnsweredWithoutRights() {
        GuestTables guest = guest(GuestTables.flat(GuestTables.FEATURES));
        expectNothing(guest.machine.ask(1, 0x1000, false, false, false), TranslationDecision.PAGE_NOT_PRESENT);
        expectNothing(guest.machine.ask(2, MAPPED, false, false, false), TranslationDecision.PAGE_NOT_PRESENT);
        expectNothing(guest.machine.ask(0x200, MAPPED, false, false, false), TranslationDecision.ABORTED);
        guest.entry(GV | GIOV, GuestTables.GCR3, 0, 0);
        assertThat(guest.machine.events).isEmpty();
    }

    @Test
    void aProbeTellsEachKindOfRequestApartAndLeavesNoTrace() {
        machine.map(0x2000, PAGE_A | READ_ONLY | 1);
        assertThat(probe(0x2000, RequestKind.UNTRANSLATED)).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(probe(0x2000, RequestKind.TRANSLATION)).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(probe(0x2000, RequestKind.TRANSLATED)).isEqualTo(TranslationDecision.PASSED);
        assertThat(probe(0x5000, RequestKind.TRANSLATION)).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(machine.answers).isEmpty();
        assertThat(machine.events).isEmpty();
    }

    private TranslationDecision probe(long address, RequestKind kind) {
        return machine.iommu
                .probe(DEVICE, NO_PASID, address, AccessKind.WRITE, kind)
                .decision();
    }

    @Test
    void nobodyNeedsToListen() {
        Iommu iommu = new Iommu(machine.iommu.options(), machine.memory, EffectSink.NONE);
        iommu.mmioWrite(0, 8, Machine.DEVICE_TABLE | 1);
        iommu.mmioWrite(0x18, 8, 1);
        assertThat(iommu.translationRequest(DEVICE, NO_PASID, 0x1000, 4096, false, false, false))
                .isEqualTo(AtsStatus.SUCCESS);
    }

    @Test
    void anEventOfARequestWithAPasidShowsIt() {
        machine.deviceEntry(DEVICE, MODE_3 | READ_WRITE, DOMAIN, 0, 0);
        machine.ask(0xA_BCDE, 0x1000, false, false, false);
        assertThat(machine.lastEvent().pasid()).isEqualTo(0xA_BCDE);
        assertThat(machine.lastEvent().flags()).isEqualTo(TR | 1 << 9 | 0x5);
    }

    @Test
    void aGrantedWriteOfANestedPageSetsDirtyInTheHostsTables() {
        GuestTables guest = guest(GuestTables.nested(GuestTables.FEATURES | 9L << 49));
        guest.entry(GV | GIOV | GuestTables.hostBits() | 3L << 7, GuestTables.GCR3, 0);
        guest(guest);
        assertThat(guest.machine.ask(1, MAPPED, false, false, false).bits()).isEqualTo(R | W);
        assertThat(guest.machine.memory.peek(TABLE_1 + PAGE / 4096 * 8) & 0x60).isEqualTo(0x60);
    }
}
