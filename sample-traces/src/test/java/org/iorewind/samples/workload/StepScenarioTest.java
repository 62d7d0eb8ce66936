package org.iorewind.samples.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.model.iommu.Profile;
import org.iorewind.trace.EventTap;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.InvalidationOutcome;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.StartState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JSON form of steps: strict, bounded, readable, and the same events. */
class StepScenarioTest {
    private static final StepMachine MACHINE = new StepMachine("qemu-10.0", StartState.ATTACHED, 0xFED8_0000L, 7, 8, 5);

    private static Description read(String json) {
        return ScenarioReader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static StepScenario steps(String steps) {
        return (StepScenario) read("{\"scenario\": \"abc\", \"machine\": {}, \"steps\": [" + steps + "]}");
    }

    /** One of each kind of event that is a step, and of each form of its fields. */
    private static List<Step> allKinds() {
        List<Step> steps = new ArrayList<>();
        EventWriter events = new EventWriter(new EventTap(event -> steps.add(Step.of(event))));
        events.at(77).source(3);
        events.iommu(1).iommuStart(new IommuInfo(1, 2, 3, 0x1000, 0x2000, Profile.SPEC.label()));
        events.mmioWrite(MmioSpace.HOST, 8, 0x2008, 0x50);
        events.mmioWrite(MmioSpace.HOST, 4, 0x200C, 0x50);
        events.guest(3).mmioRead(MmioSpace.VF, 4, 0x18);
        events.guest(0).mmioRead(MmioSpace.PCI_CONFIG, 4, 0x18);
        events.guest(EventWriter.NO_GUEST);
        byte[] data = new byte[48];
        data[0] = 1;
        data[41] = 2;
        events.memoryWrite(MemoryOrigin.SNAPSHOT, MemoryRegion.HOST_TABLE, 0x1000, new UnsafeBuffer(data), 0, 48);
        events.memoryWrite(MemoryOrigin.CPU_STORE, MemoryRegion.UNSPECIFIED, 0x1004, new UnsafeBuffer(data), 0, 7);
        events.dmaRequest(DmaAccess.READ, 0x30, 0xFFFF_FFFF_FFFF_F000L, 4096, 5);
        events.dmaRequest(DmaAccess.WRITE_TRANSLATED, 0x30, 0, 1, EventWriter.NO_PASID);
        events.interruptRequest(0x30, 0xFEE0_0000L, 0x8000_0031);
        events.atsRequest(true, 0x30, 0x5000, 8, EventWriter.NO_PASID);
        events.pageRequest(3, 0x30, 0x5000, 9, 2, true);
        events.invalidateResponse(InvalidationOutcome.TIMED_OUT, 0x30, 5);
        events.injected(InjectedAction.MEMORY_ABORT, 0x1000, 0, -1, "all \"of\" it");
        events.injected(InjectedAction.RESET, 0, 0, 0, "");
        events.driverCall(CallPhase.ENTER, 0x30, 0, 0x5000, 0x6000, 4096, "map", "flags=3");
        events.driverCall(CallPhase.EXIT, -1, -22, 0, 0, 0, "map", "");
        events.phase(CallPhase.ENTER, "boot");
        events.consoleLine("\u001b[31mWörter\n");
        events.mark(7, "here");
        return steps;
    }

    @Test
    void everyKindOfStepIsWrittenAndReadAgain() {
        StepScenario all = new StepScenario("all-kinds", List.of("tag"), "What \"all\" do.", MACHINE, allKinds());
        String text = StepWriter.write(all);
        assertThat(read(text)).isEqualTo(all);
        assertThat(text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 0x7F))
                .as("it can be shown on a terminal")
                .isTrue();
    }

