package org.iorewind.samples.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.FaultExplanation.Happening;
import org.iorewind.analyze.Verdict;
import org.junit.jupiter.api.Test;

/**
 * Whether a refused address was ever mapped where it was looked up, by what each scenario does. Requests of a nested device are
 * looked up in the guest's tables first (amd-viommu reference 0.3, 1.6): that the host had mapped all of the guest's memory for
 * the device before says nothing of them.
 */
class FaultStoriesTest {
    private static List<FaultExplanation> faults(String scenario) {
        return Objects.requireNonNull(Outcomes.all().get(scenario)).analysis().faults();
    }

    private static List<String> story(FaultExplanation fault) {
        return fault.history().stream().map(Happening::what).toList();
    }

    private static FaultExplanation only(String scenario) {
        List<FaultExplanation> faults = faults(scenario);
        assertThat(faults).as(scenario).hasSize(1);
        return faults.get(0);
    }

    /** The NIC goes astray in the guest's own tables; before, it had the guest's memory as a whole. */
    @Test
    void theHostsTablesOfAnEarlierDomainMapNothingInTheGuestsTables() {
        for (String scenario : List.of("hw-direct-logs", "hw-inject-event")) {
            FaultExplanation fault = only(scenario);
            assertThat(fault.verdict()).as(scenario).isEqualTo(Verdict.MAPPED_ELSEWHERE);
            assertThat(story(fault)).as(scenario).noneMatch(line -> line.startsWith("unmapped"));
            assertThat(story(fault))
                    .as(scenario)
                    .filteredOn(line -> line.startsWith("mapped"))
                    .singleElement()
                    .asString()
                    .contains("in another address space (domain 0x2, host tables at");
            assertThat(fault.cannotTell()).as(scenario).noneMatch(line -> line.contains("no driver calls"));
        }
    }

    /** VFIO has one domain for a device, which holds the guest's memory while the guest's IOMMU is off, then what the guest maps. */
    @Test
    void whatAVmmHadMappedBeforeItShadowsIsNotTheGuests() {
        FaultExplanation fault = only("sw-fault");
        assertThat(fault.verdict()).isEqualTo(Verdict.MAPPED_ELSEWHERE);
        assertThat(story(fault)).anyMatch(line -> line.startsWith("the host's tables follow those of a guest"));
    }

    /** PASID 1 and 2 have tables in which the address is mapped; PASID 3 has none (amd-iommu reference 2.2, 6.2). */
    @Test
    void anotherPasidsMappingIsNotThisOnes() {
        FaultExplanation fault = only("base-sva-v2");
        assertThat(fault.pasid()).isEqualTo(3);
        assertThat(fault.verdict()).isEqualTo(Verdict.NEVER_MAPPED);
        assertThat(story(fault)).noneMatch(line -> line.startsWith("used"));
    }

    /** An emulated IOMMU sees the guest's memory, which lies elsewhere in that of the machine. */
    @Test
    void aMappingOfAnEmulatedIommuIsSeenWhereItsMemoryLies() {
        FaultExplanation fault = only("sw-emulated-dma");
        assertThat(fault.verdict()).isEqualTo(Verdict.UNMAPPED_BEFORE);
        assertThat(story(fault))
                .anyMatch(line -> line.matches("mapped to 0x100000, read and write, in map of guest 1 \\(#\\d+\\)"))
                .anyMatch(line -> line.matches("unmapped: .*, in unmap of guest 1 \\(#\\d+\\)"));
    }

    @Test
    void whatTheDriverUnmappedIsUnmapped() {
        assertThat(faults("base-dma-v1"))
                .hasSize(2)
                .extracting(FaultExplanation::verdict)
                .containsOnly(Verdict.UNMAPPED_BEFORE);
        assertThat(faults("nic-unload")).extracting(FaultExplanation::verdict).containsOnly(Verdict.UNMAPPED_BEFORE);
    }
}
