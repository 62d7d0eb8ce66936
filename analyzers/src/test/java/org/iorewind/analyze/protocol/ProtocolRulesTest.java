package org.iorewind.analyze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.junit.jupiter.api.Test;

/** Tables and their invalidations: a planted mistake is found by its rule, and the same work done right is not accused. */
class ProtocolRulesTest extends RuleBench {
    private static final long OTHER_IOVA = 0x9000;
    private static final long OTHER_PAGE = 0x45_6000;
    private static final long NEW_TABLE = 0x30_3000;
    private static final long OTHER_DEVICE_ENTRY = DEVICE_ENTRY + 32;
    private static final int OTHER_DEVICE = SmallSession.DEVICE + 1;
    private static final long READ_WRITE = 3L << 61;

    @Test
    void unmapFlushWaitAndMapAgainIsRight() {
        for (int i = 0; i < 3; i++) {
            unmapped();
            flush(IOVA);
            waitForIt();
        }
        session.map(IOVA, OTHER_PAGE).dma(DmaAccess.WRITE, IOVA);
        clean();
    }

    @Test
    void aDeviceThatUsesWhatWasUnmappedIsSeen() {
        unmapped();
        session.dma(DmaAccess.READ, IOVA);
        flush(IOVA);
        waitForIt();
        Finding finding = only("stale-translation");
        assertThat(finding.where().device()).isEqualTo(SmallSession.DEVICE);
        assertThat(finding.evidence()).hasSize(2);
        assertThat(finding.summary()).contains("0x123000").contains("was not flushed");
    }

    @Test
    void anAddressThatIsMappedAnewWithoutAFlushIsSeen() {
        unmapped();
        session.map(IOVA, OTHER_PAGE);
        Finding finding = only("missing-invalidation");
        assertThat(finding.where().domain()).isEqualTo(SmallSession.DOMAIN);
    }

    @Test
    void aChangeThatYoungerFlushesPassedOverIsSeenAtTheEnd() {
        unmapped();
        session.map(OTHER_IOVA, OTHER_PAGE).unmap(OTHER_IOVA);
        flush(OTHER_IOVA);
        waitForIt();
        only("missing-invalidation");
    }

    @Test
    void whatWaitsForItsFlushAtTheEndIsNotAccused() {
        unmapped();
        clean();
    }

    @Test
    void aFlushOfTheWrongDomainIsSeen() {
        unmapped();
        pages(SmallSession.DOMAIN + 1, IOVA, 0);
        waitForIt();
        session.map(IOVA, OTHER_PAGE);
        assertThat(only("wrong-domain-invalidation").summary()).contains("domain 0x6");
    }

    @Test
    void rightsThatWereTakenAwayWithoutAFlushAreSeen() {
        session.map(IOVA, PAGE).dma(DmaAccess.WRITE, IOVA);
        session.store(SmallSession.LEVEL_1 + 5 * 8, PAGE | 1L << 61 | 1).dma(DmaAccess.WRITE, IOVA);
        only("stale-translation");
    }

