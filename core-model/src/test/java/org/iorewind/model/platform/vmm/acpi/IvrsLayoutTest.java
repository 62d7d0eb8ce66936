package org.iorewind.model.platform.vmm.acpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.iorewind.model.platform.vmm.acpi.IvrsPlan.Features;
import org.iorewind.model.platform.vmm.topology.Topology;
import org.junit.jupiter.api.Test;

/** The bytes of an IVRS, field by field, as amd-iommu reference 10.1 to 10.4 and amd-viommu reference 10.3 lay them out. */
class IvrsLayoutTest {
    /** EFR of an EPYC 7542 (amd-viommu reference 1.1). */
    private static final long ROME = 0x058F_77EF_2229_4ADEL;

    private static final Topology HYBRID = Topology.ofDevices(
            "amd-iommu,intremap=on",
            "amd-viommu,host=0000:00:00.2,id=viommu0",
            "vfio-pci,host=0000:01:00.0,iommu=viommu0",
            "virtio-net-pci");

    private static IvrsPlan hybrid() {
        return IvrsPlan.of(HYBRID, List.of(new Features(0x29D3, 0), new Features(ROME, 0x18)));
    }

    private static ByteBuffer bytes(IvrsPlan plan) {
        return ByteBuffer.wrap(IvrsWriter.write(plan.table())).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String hex(ByteBuffer bytes, int from, int count) {
        byte[] part = new byte[count];
        bytes.get(from, part);
        return HexFormat.ofDelimiter(" ").formatHex(part);
    }

    @Test
    void theHeaderHasSignatureLengthRevisionChecksumAndInfo() {
        ByteBuffer table = bytes(hybrid());

        assertThat(hex(table, 0, 4)).isEqualTo("49 56 52 53"); // IVRS
        assertThat(table.getInt(4)).isEqualTo(table.capacity());
        assertThat(table.get(8)).isEqualTo((byte) 1);
        byte sum = 0;
        for (byte value : table.array()) {
            sum += value;
        }
        assertThat(sum).isZero();
        assertThat(table.getInt(36)).as("EFRSup and a PASize of 40 bits").isEqualTo(0x2801);
        assertThat(table.getLong(40)).isZero();
    }

    @Test
    void blocksOf10hReportFeaturesInTheirOwnLayout() {
        ByteBuffer table = bytes(hybrid().withTypes(0x10));

        assertThat(table.getInt(36)).as("no images, no EFRSup").isEqualTo(0x2800);
        // Unit 0, the software one: 5 functions (4 of the chipset, 1 virtio-net), IOAPIC, HPET.
        assertThat(hex(table, 48, 8))
                .isEqualTo("10 d0 3c 00 08 00 40 00"); // IotlbSup, PreFSup, PPRSup; 00:01.0; cap 40h
        assertThat(table.getLong(56)).isEqualTo(0xFED8_0000L);
        assertThat(hex(table, 64, 4)).isEqualTo("00 00 00 00"); // segment, info
        // 29D3h: GTSup, IASup, GASup, HESup, HATS=2, GATS=2.
        assertThat(table.getInt(68)).isEqualTo(1 << 2 | 1 << 5 | 1 << 6 | 1 << 7 | 2 << 28 | 2 << 30);
        // Unit 1: 058F_77EF_2229_4ADEh: PPRSup, XTSup, NXSup, GTSup, IASup, GASup, HATS=2, GATS=0, GLXSup=1, PASmax=15.
        assertThat(hex(table, 108, 8)).isEqualTo("10 90 1c 00 10 00 40 00");
        assertThat(table.getLong(116)).isEqualTo(0xFED8_4000L);
        assertThat(table.getInt(128)).isEqualTo(1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 5 | 1 << 6 | 15 << 8 | 2 << 30);
        assertThat(hex(table, 132, 4)).as("select 00:03.0").isEqualTo("02 18 00 00");
        assertThat(table.capacity()).isEqualTo(136);
    }

    @Test
    void blocksOf11hCarryImagesOfTheFeatureRegisters() {
        ByteBuffer table = bytes(hybrid().withTypes(0x11));

        assertThat(hex(table, 48, 8)).isEqualTo("11 10 4c 00 08 00 40 00");
        assertThat(table.getInt(68)).as("attributes").isZero();
        assertThat(table.getLong(72)).isEqualTo(0x29D3);
        assertThat(table.getLong(80)).isZero();
        assertThat(hex(table, 124, 4)).isEqualTo("11 10 2c 00");
        assertThat(table.getLong(148)).isEqualTo(ROME);
        assertThat(table.getLong(156)).isEqualTo(0x18);
        assertThat(hex(table, 164, 4)).isEqualTo("02 18 00 00");
    }

    @Test
    void blocksOf40hNeedRevision2() {
        ByteBuffer table = bytes(hybrid().withTypes(0x10, 0x11, 0x40));

        assertThat(table.get(8)).isEqualTo((byte) 2);
        assertThat(table.capacity()).isEqualTo(48 + 60 + 28 + 76 + 44 + 76 + 44);
        assertThat(hex(table, 256, 4)).isEqualTo("40 10 4c 00");
    }

    @Test
    void theSoftwareInstanceListsTheRestWithIoapicAndHpetOfTheSouthbridge() {
        ByteBuffer table = bytes(hybrid().withTypes(0x11));

        assertThat(hex(table, 88, 20))
                .as("host bridge, LPC, AHCI, SMBus, virtio-net at 00:04.0")
                .isEqualTo("02 00 00 00 02 f8 00 00 02 fa 00 00 02 fb 00 00 02 20 00 00");
        assertThat(hex(table, 108, 8)).as("IOAPIC 0 by 00:14.0").isEqualTo("48 00 00 00 00 a0 00 01");
        assertThat(hex(table, 116, 8)).as("HPET 0 by 00:14.0").isEqualTo("48 00 00 00 00 a0 00 02");
    }

    @Test
    void whereNoInstanceRemapsInterruptsNoneHasTheIoapic() {
        Topology topology = Topology.ofDevices("amd-iommu,intremap=off");

        IvrsTable table = IvrsPlan.of(topology, List.of(new Features(0, 0)))
                .withTypes(0x11)
                .table();

        assertThat(table.units().get(0).entries()).noneMatch(entry -> entry.type() == IvrsDescriptor.SPECIAL);
    }

    @Test
    void aHardwareInstanceThatRemapsInterruptsHasTheIoapicIfNoSoftwareOneDoes() {
        Topology topology = Topology.ofDevices(
                "amd-iommu,intremap=off", "amd-viommu,host=00:00.2,id=a,intremap=on", "amd-viommu,host=00:00.2,id=b");

        IvrsTable table = IvrsPlan.of(topology, List.of(new Features(0, 0), new Features(0, 0), new Features(0, 0)))
                .withTypes(0x11)
                .table();

        assertThat(table.units().get(1).entries()).hasSize(2).allMatch(entry -> entry.otherId() == 0xA0);
        assertThat(table.units().get(2).entries()).isEmpty();
    }

    @Test
    void rootBusesAreRangesAndConventionalBusesAliases() {
        Topology topology = Topology.ofDevices(
                "pcie-pci-bridge,id=b,addr=3",
                "e1000,bus=b",
                "pxb-pcie,bus_nr=0x20,id=p",
                "amd-iommu,intremap=off",
                "amd-viommu,primary-bus=p,last-bus-nr=0x2F");

        IvrsTable table = IvrsPlan.of(topology, List.of(new Features(0, 0), new Features(ROME, 0)))
                .withTypes(0x40)
                .table();

        ByteBuffer bytes = ByteBuffer.wrap(IvrsWriter.write(table)).order(ByteOrder.LITTLE_ENDIAN);
        int first = 48 + 40;
        // Host bridge, LPC, AHCI, SMBus, bridge at 00:03.0, then e1000 at 01:00.0, which is its bus's own requester.
        assertThat(hex(bytes, first + 16, 8)).isEqualTo("02 18 00 00 02 00 01 00");
        int second = 48 + table.units().get(0).bytes() + 40;
        assertThat(hex(bytes, second, 8)).as("20:00.0 to 2f:1f.7").isEqualTo("03 00 20 00 04 ff 2f 00");
    }

    @Test
    void aliasEntriesNameTheDeviceAndItsAlias() {
        Topology topology =
                Topology.ofDevices("amd-iommu,intremap=off", "pcie-pci-bridge,id=b", "e1000,bus=b", "e1000,bus=b");

        IvrsTable table = IvrsPlan.of(topology, List.of(new Features(0, 0)))
                .withTypes(0x10)
                .table();

        ByteBuffer bytes = ByteBuffer.wrap(IvrsWriter.write(table)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(hex(bytes, bytes.capacity() - 8, 8)).isEqualTo("42 08 01 00 00 00 01 00");
    }

    @Test
    void otherEntriesHaveTheirFieldsWhereTheReferenceHasThem() {
        List<IvrsEntry> entries = List.of(
                IvrsEntry.all(),
                IvrsEntry.aliasStart(0x0310, 0x0300, 0x12),
                IvrsEntry.rangeEnd(0x03FF),
                IvrsEntry.extended(0x0400, 0xD7, 1 << 31),
                IvrsEntry.acpiDevice(0x00A5, "AMDI0040", "\\_SB", 0x01));
        IvrsUnit unit = new IvrsUnit(0x40, 0, 2, 0x40, 0x1000_0000L, 0, 0, 0, 0, 0, entries);

        byte[] bytes = IvrsWriter.write(new IvrsTable(2, 0, List.of(unit), List.of()));

        ByteBuffer table = ByteBuffer.wrap(bytes);
        assertThat(hex(table, 88, 4)).isEqualTo("01 00 00 00");
        assertThat(hex(table, 92, 8)).isEqualTo("43 10 03 12 00 00 03 00");
        assertThat(hex(table, 100, 4)).isEqualTo("04 ff 03 00");
        assertThat(hex(table, 104, 8)).isEqualTo("46 00 04 d7 00 00 00 80");
        assertThat(hex(table, 112, 4)).isEqualTo("f0 a5 00 01");
        assertThat(hex(table, 116, 8)).isEqualTo("41 4d 44 49 30 30 34 30");
        assertThat(hex(table, 124, 14))
                .as("no CID; UID is text of 4")
                .isEqualTo("00 00 00 00 00 00 00 00 02 04 5c 5f 53 42");
        assertThat(bytes).hasSize(138);
    }

    @Test
    void memoryBlocksHaveStartAndLength() {
        ByteBuffer table = bytes(hybrid().withMemory(
                        IvrsMemory.unity(0x18, 0x7F00_0000L, 0x10_0000L),
                        IvrsMemory.unity(0x18, 0x20, 0x7E00_0000L, 0x1000),
                        IvrsMemory.exclusion(0x7D00_0000L, 0x2000)));

        int first = table.capacity() - 96;
        assertThat(hex(table, first, 8)).as("read, write, unity").isEqualTo("21 07 20 00 18 00 00 00");
        assertThat(table.getLong(first + 16)).isEqualTo(0x7F00_0000L);
        assertThat(table.getLong(first + 24)).isEqualTo(0x10_0000L);
        assertThat(hex(table, first + 32, 8)).isEqualTo("22 07 20 00 18 00 20 00");
        assertThat(hex(table, first + 64, 8)).as("read, write, exclusion").isEqualTo("20 0e 20 00 00 00 00 00");
    }

    @Test
    void whatCannotBeWrittenIsRefused() {
        List<IvrsEntry> many = new ArrayList<>();
        for (int i = 0; i < 0x4000; i++) {
            many.add(IvrsEntry.select(i, 0));
        }
        IvrsUnit unit = new IvrsUnit(0x10, 0, 2, 0x40, 0x4000, 0, 0, 0, 0, 0, many);
        IvrsTable table = new IvrsTable(1, 0, List.of(unit), List.of());

        assertThatThrownBy(() -> IvrsWriter.write(table)).hasMessageContaining("65535");
        assertThatThrownBy(() -> IvrsPlan.of(HYBRID, List.of())).hasMessageContaining("instances=2");
    }
}
