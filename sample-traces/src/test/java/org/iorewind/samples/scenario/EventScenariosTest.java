package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each story of an event ends in the entry that the reference demands, for the device and the place of the story. */
class EventScenariosTest {
    private static final long NIC = 0x10;

    @TempDir
    Path folder;

    private List<Long> entries(String name, String half) {
        return entries(Story.of(name, folder), half);
    }

    private static List<Long> entries(Story story, String half) {
        return story.values("kind == 'LogEntry' && log == 'EVENT'", half);
    }

    /** Reference 4.2 and 4.3: the code in q0[63:60], the DeviceID in q0[15:0]. */
    @ParameterizedTest
    @CsvSource({
        "event-illegal-device-entry, 1",
        "event-device-table-error, 3",
        "event-page-table-error, 4",
        "event-invalidation-timeout, 7",
        "event-invalid-page-request, 9",
    })
    void theEntryHasTheCodeAndTheDeviceOfTheStory(String name, int code) {
        List<Long> entries = entries(name, "qword0");
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0) >>> 60).isEqualTo(code);
        assertThat(entries.get(0) & 0xFFFF).isEqualTo(NIC);
    }

    /** Reference 4.2: of a request the address of the request; IOVA 0x10000000 is what the NIC asked for. */
    @Test
    void anIllegalEntryIsReportedWithTheAddressOfTheRequest() {
        assertThat(entries("event-illegal-device-entry", "qword1")).containsExactly(BaseScenarios.IOVA);
    }

    /** Reference 4.2: Type 01b nobody answered, 11b data error, in the flags' bits 10:9. */
    @Test
    void hardwareErrorsSayHowTheMemoryFailed() {
        assertThat(entries("event-device-table-error", "qword0")).allMatch(q -> (q >>> 57 & 3) == 1);
        assertThat(entries("event-command-error", "qword0")).allMatch(q -> q >>> 60 == 6 && (q >>> 57 & 3) == 1);
        assertThat(entries("event-page-table-error", "qword0"))
                .allMatch(q -> (q >>> 57 & 3) == 3 && (q >>> 32 & 0xFFFF) == BaseScenarios.DOMAIN);
    }

    /** Reference 3.1: the ring stops at the command, and goes on after CmdBufEn was cleared and set. */
    @Test
    void aStoppedRingTakesCommandsAgainAfterItsRestart() {
        for (String name : List.of("event-illegal-command", "event-command-error")) {
            Story story = Story.of(name, folder);
            assertThat(story.values("kind == 'MmioReadValue' && registerOffset == 0x2020", "value"))
                    .as(name)
                    .anyMatch(status -> (status & 1 << 4) == 0);
            List<Long> commands = story.values("kind == 'CommandConsumed'", "qword0");
            assertThat(commands.get(commands.size() - 2) >>> 60).as(name).isEqualTo(8);
            assertThat(commands.get(commands.size() - 1) >>> 60).as(name).isEqualTo(1);
        }
    }

    /** Reference 3.3: a request that times out does not hold the wait behind it up for ever. */
    @Test
    void aWaitBehindADeadDeviceIsComplete() {
        Story story = Story.of("event-invalidation-timeout", folder);
        assertThat(story.count("kind == 'CompletionStore'"))
                .isEqualTo(story.values("kind == 'CommandConsumed'", "qword0").stream()
                        .filter(q -> q >>> 60 == 1)
                        .count());
    }

    /** Reference 4.3: types 1 with TR and 1 without for a device with I=0, and 0 for a read of the interrupt range. */
    @Test
    void eachInvalidRequestHasItsType() {
        assertThat(entries("event-invalid-device-request", "qword0"))
                .allMatch(q -> q >>> 60 == 8 && (q & 0xFFFF) == NIC)
                .extracting(q -> q >>> 57 & 7, q -> q >>> 56 & 1)
                .containsExactly(tuple(1L, 1L), tuple(1L, 0L), tuple(0L, 0L));
    }

    /** Reference 7.2: a write there would be an interrupt and no invalid request, so the story must not tell of one. */
    @Test
    void theAddressesOfInterruptsAreRead() {
        Story story = Story.of("event-invalid-device-request", folder);
        assertThat(story.count("kind == 'DmaRequest' && address == 0xfee00000 && access == 'READ'"))
                .isOne();
        assertThat(Scenarios.named("event-invalid-device-request").orElseThrow().story())
                .contains("reads at the addresses of interrupts")
                .doesNotContain("writes");
    }

    /** Reference 4.3: the halves of the note 0x1_0000_0BAD are exchanged. */
    @Test
    void anOverflowOfACounterComesWithItsNote() {
        assertThat(entries("event-counter-zero", "qword1")).containsExactly(0x0BAD_0000_0001L);
    }

    /** Reference 4.2, table of interrupts: I=1 and PR=0 for an entry that is off, and for one beyond the table. */
    @Test
    void misconfiguredInterruptsArePageFaultsOfInterrupts() {
        assertThat(entries("interrupts-misconfigured", "qword0"))
                .hasSize(2)
                .allMatch(q -> q >>> 60 == 2 && (q >>> 48 & 0x18) == 0x08 && (q & 0xFFFF) == NIC);
    }

    /** Reference 10: a device that a table does not name is behind no unit. */
    @Test
    void brokenFirmwareIsToldAndItsCardIsRefused() {
        Story story = Story.of("firmware-broken-ivrs", folder);
        assertThat(story.count("kind == 'Phase' && name.startsWith('IVRS: DEVICE_NOT_COVERED')"))
                .isPositive();
        assertThat(story.count("kind == 'Phase' && name.startsWith('IVRS: RANGE_OPEN')"))
                .isPositive();
        assertThat(entries(story, "qword0")).allMatch(q -> q >>> 60 == 2 && (q & 0xFFFF) == 0x30);
    }

    /** The quiet guest's device, 41:00.0, is refused nothing, and its own log stays empty. */
    @Test
    void aQuietGuestDoesNotNoticeANoisyOne() {
        Story story = Story.of("noisy-neighbour", folder);
        assertThat(story.count("kind == 'LogEntry' && guest == 1")).isZero();
        assertThat(story.count("kind == 'LogEntry' && guest == 2")).isEqualTo(16);
        assertThat(story.count("kind == 'Translation' && requester == '41:00.0' && outcome != 'TRANSLATED'"))
                .isZero();
    }

    /** After the unload the NIC has nothing left: each write is refused, at an address that was used before. */
    @Test
    void aNicThatNobodyStoppedIsRefused() {
        Story story = Story.of("nic-unload", folder);
        List<Long> refused = story.values("kind == 'Translation' && outcome != 'TRANSLATED'", "address");
        assertThat(refused).hasSize(3);
        assertThat(story.values("kind == 'Translation' && outcome == 'TRANSLATED'", "address"))
                .contains(refused.get(0));
    }
}
