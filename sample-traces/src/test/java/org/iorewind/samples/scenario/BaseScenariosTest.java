package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the references (base, and amd-viommu where said) expect of the IOMMU without guests. */
class BaseScenariosTest {
    private static final long OPCODE_SHIFT = 60;
    private static final long COMPLETION_WAIT = 1;
    private static final long INVALIDATE_PAGES = 3;
    private static final long COMPLETE_PPR = 7;
    private static final long IO_PAGE_FAULT = 2;
    private static final long FLAG_PR = 1L << 52;
    private static final long FLAG_GN = 1L << 48;

    @TempDir
    Path folder;

    private static List<Long> opcodes(List<Long> quadwords) {
        return quadwords.stream().map(q -> q >>> OPCODE_SHIFT).toList();
    }

    /** Order of register writes: amd-viommu reference 8, "init MMIO order"; length code 9 is 512 entries. */
    @Test
    void theDriverSetsUpTableRingAndLogsBeforeItTurnsTranslationOn() {
        Story story = Story.of("base-boot", folder);
        List<Long> bases =
                story.values("kind == 'MmioWrite' && registerOffset in [0x0, 0x8, 0x10, 0x38]", "registerOffset");
        assertThat(bases).containsExactly(0x0L, 0x8L, 0x10L, 0x38L);
        assertThat(story.values("kind == 'MmioWrite' && registerOffset in [0x8, 0x10, 0x38]", "value"))
                .extracting(value -> value >>> 56 & 0xF)
                .containsExactly(9L, 9L, 9L);
        for (String pointer : List.of("0x2000", "0x2008", "0x2010", "0x2018", "0x2030", "0x2038")) {
            assertThat(story.values("kind == 'MmioWrite' && registerOffset == " + pointer, "value"))
                    .as(pointer)
                    .first()
                    .isEqualTo(0L);
        }
        List<Long> control = story.values("kind == 'MmioWrite' && registerOffset == 0x18", "value");
        assertThat(control.get(control.size() - 1) & 1).as("IommuEn comes last").isOne();
        assertThat(control.subList(0, control.size() - 1)).allMatch(value -> (value & 1) == 0);
    }

    /** Base reference 11.1 row 9: everything is flushed before the IOMMU is used. */
    @Test
    void theFirstCommandsFlushEverythingAndWait() {
        Story story = Story.of("base-boot", folder);
        assertThat(opcodes(story.values("kind == 'CommandConsumed'", "qword0"))).containsExactly(8L, COMPLETION_WAIT);
        assertThat(story.count("kind == 'CompletionStore'")).isOne();
    }

    /** Base reference 4.3: PR=0 for a page that is not present. */
    @Test
    void mappedPagesAreReachedAndUnmappedOnesFault() {
        Story story = Story.of("base-dma-v1", folder);
        assertThat(story.count("kind == 'Translation' && outcome == 'TRANSLATED'"))
                .isEqualTo(6);
        List<Long> mapped = story.values("kind == 'DriverCall' && call == 'map' && phase == 'ENTER'", "physical");
        List<Long> reached = story.values("kind == 'MemoryWrite' && from == 'DEVICE'", "address");
        assertThat(reached).containsExactly(mapped.get(0), mapped.get(1), mapped.get(2) + (1 << 20));
        List<Long> faults = story.values("kind == 'LogEntry'", "qword0");
        assertThat(faults).hasSize(2).allSatisfy(entry -> {
            assertThat(entry >>> OPCODE_SHIFT).isEqualTo(IO_PAGE_FAULT);
            assertThat(entry & FLAG_PR).isZero();
            assertThat(entry & 0xFFFF).isEqualTo(BaseScenarios.NIC);
            assertThat(entry >>> 32 & 0xFFFF).isEqualTo(BaseScenarios.DOMAIN);
        });
        assertThat(story.values("kind == 'LogEntry'", "qword1"))
                .containsExactly(BaseScenarios.IOVA, BaseScenarios.LARGE_IOVA);
    }

    /** Base reference 6.2 and 4.4: with GN the entry names the PASID. */
    @Test
    void eachProcessHasItsOwnPageAtTheSameAddress() {
        Story story = Story.of("base-sva-v2", folder);
        List<Long> pages = story.values("kind == 'DriverCall' && call == 'map' && phase == 'ENTER'", "physical");
        assertThat(story.values("kind == 'Translation' && outcome == 'TRANSLATED'", "result"))
                .containsExactlyElementsOf(pages);
        assertThat(pages).doesNotHaveDuplicates().hasSize(2);
        long fault = story.values("kind == 'LogEntry'", "qword0").get(0);
        assertThat(fault >>> OPCODE_SHIFT).isEqualTo(IO_PAGE_FAULT);
        assertThat(fault & FLAG_GN).isNotZero();
        assertThat(fault >>> 32 & 0xFFFF).isEqualTo(3);
    }