    @Test
    void aPageThatIsMappedElsewhereBeforeItsFlushIsSeen() {
        unmapped();
        session.map(OTHER_IOVA, PAGE);
        flush(IOVA);
        waitForIt();
        assertThat(only("late-invalidation").severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void whereAllIsFlushedLaterAPageThatIsMappedElsewhereIsANote() {
        unmapped();
        session.map(OTHER_IOVA, PAGE).flush();
        waitForIt();
        clean();
    }

    @Test
    void aFlushThatNobodyWaitsForIsSeen() {
        unmapped();
        flush(IOVA);
        session.map(IOVA, OTHER_PAGE);
        only("wait-omitted");
    }

    @Test
    void aWaitBeforeTheFlushIsSeen() {
        unmapped();
        long ring = SmallSession.RING;
        session.store(ring, 1L << 60 | STORE | 1).store(ring + 8, 7);
        session.store(ring + 16, 3L << 60 | (long) SmallSession.DOMAIN << 32).store(ring + 24, IOVA);
        session.register(0x2008, 32).map(IOVA, OTHER_PAGE);
        only("wait-misordered");
    }

    @Test
    void flushesThatDropFarMoreThanChangedAreANote() {
        for (int i = 0; i < 4; i++) {
            unmapped();
            session.flush();
            waitForIt();
        }
        List<Finding> found = analysis().rules().findings();
        assertThat(found)
                .extracting(finding -> finding.rule().id())
                .contains("wide-invalidation")
                .doesNotContain("redundant-invalidation");
        assertThat(count(found, "wide-invalidation")).isEqualTo(4);
    }

    private static long count(List<Finding> found, String rule) {
        return found.stream()
                .filter(finding -> finding.rule().id().equals(rule))
                .mapToLong(Finding::count)
                .sum();
    }

    @Test
    void flushesOfWhatHasNotChangedAreANote() {
        unmapped();
        for (int i = 0; i < 5; i++) {
            flush(IOVA);
            waitForIt();
        }
        List<Finding> found = analysis().rules().findings();
        assertThat(found).extracting(finding -> finding.rule().id()).contains("redundant-invalidation");
        assertThat(count(found, "redundant-invalidation"))
                .as("five, of which the first is right")
                .isEqualTo(4);
    }

    @Test
    void aTableThatIsTakenAwayWithDirectoriesFlushedIsRight() {
        session.store(SmallSession.LEVEL_2, 0);
        pages(SmallSession.DOMAIN, 0, 2);
        waitForIt();
        session.store(SmallSession.LEVEL_1, PAGE | READ_WRITE | 1);
        clean();
    }

    @Test
    void aTableThatIsTakenAwayWithoutFlushOfDirectoriesIsSeen() {
        session.store(SmallSession.LEVEL_2, 0);
        flush(0);
        waitForIt();
        only("table-without-pde");
    }

    @Test
    void aFreedTableThatIsUsedAgainTooEarlyIsSeen() {
        session.store(SmallSession.LEVEL_2, 0).store(SmallSession.LEVEL_1 + 64, 0xDEAD_BEEF_0001L);
        only("table-reused");
    }

    @Test
    void aDeviceEntryThatChangesUntoldIsSeen() {
        session.map(IOVA, PAGE).dma(DmaAccess.READ, IOVA);
        session.page(NEW_TABLE).store(DEVICE_ENTRY + 8, SmallSession.DOMAIN + 1).dma(DmaAccess.READ, IOVA);
        only("device-entry-not-invalidated");
    }

    @Test
    void aDeviceEntryThatChangesToldIsRight() {
        session.map(IOVA, PAGE).dma(DmaAccess.READ, IOVA);
        session.store(DEVICE_ENTRY + 8, SmallSession.DOMAIN + 1).command(2L << 60 | SmallSession.DEVICE, 0);
        pages(SmallSession.DOMAIN, 0x7FFF_FFFF_FFFF_F000L, 3);
        waitForIt();
        session.dma(DmaAccess.READ, IOVA);
        clean();
    }

    @Test
    void twoTablesUnderOneDomainAreSeen() {
        session.page(NEW_TABLE).store(OTHER_DEVICE_ENTRY + 8, SmallSession.DOMAIN);
        session.store(OTHER_DEVICE_ENTRY, NEW_TABLE | 3L << 9 | READ_WRITE | 3);
        session.command(2L << 60 | OTHER_DEVICE, 0);
        waitForIt();
        only("shared-domain-id");
    }

    @Test
    void aNewDeviceTableOfWhichOnlySomeEntriesAreRecordedIsReadAllTheSame() {
        long table = 0x50_0000;
        session.page(NEW_TABLE);
        for (int device : new int[] {SmallSession.DEVICE, OTHER_DEVICE}) {
            long root = device == OTHER_DEVICE ? NEW_TABLE : SmallSession.LEVEL_3;
            session.store(table + device * 32L, root | 3L << 9 | READ_WRITE | 3);
            session.store(table + device * 32L + 8, SmallSession.DOMAIN);
        }
        session.register(0x00, table);
        session.command(8L << 60, 0);
        waitForIt();
        only("shared-domain-id");
    }

    @Test
    void oneTableOfTwoDevicesUnderOneDomainIsRight() {
        session.store(OTHER_DEVICE_ENTRY + 8, SmallSession.DOMAIN);
        session.store(OTHER_DEVICE_ENTRY, SmallSession.LEVEL_3 | 3L << 9 | READ_WRITE | 3);
        session.command(2L << 60 | OTHER_DEVICE, 0);
        waitForIt();
        clean();
    }

    @Test
    void anEntryThatLetsEverythingPassIsSeenWhenItIsUsedAndAtTheEnd() {
        session.events().dmaRequest(DmaAccess.READ, 0x08, IOVA, 64, -1);
        assertThat(analysis().rules().findings())
                .extracting(finding -> finding.rule().id())
                .contains("open-entry-used", "open-by-default");
    }

    private String openByDefault() {
        return analysis().rules().findings().stream()
                .filter(finding -> finding.rule().id().equals("open-by-default"))
                .map(Finding::summary)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void openEntriesAreCountedUpToTheLastClosedOne() {
        assertThat(openByDefault())
                .startsWith("48 of 49 recorded entries have V=0 while the IOMMU is on: 00:00.0, 00:00.1, 00:00.2 …");
    }

    @Test
    void openEntriesAreCountedAcrossPagesOfWhichNothingIsRecorded() {
        session.register(0x00, SmallSession.DEVICE_TABLE | 3);
        session.store(SmallSession.DEVICE_TABLE + 0x104 * 32, 0);
        session.store(SmallSession.DEVICE_TABLE + 0x105 * 32, 3);
        session.store(SmallSession.DEVICE_TABLE + 0x106 * 32, 0);

        assertThat(openByDefault()).startsWith("128 of 130 recorded entries have V=0 while the IOMMU is on: 00:00.0, ");
    }

    @Test
    void requestsUnderAnAliasAreSeen() {
        session.map(IOVA, PAGE);
        session.store(OTHER_DEVICE_ENTRY, 3).events().dmaRequest(DmaAccess.READ, OTHER_DEVICE, IOVA, 64, -1);
        assertThat(only("alias-forgotten").where().device()).isEqualTo(OTHER_DEVICE);
    }

    @Test
    void aDeviceThatWorksUnderItsOwnIdHasNoAlias() {
        session.map(IOVA, PAGE).dma(DmaAccess.READ, IOVA);
        session.store(OTHER_DEVICE_ENTRY, 3).events().dmaRequest(DmaAccess.READ, OTHER_DEVICE, IOVA, 64, -1);
        clean();
    }

    @Test
    void pagesThatAreOnlyReadAndPagesThatNobodyUsesAreNotes() {
        unmapped();
        session.map(OTHER_IOVA, OTHER_PAGE).unmap(OTHER_IOVA).flush();
        waitForIt();
        assertThat(analysis().rules().findings())
                .extracting(finding -> finding.rule().id())
                .contains("more-writable-than-used", "wider-than-used");
    }

    @Test
    void notesCountTheirPages() {
        unmapped();
        session.map(OTHER_IOVA, OTHER_PAGE).unmap(OTHER_IOVA).flush();
        session.map(OTHER_IOVA + 0x1000, OTHER_PAGE).unmap(OTHER_IOVA + 0x1000).flush();
        waitForIt();
        assertThat(analysis().rules().findings())
                .filteredOn(finding -> finding.rule().id().equals("wider-than-used"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.count()).isEqualTo(2);
                    assertThat(finding.lastSequence()).isGreaterThan(finding.firstSequence());
                });
    }

    /** A VMM that shadows tables has devices whose requests reach another IOMMU, a second stage has its own: nobody is seen here. */
    @Test
    void tablesThroughWhichNoRequestGoesAccuseNobody() {
        session.map(OTHER_IOVA, OTHER_PAGE).unmap(OTHER_IOVA).flush();
        waitForIt();
        assertThat(analysis().rules().findings())
                .extracting(finding -> finding.rule().id())
                .doesNotContain("wider-than-used");
    }

    @Test
    void aDeviceThatMayWritePageTablesIsSeen() {
        session.map(IOVA, SmallSession.LEVEL_1);
        assertThat(only("tables-reachable").summary()).contains("a page table");
    }

    @Test
    void aDeviceThatMayWriteTheCommandRingIsSeen() {
        session.map(IOVA, SmallSession.RING);
        assertThat(only("tables-reachable").summary()).contains("the command ring");
    }

    @Test
    void anIommuThatAnEventAnnouncesIsHeldToItsRulesOnce() {
        session = SmallSession.announced(folder.resolve("announced.iorw")).map(IOVA, SmallSession.RING);
        assertThat(only("tables-reachable").count())
                .as("one page was mapped, once")
                .isOne();
    }

    @Test
    void reservedBitsOfAPageTableEntryAreSeen() {
        session.store(SmallSession.LEVEL_1 + 8, PAGE | READ_WRITE | 1L << 53 | 1);
        only("reserved-bits");
    }

    @Test
    void behindAGapNobodyIsAccused() {
        unmapped();
        session.events().gap(GapReason.SOURCE_LOST, 5, 0, "");
        session.map(IOVA, OTHER_PAGE);
        Analysis analysis = analysis();
        assertThat(analysis.rules().findings())
                .extracting(finding -> finding.rule().id())
                .contains("recording-gap")
                .doesNotContain("missing-invalidation");
    }

    /** A source that reads tables when the IOMMU uses them sees an unmap only when the next mapping is used. */
    @Test
    void contentThatWasFoundLaterAccusesNobodyAndTheRuleSaysThatItCannotJudge() {
        unmapped();
        byte[] entry = new byte[8];
        entry[7] = 0x60;
        entry[2] = 0x45;
        entry[0] = 1;
        session.events()
                .memoryWrite(MemoryOrigin.WITNESS, MemoryRegion.UNSPECIFIED, SmallSession.LEVEL_1 + 5 * 8, entry, 0, 8);
        Analysis analysis = analysis();
        assertThat(analysis.rules().atLeast(Severity.ERROR)).isZero();
        assertThat(analysis.rules().notJudged()).containsKey("missing-invalidation");
    }

    /** Unmap at one time, flush two commands later: each event of this session is 1,000 ns behind the one before. */
    @Test
    void theWindowFromUnmapToFlushToNextUseIsMeasured() {
        unmapped();
        flush(IOVA);
        waitForIt();
        session.map(IOVA, OTHER_PAGE);
        var windows = analysis().performance().windows();
        assertThat(windows).hasSize(3);
        assertThat(windows.get(0).ns().largest()).isBetween(2_950L, 3_050L);
        assertThat(windows.get(1).ns().largest()).isBetween(5_900L, 6_100L);
        assertThat(windows.get(2).ns().largest()).isBetween(990L, 1_010L);
    }
}