    @Test
    void aStepSaysNoMoreThanItHasTo() {
        assertThat(StepWriter.write(new StepScenario("all-kinds", List.of(), "", MACHINE, allKinds())))
                .contains(
                        "{\"do\":\"MmioWrite\",\"iommu\":1,\"register\":\"CommandTail\",\"value\":\"0x50\"}",
                        "{\"do\":\"MmioRead\",\"iommu\":1,\"guest\":3,\"space\":\"VF\",\"size\":4,\"registerOffset\":\"0x18\"}",
                        "\"address\":\"0x1000\",\"words\":[\"0x1\",4,\"0x200\"]}",
                        "\"address\":\"0x1004\",\"data\":\"01000000000000\"}",
                        "{\"do\":\"InjectedEvent\",\"iommu\":1,\"action\":\"RESET\"}")
                .contains("\"machine\": {\"startState\":\"ATTACHED\",")
                .doesNotContain("timeNs", "guestPresent", "HOST\"");
    }

    @Test
    void aPersonWritesItByHand() {
        StepScenario scenario = (StepScenario) read("""
                {
                  "scenario": "two-steps",
                  "machine": {"profile": "qemu-11.1"},
                  "steps": [
                    {"do": "MemoryWrite", "address": "0x8000", "words": ["0x1", 3]},
                    {"do": "DmaRequest", "requester": "00:03.0", "access": "WRITE", "address": "0x5000", "length": 8}
                  ]
                }
                """);
        List<Step> expected = new ArrayList<>();
        EventWriter events = new EventWriter(new EventTap(event -> expected.add(Step.of(event))));
        byte[] data = new byte[32];
        data[0] = 1;
        events.memoryWrite(MemoryOrigin.CPU_STORE, MemoryRegion.UNSPECIFIED, 0x8000, new UnsafeBuffer(data), 0, 32);
        events.dmaRequest(DmaAccess.WRITE, 0x18, 0x5000, 8, EventWriter.NO_PASID);
        assertThat(scenario.steps()).isEqualTo(expected);
        assertThat(scenario.machine()).isEqualTo(new StepMachine("qemu-11.1", StartState.RESET, 0, 0, 0, 0));
    }

