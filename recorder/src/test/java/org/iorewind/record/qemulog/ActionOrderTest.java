package org.iorewind.record.qemulog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of a Linux 6.12 with two processors under QEMU 11.1.3: one runs commands, the other clears table entries. */
class ActionOrderTest {
    private static final String TAIL_WRITE =
            "2026-11-27T04:52:58.649183Z amdvi_mmio_write AMDVI_MMIO_COMMAND_TAIL write addr 0x2008, size 4, val 0x1f50, offset 0x0";
    private static final String CLEARED = "2026-11-27T04:52:58.649195Z mem S 1 1defc6a0 8 0";
    private static final String CLEARED_TOO = "2026-11-27T04:52:58.649237Z mem S 1 1defc6a8 8 0";
    private static final String COMMAND =
            "2026-11-27T04:52:58.649256Z amdvi_command_exec command buffer head at 0x1f40 command buffer tail at 0x1f50 command buffer base at 0x11f8000";
    private static final String INVALIDATED =
            "2026-11-27T04:52:58.649263Z amdvi_pages_inval AMD-Vi pages for domain 0x3 invalidated";
    private static final String WRITTEN = "2026-11-27T04:52:58.649297Z mem I W 2008 4 1f50";
    private static final String NEXT_COMMAND = "2026-11-27T04:52:58.649304Z mem S C 11f9f50 8 10000000011e8001";
    private static final String MISS =
            "2026-11-27T04:52:58.652100Z amdvi_cache_update  update iotlb domid 0x3 devid: 00:03.0 gpa 0xfffff000 hpa 0x1df15000";
    private static final String RESULT =
            "2026-11-27T04:52:58.652110Z amdvi_translation_result devid: 00:03.0 gpa 0xfffff000 hpa 0x1df15000";

    @TempDir
    Path folder;

    private List<String> ordered(String... lines) throws IOException {
        List<String> result = new ArrayList<>();
        Path file = Files.write(folder.resolve("log"), List.of(lines));
        try (ActionOrder order = new ActionOrder(new FileLines(List.of(file)))) {
            for (LogLine line = order.next(); line != null; line = order.next()) {
                result.add(line.text);
                String place = order.place(order.position());
                int number = Integer.parseInt(place.substring(place.lastIndexOf(':') + 1));
                assertThat(lines[number - 1]).as(place).isEqualTo(line.text);
            }
        }
        return result;
    }

    @Test
    void storesOfAnotherProcessorStandBehindTheCommandsOfOneDoorbell() throws IOException {
        assertThat(ordered(TAIL_WRITE, CLEARED, COMMAND, CLEARED_TOO, INVALIDATED, WRITTEN, NEXT_COMMAND))
                .containsExactly(TAIL_WRITE, COMMAND, INVALIDATED, WRITTEN, CLEARED, CLEARED_TOO, NEXT_COMMAND);
    }

    @Test
    void theyStandBehindTheResultOfAWalkThatHadBegun() throws IOException {
        assertThat(ordered(MISS, CLEARED, RESULT, CLEARED_TOO)).containsExactly(MISS, RESULT, CLEARED, CLEARED_TOO);
    }

    @Test
    void whatTheProcessorStoresBeforeAndAfterAnAccessStaysWhereItIs() throws IOException {
        String[] alone = {CLEARED, TAIL_WRITE, COMMAND, INVALIDATED, WRITTEN, NEXT_COMMAND, MISS, RESULT, CLEARED_TOO};
        assertThat(ordered(alone)).containsExactly(alone);
    }

    @Test
    void aStoreBetweenTwoAccessesStaysBetweenThem() throws IOException {
        String[] apart = {MISS, RESULT, CLEARED, TAIL_WRITE, COMMAND, INVALIDATED, WRITTEN, CLEARED_TOO, MISS, RESULT};
        assertThat(ordered(apart)).containsExactly(apart);
    }

    @Test
    void storesAtTheEndOfTheLogAreNotLost() throws IOException {
        assertThat(ordered(TAIL_WRITE, CLEARED, CLEARED_TOO)).containsExactly(TAIL_WRITE, CLEARED, CLEARED_TOO);
    }
}
