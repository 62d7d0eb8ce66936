package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What amd-viommu reference expects of guests' commands and of the commands and events that it adds. */
class CommandScenariosTest {
    private static final int CODE_SHIFT = 60;
    private static final int FLAGS_SHIFT = 48;
    private static final long ILLEGAL_COMMAND = 5;
    private static final long GUEST_EVENT_FAULT = 0xB;
    private static final long V_CMD = 1L << 31;
    private static final long COMMAND_RUN = 1L << 4;

    @TempDir
    Path folder;

    private static List<Long> codes(List<Long> quadwords) {
        return quadwords.stream().map(q -> q >>> CODE_SHIFT).toList();
    }

    /** Reference 5.2 and MC4, MC17: 9 is illegal in a guest's ring; the guest's own log says so, and CmdBufRun clears. */
    @Test
    void aGuestMayUseItsOwnCommandsAndNoOthers() {
        Story story = Story.of("hw-guest-commands", folder);
        List<Long> opcodes = codes(story.values("kind == 'CommandConsumed' && guest == 1", "qword0"));
        assertThat(opcodes)
                .as("all of table 5.2 but 6, which needs PreFSup")
                .containsSubsequence(2L, 3L, 3L, 4L, 5L, 7L, 8L, 1L, 9L);
        assertThat(story.values("kind == 'PageResponse'", "requester"))
                .as("the guest's DeviceID became the host's")
                .containsExactly((long) SoftwareScenarios.HOST_NIC);
        assertThat(codes(story.values("kind == 'LogEntry' && guest == 1", "qword0")))
                .containsExactly(ILLEGAL_COMMAND);
        assertThat(story.count("kind == 'LogEntry' && guest == 0")).isZero();
        List<Long> status =
                story.values("kind == 'MmioReadValue' && space == 'VF' && registerOffset == 0x1020", "value");
        assertThat(status.get(0) & COMMAND_RUN).isZero();
    }

    /** Reference 5.3, MC5. */
    @Test
    void aDomainThatNobodyMappedIsToldToTheHost() {
        Story story = Story.of("hw-unmapped-ids", folder);
        assertThat(story.values("kind == 'LogEntry' && guest == 0", "qword0"))
                .hasSize(1)
                .allMatch(q -> q >>> CODE_SHIFT == ILLEGAL_COMMAND && (q & V_CMD) != 0);
    }

    /** Reference 6.5, MC10: flags 16 reserved bit, 17 log disabled, 18 bad GID, 19 bad event code; dw1[15:0] is the GID. */
    @Test
    void eachWayToInsertWronglyHasItsFlag() {
        Story story = Story.of("hw-inject-fault", folder);
        List<Long> events = story.values("kind == 'LogEntry' && guest == 0", "qword0");
        assertThat(codes(events)).hasSize(4).containsOnly(GUEST_EVENT_FAULT);
        assertThat(events).extracting(q -> q >>> FLAGS_SHIFT & 0xF).containsExactly(1L, 2L, 4L, 8L);
        assertThat(events)
                .extracting(q -> q >>> 32 & 0xFFFF)
                .containsExactly(1L, 2L, (long) CommandScenarios.UNKNOWN_GUEST, 1L);
        assertThat(story.count("kind == 'LogEntry' && guest == 1")).isZero();
    }

    /** Reference 7.5: what lets nothing pass in the guest's entry becomes a blocking attach; X=1 to 4 for the stores. */
    @Test
    void aNicWithoutADomainIsBlocked() {
        Story story = Story.of("hw-detach", folder);
        assertThat(story.values("kind == 'Translation'", "outcome")).containsExactly(0L, 1L);
        List<Long> detach = story.places("kind == 'DriverCall' && call == 'detach' && guest == 1");
        long exits = story.places("kind == 'VmExit' && reason == 'TABLE_WRITE'").stream()
                .filter(place -> place > detach.get(0) && place < detach.get(1))
                .count();
        assertThat(exits).isBetween(1L, 4L);
    }
}