    @Test
    void aFileWithoutStepsIsAWorkload() {
        assertThat(read("{\"workload\": \"abc\", \"guests\": [{\"name\": \"a\"}], \"phases\": [{\"name\": \"p\","
                        + " \"work\": [{\"guest\": \"a\", \"do\": \"stray\"}]}]}"))
                .isInstanceOf(Workload.class);
        assertThatThrownBy(() -> read("{\"scenario\": \"abc\", \"machine\": {}}"))
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining("there is no field \"scenario\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | steps[0]: expected a field \"do\", found none",
                "7 | steps[0]: expected an object, found 7",
                "{\"do\": \"Dance\"} | steps[0].do: expected one of AtsRequest, ConsoleLine, DmaRequest",
                "{\"do\": \"Translation\"} | steps[0].do: expected one of",
                "{\"do\": \"SessionStart\"} | steps[0].do: expected one of",
                "{\"do\": \"Mark\", \"text\": \"a\", \"mood\": 1} | steps[0]: there is no field \"mood\"; fields: do",
                "{\"do\": \"Mark\", \"text\": \"a\", \"timeNs\": 1} | there is no field \"timeNs\"",
                "{\"do\": \"MmioWrite\", \"register\": \"Control\"} | steps[0].value: expected a value, found nothing",
                "{\"do\": \"MmioWrite\", \"register\": \"Mood\", \"value\": \"0x1\"}"
                        + " | steps[0].register: expected one of CommandBase",
                "{\"do\": \"MmioRead\", \"register\": \"Control\", \"registerOffset\": \"0x18\"}"
                        + " | steps[0].register: expected either this or \"registerOffset\"",
                "{\"do\": \"MmioRead\"} | steps[0].registerOffset: expected a value, found nothing",
                "{\"do\": \"MmioRead\", \"registerOffset\": 24} | steps[0].registerOffset: expected \"0x\" and up to 8"
                        + " hexadecimal digits, found 24",
                "{\"do\": \"MemoryWrite\", \"address\": \"0x0\", \"words\": [0]}"
                        + " | steps[0].words[0]: expected 1 to 8191 words, found 0",
                "{\"do\": \"MemoryWrite\", \"address\": \"0x0\", \"words\": [8191, \"0x1\"]}"
                        + " | steps[0].words[1]: expected 1 to 0 words",
                "{\"do\": \"MemoryWrite\", \"address\": \"0x0\", \"words\": [\"1\"]} | steps[0].words[0]: expected \"0x\"",
                "{\"do\": \"MemoryWrite\", \"address\": \"0x0\", \"data\": \"123\"}"
                        + " | steps[0].data: expected pairs of hexadecimal digits",
                "{\"do\": \"DmaRequest\", \"requester\": \"7\", \"access\": \"READ\", \"address\": \"0x0\", \"length\": 1}"
                        + " | steps[0].requester: expected bus, device and function",
                "{\"do\": \"DmaRequest\", \"requester\": \"00:01.0\", \"access\": \"LOOK\", \"address\": \"0x0\","
                        + " \"length\": 1} | steps[0].access: expected one of [UNKNOWN, READ",
                "{\"do\": \"DmaRequest\", \"requester\": \"00:01.0\", \"access\": \"READ\", \"address\": \"0x0\","
                        + " \"length\": 4294967296} | steps[0].length: expected an integer from 0 to 4294967295",
                "{\"do\": \"Mark\", \"text\": true} | steps[0].text: expected a text, a whole number, null",
                "{\"do\": \"Mark\", \"text\": \"a\", \"iommu\": {}} | steps[0].iommu: expected a text",
                "{\"do\": \"IommuStart\", \"extendedFeatures\": \"0x0\", \"profile\": \"vax\"}"
                        + " | steps[0].profile: expected one of spec, qemu-7.2",
            })
    void aStepThatCannotBeIsRefusedWithItsPlace(String step, String message) {
        assertThatThrownBy(() -> steps(step))
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"profile\": \"vax\"} | machine: expected one of spec, qemu-7.2, qemu-10.0, qemu-11.1",
                "{\"tool\": \"mine\"} | machine: there is no field \"tool\"; fields: startState, mmioBase",
                "{\"deviceOptions\": [\"fast\"]} | machine.deviceOptions: expected one of [dmaRemappingOff",
                "{\"extendedFeatures\": 7} | machine.extendedFeatures: expected \"0x\"",
            })
    void aMachineThatCannotBeIsRefusedWithItsPlace(String machine, String message) {
        assertThatThrownBy(() -> read("{\"scenario\": \"abc\", \"machine\": " + machine
                        + ", \"steps\": [{\"do\": \"Mark\", \"text\": \"a\"}]}"))
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aDescriptionIsBounded() {
        assertThatThrownBy(() -> steps("")).hasMessageContaining("steps: expected 1 to 1048576, found 0");
        assertThatThrownBy(() -> ScenarioReader.read(new byte[ScenarioReader.MOST_BYTES + 1]))
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining("bytes");
        String mark = "{\"do\":\"Mark\",\"text\":\"\"}";
        assertThatThrownBy(() -> steps(String.join(",", Collections.nCopies(ScenarioReader.MOST_STEPS + 1, mark))))
                .hasMessageContaining("up to 100000 elements");
        assertThatThrownBy(() -> steps("0,".repeat(1 << 20) + "0")).hasMessageContaining("1048576 values");
    }

    @Test
    void onlyWhatSoftwareAndDevicesDoIsAStep() {
        List<String> refused = new ArrayList<>();
        EventWriter events = new EventWriter(new EventTap(event -> {
            if (!Step.isOne(event.kind())) {
                assertThatThrownBy(() -> Step.of(event))
                        .isInstanceOf(WorkloadException.class)
                        .hasMessageContaining("expected an input or a marker");
                refused.add(String.valueOf(event.kind()));
            }
        }));
        events.completionStore(0x1000, 1);
        events.stateHash(1, "spec");
        events.mark(1, "a step");
        assertThat(refused).containsExactly("COMPLETION_STORE", "STATE_HASH");
    }
}
