package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What amd-viommu reference says of events with flags, of guests' PPR logs, and of guests that mean harm. */
class FaultScenariosTest {
    private static final long ILLEGAL_DEV_TABLE_ENTRY = 1;
    private static final long IO_PAGE_FAULT = 2;
    private static final long V_CMD = 1L << 31;
    private static final long V_PPR = 1L << 30;
    private static final long V_EVENT = 1L << 29;
    private static final long VNR = 1L << 27;
    private static final long FLAGS = 0x1FL << 27;
    private static final long PPR_OVERFLOW = 1L << 5;
    private static final long PPR_RUN = 1L << 7;
    private static final long PPR_ACTIVE_B = 1L << 12;

    @TempDir
    Path folder;

    /** Reference 6.4, MC9 (VNR: the image stopped) and MC16 (a semaphore that is not mapped). */
    @Test
    void eachFailureBelowAGuestHasItsFlag() {
        Story story = Story.of("hw-flagged-events", folder);
        List<Long> events = story.values("kind == 'LogEntry' && guest == 0 && log == 'EVENT'", "qword0");
        assertThat(events)
                .extracting(q -> q >>> 60)
                .containsExactly(
                        ILLEGAL_DEV_TABLE_ENTRY, ILLEGAL_DEV_TABLE_ENTRY, ILLEGAL_DEV_TABLE_ENTRY, IO_PAGE_FAULT);
        assertThat(events).extracting(q -> q & FLAGS).containsExactly(V_EVENT, V_PPR, V_CMD | VNR, V_CMD | VNR);
        assertThat(story.values("kind == 'LogEntry' && guest == 0 && log == 'EVENT'", "qword1")
                        .get(3))
                .isEqualTo(LifecycleScenarios.BEYOND);
        List<Long> resets = story.values("kind == 'CommandConsumed' && guest == 0", "qword0").stream()
                .filter(q -> q >>> 60 == 0xA)
                .toList();
        assertThat(resets).as("at the beginning, and after each stop").hasSize(3);
        long lastReset = story.places("kind == 'CommandConsumed' && guest == 0")
                .get(story.places("kind == 'CommandConsumed' && guest == 0").size() - 1);
        assertThat(story.count("kind == 'CompletionStore' && guest == 1 && sequence > " + lastReset))
                .as("the guest works again")
                .isOne();
    }

    /** Reference 5.4: each guest's own requests in its own log; base reference 4.5: one place stays free; status bits of 3.3. */
    @Test
    void pageRequestsStayInTheLogOfTheirGuest() {
        Story story = Story.of("hw-virtual-ppr-log", folder);
        for (long guest = 1; guest <= 2; guest++) {
            long page = FaultScenarios.MISSING + guest * 4096;
            assertThat(story.values("kind == 'LogEntry' && log == 'PPR' && guest == " + guest, "qword1"))
                    .hasSize(FaultScenarios.LOG_ENTRIES + 1)
                    .allMatch(q -> (q & -4096L) == page);
        }
        assertThat(story.count("kind == 'LogEntry' && guest == 0")).isZero();
        List<Long> first =
                story.values("kind == 'MmioReadValue' && space == 'VF' && registerOffset == 0x1020", "value");
        assertThat(first.get(first.size() - 1) & (PPR_OVERFLOW | PPR_RUN | PPR_ACTIVE_B))
                .as("log A is full, log B is filled")
                .isEqualTo(PPR_OVERFLOW | PPR_RUN | PPR_ACTIVE_B);
        List<Long> second =
                story.values("kind == 'MmioReadValue' && space == 'VF' && registerOffset == 0x2020", "value");
        assertThat(second).anyMatch(status -> (status & (PPR_OVERFLOW | PPR_RUN)) == PPR_OVERFLOW);
        assertThat(second.get(second.size() - 1) & (PPR_OVERFLOW | PPR_RUN))
                .as("started again")
                .isEqualTo(PPR_RUN);
    }

    /** Base reference 4.5, on the log of a guest (reference 5.4): the request that found no place is lost, and told of. */
    @Test
    void aGuestsLogThatOverflowsIsFound() {
        assertThat(Story.of("hw-virtual-ppr-log", folder).findings())
                .filteredOn(finding -> finding.rule().id().equals("log-overflow"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.count()).as("guest 1 has a second log").isOne();
                    assertThat(finding.summary()).contains("PPR log of guest 2");
                });
    }

    /** Base reference 3.4: each reserved bit is a mistake of the guest that sends the command. */
    @Test
    void reservedBitsInAGuestsCommandsAreFound() {
        Story story = Story.of("hw-hostile-guest", folder);
        assertThat(story.findings())
                .filteredOn(finding -> finding.rule().id().equals("reserved-bits"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.summary()).contains("of guest 2"));
    }

    /** Reference 14.3, rules 4 and 9: what the honest guest does comes out as without the other one. */
    @Test
    void anHonestGuestDoesNotNoticeAHostileOne() {
        List<Long> alone = Story.of("hw-direct-strict-nic", folder).reachedByDevices();
        Story story = Story.of("hw-hostile-guest", folder);
        assertThat(story.reachedByDevices().subList(0, alone.size())).isEqualTo(alone);
        assertThat(story.reachedByDevices()).hasSize(2 * alone.size());
        assertThat(story.count("kind == 'LogEntry' && guest == 1")).isZero();
        assertThat(story.count("kind == 'LogEntry' && guest == 2"))
                .as("the rogue's own log tells of its commands")
                .isPositive();
        assertThat(story.count("kind == 'CommandConsumed' && guest == 2")).isGreaterThan(100);
    }
}
