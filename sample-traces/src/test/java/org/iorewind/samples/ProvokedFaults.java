package org.iorewind.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iorewind.replay.Fault;
import org.iorewind.replay.ReplayResult;

/** What the guest's script lets the edu device do at the end: 16 bytes at 0x100000, 16 at 0x200010, 8 at 0xfffe000. */
final class ProvokedFaults {
    private static final int EDU = 0x30;
    private static final int WORDS_OF_FIRST = 4;
    /** In accesses of 4 bytes. */
    private static final List<Long> ADDRESSES = List.of(
            0x100000L,
            0x100004L,
            0x100008L,
            0x10000cL,
            0x200010L,
            0x200014L,
            0x200018L,
            0x20001cL,
            0xfffe000L,
            0xfffe004L);

    private ProvokedFaults() {}

    /** Fails unless the faults of a replay are these, and were recorded. */
    static void areAllOf(ReplayResult result) {
        areOf(result, ADDRESSES);
    }

    /** Fails unless the faults of a replay are those of the first access, and were recorded: the guest did no more. */
    static void ofTheFirstAccessAreAllOf(ReplayResult result) {
        areOf(result, ADDRESSES.subList(0, WORDS_OF_FIRST));
    }

    private static void areOf(ReplayResult result, List<Long> addresses) {
        assertThat(result.faults()).extracting(Fault::address).containsExactlyElementsOf(addresses);
        assertThat(result.faults()).allMatch(fault -> fault.requester() == EDU && fault.observed());
    }
}