    /** Base reference 9.2: 03h with GN and PDE for everything of the PASID, 04h if ATS, and the wait, before the first use. */
    @Test
    void aPasidThatGetsTablesIsFlushedFirst() {
        for (String name : List.of("base-sva-v2", "base-ppr")) {
            Story story = Story.of(name, folder);
            List<Long> stores = story.places("kind == 'MemoryWrite' && region == 'GCR3_TABLE'");
            List<Long> uses = story.places("kind == 'DmaRequest' || kind == 'AtsRequest'");
            for (long store : stores.subList(1, stores.size())) {
                long use =
                        uses.stream().filter(place -> place > store).findFirst().orElseThrow();
                String between = "kind == 'CommandConsumed' && sequence > " + store + " && sequence < " + use;
                assertThat(opcodes(story.values(between, "qword0"))).as(name).containsExactly(3L, 4L, COMPLETION_WAIT);
                assertThat(story.values(between, "qword1").get(0))
                        .as("all addresses, GN, PDE")
                        .isEqualTo(0x7FFF_FFFF_FFFF_F007L);
            }
        }
    }

    /** Base reference 5.1: US, since a process is no supervisor; the requests of its accelerator for memory say the same in 4.4. */
    @Test
    void aProcessAsksForPagesAsAUser() {
        for (String name : List.of("base-ppr", "guest-svm", "hw-virtual-ppr-log")) {
            assertThat(Story.of(name, folder).values("kind == 'LogEntry' && log == 'PPR'", "qword0"))
                    .as(name)
                    .isNotEmpty()
                    .allMatch(q -> (q >>> 48 & 0xFFF) == 0x164);
        }
    }

    /** Amd-viommu reference 8: one tail store for every queued command, so flush and wait are two. */
    @Test
    void aStrictUnmapIsTwoCommandsAndTwoTailStores() {
        Story story = Story.of("base-command-ring", folder);
        int unmaps = BaseScenarios.RING_ENTRIES + 8;
        List<Long> opcodes = opcodes(story.values("kind == 'CommandConsumed'", "qword0"));
        int before = opcodes.size() - 2 * unmaps;
        for (int i = before; i < opcodes.size(); i += 2) {
            assertThat(opcodes.subList(i, i + 2)).containsExactly(INVALIDATE_PAGES, COMPLETION_WAIT);
        }
        assertThat(story.count("kind == 'MmioWrite' && registerOffset == 0x2008 && value != 0"))
                .as("a tail store for each command but those that wrap to 0")
                .isEqualTo(opcodes.size() - opcodes.size() / BaseScenarios.RING_ENTRIES);
        List<Long> waits = story.values("kind == 'CompletionStore'", "data");
        assertThat(waits.get(waits.size() - 1)).isEqualTo(waits.size());
    }

    /** Base reference 4.5: a log of 512 entries takes 511, then it overflows, until software starts it again. */
    @Test
    void theEventLogTakesOneEntryLessThanItHasAndThenOverflows() {
        Story story = Story.of("base-event-log", folder);
        assertThat(story.count("kind == 'DmaRequest'")).isEqualTo(BaseScenarios.RING_ENTRIES + 2L);
        assertThat(story.count("kind == 'LogEntry'")).isEqualTo(BaseScenarios.RING_ENTRIES - 1L + 1);
        List<Long> status = story.values("kind == 'MmioReadValue' && registerOffset == 0x2020", "value");
        assertThat(status.get(0) & 1).as("EvtOverflow").isOne();
        assertThat(status.get(1) & 1).isZero();
    }

    /** Base reference 5.1 and 5.2. */
    @Test
    void aPageThatWasAskedForIsThereAfterTheAnswer() {
        Story story = Story.of("base-ppr", folder);
        assertThat(story.values("kind == 'LogEntry' && log == 'PPR'", "qword1"))
                .extracting(q -> q & -4096L)
                .containsExactly(BaseScenarios.VIRTUAL);
        assertThat(opcodes(story.values("kind == 'CommandConsumed'", "qword0"))).contains(COMPLETE_PPR);
        assertThat(story.values("kind == 'PageResponse'", "code")).containsExactly(0L);
        assertThat(story.count("kind == 'Translation' && outcome == 'NO_RIGHTS'"))
                .isOne();
        assertThat(story.count("kind == 'Translation' && outcome == 'TRANSLATED'"))
                .isEqualTo(2);
    }
}
