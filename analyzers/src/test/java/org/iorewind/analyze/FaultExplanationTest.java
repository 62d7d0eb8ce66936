package org.iorewind.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultExplanationTest {
    private static final long IOVA = 0x5000;
    private static final long PHYSICAL = 0x12_3000;
    private static final long READ_ONLY = 1L << 61 | 1;
    private static final long DEVICE_ENTRY = SmallSession.DEVICE_TABLE + SmallSession.DEVICE * 32L;

    /** Of tables that map nothing. */
    private static final long OTHER_ROOT = 0x31_0000;

    @TempDir
    Path folder;

    private SmallSession session;

    @BeforeEach
    void running() {
        session = SmallSession.running(folder.resolve("trace.iorw"));
    }

    private List<FaultExplanation> explain() {
        try (TraceReader trace = session.open()) {
            return Analyses.analyze(trace, ReplayOptions.defaults()).faults();
        }
    }

    private static List<String> happenings(FaultExplanation fault) {
        return fault.history().stream().map(FaultExplanation.Happening::what).toList();
    }

    @Test
    void anAddressThatNobodyMapped() {
        session.dma(DmaAccess.WRITE, IOVA + 8);
        FaultExplanation fault = explain().get(0);
        assertThat(fault.verdict()).isEqualTo(Verdict.NEVER_MAPPED);
        assertThat(fault.device()).isEqualTo("00:06.0");
        assertThat(fault.access()).isEqualTo("write");
        assertThat(fault.domain()).isEqualTo(SmallSession.DOMAIN);
        assertThat(fault.walk())
                .hasSize(5)
                .anySatisfy(line -> assertThat(line).startsWith("device table entry at 0x100600: V=1 TV=1 Mode=3"))
                .anySatisfy(line -> assertThat(line).startsWith("level 1 entry at 0x302028 = 0x0"));
        assertThat(fault.cannotTell()).noneMatch(line -> line.contains("read or to write"));
    }

    /** A translated request where I=0 is an INVALID_DEVICE_REQUEST of type 1; from FD_F920_0000h on addresses are reserved. */
    @Test
    void aRequestThatIsNotAllowedIsNotBlamedOnItsAddress() {
        session.dma(DmaAccess.READ_TRANSLATED, IOVA);
        session.dma(DmaAccess.WRITE, 0xFD_F920_0000L);
        assertThat(explain())
                .extracting(FaultExplanation::verdict)
                .containsExactly(Verdict.INVALID_REQUEST, Verdict.RESERVED_RANGE);
    }

    @Test
    void anAddressThatWasUnmappedBeforeItWasUsed() {
        session.map(IOVA, PHYSICAL);
        session.dma(DmaAccess.READ, IOVA);
        session.unmap(IOVA).flush().dma(DmaAccess.READ, IOVA);
        FaultExplanation fault = explain().get(0);
        assertThat(fault.verdict()).isEqualTo(Verdict.UNMAPPED_BEFORE);
        assertThat(happenings(fault))
                .anySatisfy(line -> assertThat(line).isEqualTo("mapped to 0x123000, read and write"))
                .anySatisfy(line -> assertThat(line).startsWith("unmapped"))
                .anySatisfy(line -> assertThat(line).isEqualTo("cached translations of domain 0x5 dropped"));
        assertThat(fault.history()).isSortedAccordingTo((a, b) -> Long.compare(a.sequence(), b.sequence()));
    }

    @Test
    void aPageThatMayOnlyBeRead() {
        session.store(SmallSession.LEVEL_1 + 0x28, PHYSICAL | READ_ONLY).dma(DmaAccess.WRITE, IOVA);
        FaultExplanation fault = explain().get(0);
        assertThat(fault.verdict()).isEqualTo(Verdict.NO_PERMISSION);
        assertThat(fault.flags()).anySatisfy(line -> assertThat(line).contains("IO_PAGE_FAULT"));
        assertThat(fault.flags()).contains("PR: a translation was present", "RW: a write", "PE: permission violated");
    }

    @Test
    void aDeviceWithoutADomain() {
        session.store(DEVICE_ENTRY, 3)
                .command(2L << 60 | SmallSession.DEVICE, 0)
                .dma(DmaAccess.READ, IOVA);
        assertThat(explain().get(0).verdict()).isEqualTo(Verdict.BLOCKED_BY_DEFAULT);
    }

    @Test
    void aDeviceEntryThatBreaksTheRules() {
        session.store(DEVICE_ENTRY, 3L | 1L << 63)
                .command(2L << 60 | SmallSession.DEVICE, 0)
                .dma(DmaAccess.READ, IOVA);
        assertThat(explain().get(0).verdict()).isEqualTo(Verdict.WRONG_DEVICE_ENTRY);
    }

    @Test
    void anAddressBeyondTheTable() {
        session.dma(DmaAccess.READ, 1L << 40);
        assertThat(explain().get(0).verdict()).isEqualTo(Verdict.ADDRESS_TOO_WIDE);
    }

    @Test
    void anEntryThatPointsUpwards() {
        session.store(SmallSession.LEVEL_2, SmallSession.LEVEL_1 | 3L << 9 | 3L << 61 | 1)
                .dma(DmaAccess.READ, IOVA);
        assertThat(explain().get(0).verdict()).isEqualTo(Verdict.BAD_TABLE_ENTRY);
    }

    @Test
    void likeFaultsAreOneGroupWithTheirRange() {
        for (int i = 0; i < 4; i++) {
            session.dma(DmaAccess.READ, IOVA + 4L * i);
        }
        session.dma(DmaAccess.READ, IOVA + 0x1000).dma(DmaAccess.WRITE, IOVA);
        List<FaultExplanation> faults = explain();
        assertThat(faults).hasSize(3);
        assertThat(faults.get(0).count()).isEqualTo(4);
        assertThat(faults.get(0).firstAddress()).isEqualTo(IOVA);
        assertThat(faults.get(0).lastAddress()).isEqualTo(IOVA + 12);
    }

    @Test
    void withoutMemoryNothingIsClaimedAboutMappings() {
        session = new SmallSession(folder.resolve("observed.iorw"), "qemu-11.1", Fidelity.OBSERVED);
        session.dma(DmaAccess.UNKNOWN, IOVA).observed(TranslationOutcome.FAULT, CacheAnswer.MISS, IOVA, 0);
        FaultExplanation fault = explain().get(0);
        assertThat(fault.verdict()).isEqualTo(Verdict.NEVER_TRANSLATED);
        assertThat(fault.walk()).isEmpty();
        assertThat(fault.cannotTell())
                .anyMatch(line -> line.contains("read or to write"))
                .anyMatch(line -> line.contains("memory was not recorded"))
                .anyMatch(line -> line.contains("had not used yet"));
    }

    @Test
    void withoutMemoryAnEarlierUseIsTold() {
        session = new SmallSession(folder.resolve("observed.iorw"), "qemu-11.1", Fidelity.OBSERVED);
        session.dma(DmaAccess.UNKNOWN, IOVA)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, IOVA, PHYSICAL)
                .dma(DmaAccess.UNKNOWN, IOVA + 4)
                .observed(TranslationOutcome.FAULT, CacheAnswer.MISS, IOVA + 4, 0);
        FaultExplanation fault = explain().get(0);
        assertThat(fault.verdict()).isEqualTo(Verdict.REFUSED_AFTER_USE);
        assertThat(happenings(fault)).containsExactly("used: translated to 0x123000");
    }

    @Test
    void aCleanTraceHasNothingToExplain() {
        session.map(IOVA, PHYSICAL).dma(DmaAccess.READ, IOVA);
        assertThat(explain()).isEmpty();
    }

    @Test
    void theMixCountsEveryEventOnce() {
        session.dma(DmaAccess.READ, IOVA);
        try (TraceReader trace = session.open()) {
            Analysis analysis = Analyses.analyze(trace, ReplayOptions.defaults());
            long sum = analysis.mix().kinds().stream()
                    .flatMapToLong(row -> java.util.Arrays.stream(row.counts()))
                    .sum();
            assertThat(sum).isEqualTo(analysis.replay().events());
        }
    }

    @Test
    void tablesThatAreRecordedAfterTheDeviceEntryAreFollowed() {
        session = new SmallSession(folder.resolve("late.iorw"), "spec", Fidelity.FULL);
        session.page(SmallSession.DEVICE_TABLE).page(SmallSession.RING).page(SmallSession.EVENT_LOG);
        session.register(0x00, SmallSession.DEVICE_TABLE)
                .register(0x08, SmallSession.RING | 8L << 56)
                .register(0x10, SmallSession.EVENT_LOG | 8L << 56)
                .register(0x18, 1 | 1 << 2 | 1 << 12);
        session.store(DEVICE_ENTRY, SmallSession.LEVEL_3 | 3L << 9 | 3L << 61 | 3);
        session.store(DEVICE_ENTRY + 8, SmallSession.DOMAIN);
        session.page(SmallSession.LEVEL_3).page(SmallSession.LEVEL_2).page(SmallSession.LEVEL_1);
        session.store(SmallSession.LEVEL_3, SmallSession.LEVEL_2 | 2L << 9 | 3L << 61 | 1);
        session.store(SmallSession.LEVEL_2, SmallSession.LEVEL_1 | 1L << 9 | 3L << 61 | 1);
        session.map(IOVA, PHYSICAL).unmap(IOVA).flush().dma(DmaAccess.READ, IOVA);
        assertThat(explain().get(0).verdict()).isEqualTo(Verdict.UNMAPPED_BEFORE);
    }

    @Test
    void aMappingMadeBeforeQemuLooksAtTheDeviceIsSeen() {
        session = new SmallSession(folder.resolve("gate.iorw"), "qemu-11.1", Fidelity.FULL);
        session.page(SmallSession.DEVICE_TABLE).page(SmallSession.RING).page(SmallSession.EVENT_LOG);
        session.page(SmallSession.LEVEL_3).page(SmallSession.LEVEL_2).page(SmallSession.LEVEL_1);
        session.register(0x00, SmallSession.DEVICE_TABLE)
                .register(0x08, SmallSession.RING | 8L << 56)
                .register(0x18, 1 | 1 << 12);
        session.store(DEVICE_ENTRY, SmallSession.LEVEL_3 | 3L << 9 | 3L << 61 | 3);
        session.store(DEVICE_ENTRY + 8, SmallSession.DOMAIN);
        session.store(SmallSession.LEVEL_3, SmallSession.LEVEL_2 | 2L << 9 | 3L << 61 | 1);
        session.store(SmallSession.LEVEL_2, SmallSession.LEVEL_1 | 1L << 9 | 3L << 61 | 1);
        session.map(IOVA, PHYSICAL)
                .command(2L << 60 | SmallSession.DEVICE, 0)
                .unmap(IOVA)
                .flush()
                .dma(DmaAccess.READ, IOVA);
        assertThat(explain().get(0).verdict()).isEqualTo(Verdict.UNMAPPED_BEFORE);
    }

    @Test
    void theReasonIsThatOfTheAccessThatWasRefused() {
        session.store(SmallSession.LEVEL_1 + 0x28, PHYSICAL | READ_ONLY).dma(DmaAccess.WRITE, IOVA);
        FaultExplanation fault = explain().get(0);
        assertThat(fault.walk().get(fault.walk().size() - 1)).doesNotContain("translate");
        assertThat(fault.flags()).noneMatch(line -> line.contains("tables translate"));
    }

    @Test
    void aCachedDeviceEntryThatMemoryNoLongerHoldsIsNamed() {
        session.store(DEVICE_ENTRY, 3)
                .command(2L << 60 | SmallSession.DEVICE, 0)
                .dma(DmaAccess.READ, IOVA);
        session.store(DEVICE_ENTRY, SmallSession.LEVEL_3 | 3L << 9 | 3L << 61 | 3)
                .map(IOVA + 0x1000, PHYSICAL)
                .dma(DmaAccess.READ, IOVA + 0x1000);
        FaultExplanation fault = explain().get(1);
        assertThat(fault.walk().get(fault.walk().size() - 1))
                .contains("cached copy of the device table entry")
                .contains("INVALIDATE_DEVTAB_ENTRY");
    }

    @Test
    void aRefusalThatTheTablesDoNotExplainIsNoClaimAboutMemory() {
        session.map(IOVA, PHYSICAL)
                .dma(DmaAccess.READ, IOVA)
                .observed(TranslationOutcome.FAULT, CacheAnswer.MISS, IOVA, 0);
        FaultExplanation fault = explain().get(0);
        assertThat(fault.verdict()).isEqualTo(Verdict.MODEL_DISAGREES);
        assertThat(fault.cannotTell()).noneMatch(line -> line.contains("memory was not recorded"));
    }

    @Test
    void aDeviceBeyondTheTableIsNotCalledAReservedAddress() {
        session.events().dmaRequest(DmaAccess.READ, 0x1000, IOVA, 64, -1);
        assertThat(explain().get(0).verdict()).isEqualTo(Verdict.DEVICE_OUT_OF_TABLE);
    }

    /** Moves the device to host tables of another domain, stores as a driver makes them: the second quadword first, then V. */
    private void moveTo(long root, int levels, int domain) {
        session.store(DEVICE_ENTRY + 8, domain)
                .store(DEVICE_ENTRY, root | (long) levels << 9 | 3L << 61 | 3)
                .command(2L << 60 | SmallSession.DEVICE, 0);
    }

    /** Caches are tagged with the DomainID (reference 2.2): no request in the new domain could have met the old mapping. */
    @Test
    void aMappingOfADomainThatTheDeviceHasLeftIsAnotherAddress() {
        session.page(OTHER_ROOT).map(IOVA, PHYSICAL);
        session.dma(DmaAccess.READ, IOVA);
        moveTo(OTHER_ROOT, 3, 6);
        session.dma(DmaAccess.READ, IOVA);
        FaultExplanation fault = explain().get(0);
        assertThat(fault.verdict()).isEqualTo(Verdict.MAPPED_ELSEWHERE);
        assertThat(fault.domain()).isEqualTo(6);
        assertThat(happenings(fault))
                .first()
                .asString()
                .matches(
                        "mapped to 0x123000 in another address space \\(domain 0x5, host tables at 0x300000\\), which the"
                                + " device left at #\\d+");
        assertThat(happenings(fault)).noneMatch(line -> line.startsWith("unmapped"));
    }

    /** Between the two stores the entry joins the new DomainID and the old root: no one has ever meant that. */
    @Test
    void anEntryThatIsHalfWrittenLeadsNowhere() {
        session.page(OTHER_ROOT).map(IOVA, PHYSICAL);
        moveTo(OTHER_ROOT, 3, 6);
        session.dma(DmaAccess.READ, IOVA);
        assertThat(happenings(explain().get(0)))
                .noneMatch(line -> line.contains("domain 0x6, host tables at 0x300000"));
    }

    @Test
    void aDomainThatTheDeviceComesBackToGoesOn() {
        session.page(OTHER_ROOT).map(IOVA, PHYSICAL);
        moveTo(OTHER_ROOT, 3, 6);
        moveTo(SmallSession.LEVEL_3, 3, SmallSession.DOMAIN);
        session.unmap(IOVA).flush().dma(DmaAccess.READ, IOVA);
        FaultExplanation fault = explain().get(0);
        assertThat(fault.verdict()).isEqualTo(Verdict.UNMAPPED_BEFORE);
        assertThat(happenings(fault))
                .contains("mapped to 0x123000, read and write", "cached translations of domain 0x5 dropped")
                .noneMatch(line -> line.contains("another address space"));
    }

    @Test
    void whatWasUnmappedWhileTheDeviceWasElsewhereIsNoticedOnItsReturn() {
        session.page(OTHER_ROOT).map(IOVA, PHYSICAL);
        moveTo(OTHER_ROOT, 3, 6);
        session.unmap(IOVA);
        moveTo(SmallSession.LEVEL_3, 3, SmallSession.DOMAIN);
        session.dma(DmaAccess.READ, IOVA);
        FaultExplanation fault = explain().get(0);
        assertThat(fault.verdict()).isEqualTo(Verdict.UNMAPPED_BEFORE);
        assertThat(happenings(fault)).anyMatch(line -> line.startsWith("no longer mapped when the device came back"));
    }

    /** A domain's DomainID and root may both be new to the device where tables get a level on top (reference 6.1, 11.2). */
    @Test
    void tablesThatGrowAreStillTheSame() {
        session.map(IOVA, PHYSICAL).page(OTHER_ROOT).store(OTHER_ROOT, SmallSession.LEVEL_3 | 3L << 9 | 3L << 61 | 1);
        moveTo(OTHER_ROOT, 4, SmallSession.DOMAIN);
        session.unmap(IOVA).flush().dma(DmaAccess.READ, IOVA);
        assertThat(explain().get(0).verdict()).isEqualTo(Verdict.UNMAPPED_BEFORE);
    }

    /** A domain was ended and another got its number: the old tables are gone with what they mapped. */
    @Test
    void otherTablesUnderTheSameNumberAreAnotherSpace() {
        session.page(OTHER_ROOT).map(IOVA, PHYSICAL);
        moveTo(OTHER_ROOT, 3, SmallSession.DOMAIN);
        session.dma(DmaAccess.READ, IOVA);
        assertThat(explain().get(0).verdict()).isEqualTo(Verdict.MAPPED_ELSEWHERE);
    }

    /** Linux switches the IOMMU off and on again around a sleep, and finds its domains as they were. */
    @Test
    void anIommuThatWasSwitchedOffAndOnGoesOn() {
        session.map(IOVA, PHYSICAL).register(0x18, 0).register(0x18, 1 | 1 << 2 | 1 << 12);
        session.unmap(IOVA).flush().dma(DmaAccess.READ, IOVA);
        FaultExplanation fault = explain().get(0);
        assertThat(fault.verdict()).isEqualTo(Verdict.UNMAPPED_BEFORE);
        assertThat(happenings(fault))
                .contains("mapped to 0x123000, read and write")
                .noneMatch(line -> line.contains("another address space"));
    }

    /** After a reset somebody else sets the IOMMU up: what was mapped before it has no part in this. */
    @Test
    void aResetEndsAllStories() {
        session.map(IOVA, PHYSICAL);
        session.events().injected(InjectedAction.RESET, 0, 0, 0, "");
        session.unmap(IOVA)
                .register(0x00, SmallSession.DEVICE_TABLE)
                .register(0x08, SmallSession.RING | 8L << 56)
                .register(0x18, 1 | 1 << 12)
                .dma(DmaAccess.READ, IOVA);
        assertThat(explain().get(0).verdict()).isEqualTo(Verdict.NEVER_MAPPED);
    }

    @Test
    void likeFaultsInTwoDomainsAreTwo() {
        session.page(OTHER_ROOT).map(IOVA, PHYSICAL).unmap(IOVA).flush();
        session.dma(DmaAccess.READ, IOVA);
        moveTo(OTHER_ROOT, 3, 6);
        session.dma(DmaAccess.READ, IOVA);
        assertThat(explain())
                .extracting(FaultExplanation::verdict)
                .containsExactly(Verdict.UNMAPPED_BEFORE, Verdict.MAPPED_ELSEWHERE);
    }

    @Test
    void theDriversCallIsNamedWithTheOneAroundIt() {
        session.events().guest(2).driverCall(CallPhase.ENTER, SmallSession.DEVICE, 0, IOVA, 0, 0x1000, "map", "");
        session.events().guest(-1).driverCall(CallPhase.ENTER, -1, 0, IOVA, PHYSICAL, 0x1000, "IOAS_MAP", "");
        session.map(IOVA, PHYSICAL);
        session.events().driverCall(CallPhase.EXIT, -1, 0, 0, 0, 0, "IOAS_MAP", "");
        session.events().guest(2).driverCall(CallPhase.EXIT, SmallSession.DEVICE, 0, 0, 0, 0, "map", "");
        session.events().guest(-1);
        session.unmap(IOVA).flush().dma(DmaAccess.READ, IOVA);
        FaultExplanation fault = explain().get(0);
        assertThat(happenings(fault))
                .anyMatch(line ->
                        line.matches("mapped to 0x123000, read and write, in IOAS_MAP \\(#\\d+\\) within map of guest"
                                + " 2 \\(#\\d+\\)"))
                .anyMatch(line -> line.startsWith("unmapped") && !line.contains(", in "));
        assertThat(fault.cannotTell()).noneMatch(line -> line.contains("no driver calls"));
    }

    /** The recorder may hear of the entry before it hears what became of the request. */
    @Test
    void anEntryThatWasLoggedBeforeTheAnswerIsThatOfTheRequest() {
        session.dma(DmaAccess.READ, IOVA);
        session.events().guest(1).logEntry(LogKind.EVENT, 0, 2L << 60 | 0x20, -1L, IOVA, -1L);
        session.events().guest(-1);
        session.observed(TranslationOutcome.FAULT, CacheAnswer.MISS, IOVA, 0);
        assertThat(explain().get(0).flags()).contains("it logged IO_PAGE_FAULT for it in the event log of guest 1");
    }

    @Test
    void gapsLimitWhatCanBeTold() {
        session.events().gap(org.iorewind.trace.sbe.GapReason.QUEUE_FULL, 5, 10, "");
        session.dma(DmaAccess.READ, IOVA);
        assertThat(explain().get(0).cannotTell()).anyMatch(line -> line.contains("gaps of the recording"));
    }
}
