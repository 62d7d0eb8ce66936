package org.iorewind.model.platform.vmm.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.iorewind.model.platform.vmm.topology.CommandLine.Irqchip;
import org.iorewind.model.platform.vmm.topology.CommandLine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineReaderTest {

    @Test
    void aCommandLineOverSeveralLinesIsReadAsAShellWould() {
        CommandLine line = CommandLineReader.read("""
                qemu-system-x86_64 -enable-kvm -cpu host -smp 8 -machine q35,kernel-irqchip=split -m 4G \\
                  -object iommufd,id=fd0 -object memory-backend-ram,id=m,size=1G \\
                  --device 'edu,id=a' -device "virtio-net-pci" \\
                """);

        assertThat(line.machine()).isEqualTo(new Machine("q35", true, Irqchip.SPLIT));
        assertThat(line.machine().isQ35()).isTrue();
        assertThat(line.iommufds()).containsExactly("fd0");
        assertThat(line.devices()).extracting(DeviceOption::text).containsExactly("edu,id=a", "virtio-net-pci");
        assertThat(line.hasDisplay()).isTrue();
        assertThat(line.hasNetwork()).isTrue();
    }

    /** As seen on QEMU 7.2 by query-pci. */
    @ParameterizedTest
    @CsvSource({
        "'', true, true",
        "-nodefaults, false, false",
        "-vga none, false, true",
        "-nodefaults -vga std, true, false",
        "-net none, true, false",
        "-nic none, true, false",
        "'-netdev user,id=n', true, false",
        "-device virtio-vga, false, true",
        "-display none, true, true"
    })
    void whatIsAddedUnasked(String options, boolean hasDisplay, boolean hasNetwork) {
        CommandLine line = CommandLineReader.read("qemu " + options);

        assertThat(line.hasDisplay()).isEqualTo(hasDisplay);
        assertThat(line.hasNetwork()).isEqualTo(hasNetwork);
    }

    @ParameterizedTest
    @CsvSource({
        "'-M pc-q35-7.2', true, false, ON",
        "'-machine type=q35,accel=kvm:tcg,kernel_irqchip=off', true, true, OFF",
        "'-machine pc -accel kvm', false, true, ON",
        "'-accel tcg', true, false, ON",
        "'-machine q35,kernel-irqchip=on,accel=tcg', true, false, ON"
    })
    void machinesDiffer(String options, boolean isQ35, boolean isAccelerated, Irqchip irqchip) {
        Machine machine = CommandLineReader.read(options).machine();

        assertThat(machine.isQ35()).isEqualTo(isQ35);
        assertThat(machine.isAccelerated()).isEqualTo(isAccelerated);
        assertThat(machine.irqchip()).isEqualTo(irqchip);
        assertThat(machine.isIrqchipInKernel()).isEqualTo(isAccelerated && irqchip == Irqchip.ON);
    }

    @Test
    void aBackslashWithinAWordAndAQuoteOfTheOtherKindAreCharacters() {
        CommandLine line = CommandLineReader.read("-device 'edu,x-a=\"b c\"' -device edu,x-path=a\\b -device\tedu\\");

        assertThat(line.devices())
                .extracting(DeviceOption::text)
                .containsExactly("edu,x-a=\"b c\"", "edu,x-path=a\\b", "edu");
    }

    @Test
    void anOptionWithoutItsArgumentIsRefused() {
        assertThatThrownBy(() -> CommandLineReader.read("-device")).hasMessageContaining("MALFORMED_OPTION");
        assertThatThrownBy(() -> CommandLineReader.read("-device -nodefaults"))
                .hasMessageContaining("MALFORMED_OPTION");
        assertThatThrownBy(() -> CommandLineReader.read("-object iommufd")).hasMessageContaining("id=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-device 'edu", "-device \"edu"})
    void anOpenQuoteIsRefused(String text) {
        assertThatThrownBy(() -> CommandLineReader.read(text)).hasMessageContaining("a closing");
    }

    @Test
    void anUnknownInterruptControllerIsRefused() {
        assertThatThrownBy(() -> CommandLineReader.read("-machine q35,kernel-irqchip=maybe"))
                .hasMessageContaining("on, split or off");
    }
}
