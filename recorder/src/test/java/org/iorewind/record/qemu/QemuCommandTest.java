package org.iorewind.record.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class QemuCommandTest {
    private static QemuCommand command(String words) {
        return QemuCommand.of(List.of(words.split(" ")));
    }

    @Test
    void whatStandsBeforeQemusNameStartsItToo() {
        QemuCommand command = command("taskset 2 /opt/qemu/bin/qemu-system-x86_64 -M q35");
        assertThat(command.program()).containsExactly("taskset", "2", "/opt/qemu/bin/qemu-system-x86_64");
        assertThat(command.values("M")).containsExactly("q35");
    }

    @Test
    void aWrapperOfAnotherNameIsTheFirstWordAlone() {
        QemuCommand command = command("./start-vm.sh -m 1G");
        assertThat(command.program()).containsExactly("./start-vm.sh");
        assertThat(command.values("m")).containsExactly("1G");
    }

    @Test
    void optionsWithoutValueDoNotSwallowTheNextOne() {
        QemuCommand command =
                command("qemu-system-x86_64 -nographic -S -no-reboot -device amd-iommu --enable-kvm -m 2G");
        assertThat(command.has("S")).isTrue();
        assertThat(command.has("enable-kvm")).isTrue();
        assertThat(command.devices("amd-iommu")).hasSize(1);
        assertThat(command.values("m")).containsExactly("2G");
    }

    @Test
    void itsWordsAreThoseThatWereGiven() {
        String words = "env A=1 qemu-system-x86_64 -M q35 disk.img -nographic -append console=ttyS0 --device edu -S";
        assertThat(command(words).words()).containsExactly(words.split(" "));
    }

    @Test
    void deviceModelsAreFoundInEachOfTheirSpellings() {
        QemuCommand command = QemuCommand.of(List.of(
                "qemu-system-x86_64",
                "-device",
                "driver=amd-iommu,dma-remap=on",
                "-device",
                "{\"driver\":\"amd-iommu\",\"dma-remap\":true,\"pt\":false}"));
        assertThat(command.devices("amd-iommu")).hasSize(2).allMatch(device -> device.isOn("dma-remap"));
        assertThat(command.devices("amd-iommu").get(1).isOff("pt")).isTrue();
    }

    @Test
    void theMachinesPropertiesAreThoseSetLast() {
        QemuCommand command = command("qemu-system-x86_64 -M q35,memory-backend=a -machine accel=kvm,memory-backend=b");
        assertThat(command.machineProperty("memory-backend")).isEqualTo("b");
        assertThat(command.machineProperty("accel")).isEqualTo("kvm");
        assertThat(command.machineProperty("smm")).isNull();
    }

    @Test
    void aConsoleOnTheTerminalIsRecognised() {
        assertThat(command("qemu-system-x86_64 -nographic").usesTerminal()).isTrue();
        assertThat(command("qemu-system-x86_64 -serial mon:stdio").usesTerminal())
                .isTrue();
        assertThat(command("qemu-system-x86_64 -chardev stdio,id=a").usesTerminal())
                .isTrue();
        assertThat(command("qemu-system-x86_64 -display none -serial file:console")
                        .usesTerminal())
                .isFalse();
    }

    @Test
    void aCommaInAValueIsWrittenTwice() {
        Properties properties = Properties.of("file,path=a,,b,share=on,readonly");
        assertThat(properties.first()).isEqualTo("file");
        assertThat(properties.get("path")).isEqualTo("a,b");
        assertThat(properties.isOn("share")).isTrue();
        assertThat(properties.isOn("readonly")).isTrue();
        assertThat(properties.isOff("absent")).isFalse();
    }
}
