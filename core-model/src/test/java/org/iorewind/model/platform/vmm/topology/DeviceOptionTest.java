package org.iorewind.model.platform.vmm.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options are read as QEMU 7.2 reads them: what it takes and what it refuses was tried on it. */
class DeviceOptionTest {

    @Test
    void anOptionIsADriverAndItsProperties() {
        DeviceOption option = DeviceOption.parse("amd-viommu,host=0000:00:00.2,id=viommu0");

        assertThat(option.driver()).isEqualTo("amd-viommu");
        assertThat(option.value("id")).contains("viommu0");
        assertThat(option.address("host")).contains(new PciAddress(0, 0, 0, 2));
        assertThat(option.value("iommu")).isEmpty();
    }

    @Test
    void aDoubledCommaStandsForAComma() {
        DeviceOption option = DeviceOption.parse("virtio-blk-pci,drive=a,,b,,,id=c");

        assertThat(option.value("drive")).contains("a,b,");
        assertThat(option.value("id")).contains("c");
    }

    @Test
    void theDriverMayBeNamedAndTheLastCommaMayStandAlone() {
        DeviceOption option = DeviceOption.parse("driver=edu,addr=5,");

        assertThat(option.driver()).isEqualTo("edu");
        assertThat(option.value("addr")).contains("5");
    }

    @Test
    void theFirstIdAndTheLastOfOtherValuesCount() {
        DeviceOption option = DeviceOption.parse("edu,id=a,id=b,addr=1,addr=2");

        assertThat(option.value("id")).contains("a");
        assertThat(option.value("addr")).contains("2");
    }

    @Test
    void aKeyAloneIsASwitchAndNoBeforeItTurnsItOff() {
        assertThat(DeviceOption.parse("edu,multifunction").flag("multifunction"))
                .contains(true);
        assertThat(DeviceOption.parse("edu,nomultifunction").flag("multifunction"))
                .contains(false);
        assertThat(DeviceOption.parse("edu").flag("multifunction")).isEmpty();
        assertThat(DeviceOption.parse("edu,no").flag("no")).contains(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "yes", "true", "y"})
    void switchesAreOnInFourWays(String value) {
        assertThat(DeviceOption.parse("edu,a=" + value).flag("a")).contains(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "no", "false", "n"})
    void switchesAreOffInFourWays(String value) {
        assertThat(DeviceOption.parse("edu,a=" + value).flag("a")).contains(false);
    }

    @ParameterizedTest
    @CsvSource({"0x2F, 47", "32, 32", "0, 0", "017, 15", "0xffff, 65535"})
    void numbersAreDecimalHexadecimalOrOctal(String text, int value) {
        assertThat(DeviceOption.parse("edu,a=" + text).number("a", 0xFFFF)).contains(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"65536", "-1", "+1", "0x", "12a", "", "4294967296", "0xFFFFFFFF", "09"})
    void numbersOutOfRangeAreRefused(String text) {
        DeviceOption option = DeviceOption.parse("edu,a=" + text);

        assertThatThrownBy(() -> option.number("a", 0xFFFF))
                .isInstanceOf(TopologyException.class)
                .hasMessageContaining("'" + text + "'")
                .extracting("problem")
                .isEqualTo(TopologyProblem.BAD_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",id=a",
                "edu,=3",
                "edu,,id=a",
                "edu,id=1a",
                "edu,id=a b",
                "edu,,,x",
                "driver=,id=a",
                "edu,,,,"
            })
    void whatCannotBeTakenApartIsRefused(String text) {
        assertThatThrownBy(() -> DeviceOption.parse(text))
                .isInstanceOf(TopologyException.class)
                .extracting("problem")
                .isEqualTo(TopologyProblem.MALFORMED_OPTION);
    }

    @Test
    void switchesAndAddressesMustBeSome() {
        DeviceOption option = DeviceOption.parse("edu,a=maybe,b=00:00");

        assertThatThrownBy(() -> option.flag("a")).hasMessageContaining("on or off");
        assertThatThrownBy(() -> option.address("b")).hasMessageContaining("ssss:bb:dd.f");
    }

    @Test
    void aRefusalSaysWhatWasExpectedAndFoundAndWhatToDo() {
        DeviceOption option = DeviceOption.parse("vfio-pci,id=a");

        assertThatThrownBy(() -> option.needed("host"))
                .isInstanceOfSatisfying(TopologyException.class, refusal -> {
                    assertThat(refusal.problem()).isEqualTo(TopologyProblem.MISSING_PROPERTY);
                    assertThat(refusal.option()).isEqualTo("vfio-pci,id=a");
                    assertThat(refusal.expected()).isEqualTo("host=…");
                    assertThat(refusal.found()).isEqualTo("no host=");
                })
                .hasMessage("MISSING_PROPERTY in vfio-pci,id=a: expected host=…, found no host=. Add the property.");
    }

    @Test
    void onlyNamedPropertiesAndExperimentsPass() {
        DeviceOption option = DeviceOption.parse("vfio-pci,host=1,x-no-mmap=on");

        option.allowOnly(Set.of("host"));

        assertThatThrownBy(() -> option.allowOnly(Set.of("id")))
                .hasMessageContaining("host")
                .extracting("problem")
                .isEqualTo(TopologyProblem.UNKNOWN_PROPERTY);
    }

    @Test
    void addressesAreReadAndWritten() {
        PciAddress address = PciAddress.parse("41:1f.7").orElseThrow();

        assertThat(address).hasToString("0000:41:1f.7");
        assertThat(address.deviceId()).isEqualTo(0x41FF);
        assertThat(PciAddress.of(3, 0x4100)).hasToString("0003:41:00.0");
        assertThat(PciAddress.parse("0001:41:00.0")).contains(new PciAddress(1, 0x41, 0, 0));
        assertThat(PciAddress.parse("41:20.0")).isEmpty();
        assertThat(PciAddress.parse("41:00.8")).isEmpty();
    }
}
