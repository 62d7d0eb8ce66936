package org.iorewind.model.platform.vmm.acpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.vmm.acpi.IvrsProblem.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.iorewind.model.platform.vmm.acpi.IvrsPlan.Features;
import org.iorewind.model.platform.vmm.topology.Topology;
import org.junit.jupiter.api.Test;

/** A firmware's table may be wrong in any way; each has a name (amd-iommu reference 10). */
class IvrsCheckTest {
    private static final int NO_FLAGS = 0;
    private static final IvrsEntry IOAPIC = IvrsEntry.special(IvrsDescriptor.IOAPIC, 0, 0xA0, 0);

    private static byte[] sound() {
        Topology topology = Topology.ofDevices(
                "amd-iommu,intremap=on", "amd-viommu,host=00:00.2,id=a", "vfio-pci,host=01:00.0,iommu=a");
        return IvrsWriter.write(IvrsPlan.of(topology, List.of(new Features(0x29D3, 0), new Features(0x10, 0)))
                .withTypes(0x10, 0x11, 0x40)
                .withMemory(IvrsMemory.unity(0x18, 0x7F00_0000L, 0x1000))
                .table());
    }

    private static IvrsUnit unit(int type, int deviceId, long base, IvrsEntry... entries) {
        return new IvrsUnit(type, 0x10, deviceId, 0x40, base, 0, 0, 0, 0, 0, List.of(entries));
    }

    private static IvrsTable table(IvrsUnit... units) {
        return new IvrsTable(2, IvrsDescriptor.INFO_EFR, List.of(units), List.of());
    }

    private static IvrsTable with(IvrsMemory... memory) {
        IvrsUnit unit = unit(0x11, 2, 0x4000, IOAPIC, IvrsEntry.select(0x18, 0));
        return new IvrsTable(2, IvrsDescriptor.INFO_EFR, List.of(unit), List.of(memory));
    }

    private static List<IvrsProblem> problems(IvrsTable table, int... devices) {
        return IvrsCheck.check(table, devices).stream()
                .map(IvrsFinding::problem)
                .toList();
    }

    /** Problems of the sound table after a change, with its checksum mended. */
    private static List<IvrsProblem> changed(Consumer<ByteBuffer> change) {
        byte[] bytes = sound();
        change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return problems(mended(bytes));
    }

    private static byte[] mended(byte[] bytes) {
        bytes[IvrsDescriptor.CHECKSUM] -= (byte) IvrsWriter.sum(bytes, bytes.length);
        return bytes;
    }

    private static List<IvrsProblem> problems(byte[] bytes) {
        return IvrsReader.read(bytes).findings().stream()
                .map(IvrsFinding::problem)
                .toList();
    }

    @Test
    void ourOwnTablesAreSoundAndReadAsTheyWereWritten() {
        byte[] bytes = sound();

        assertThat(IvrsCheck.check(bytes, 0x00, 0x08, 0x10, 0x18, 0xF8, 0xFA, 0xFB))
                .isEmpty();
        assertThat(IvrsWriter.write(IvrsReader.read(bytes).table())).isEqualTo(bytes);
    }

    @Test
    void everyEntryIsReadAsItWasWritten() {
        IvrsTable table = table(unit(
                0x40,
                2,
                0x4000,
                IvrsEntry.all(),
                IvrsEntry.alias(0x0310, 0x0300, 1),
                IvrsEntry.aliasStart(0x0400, 0x0300, 2),
                IvrsEntry.rangeEnd(0x04FF),
                IvrsEntry.extended(0x0500, 3, 1 << 31),
                IvrsEntry.special(IvrsDescriptor.HPET, 5, 0xA0, 0xD7),
                IvrsEntry.acpiDevice(0xA5, "AMDI0040", "\\_SB.FUR0", 0)));

        assertThat(IvrsReader.read(IvrsWriter.write(table)).table()).isEqualTo(table);
    }

    @Test
    void paddingIsPassedOver() {
        List<IvrsEntry> padded = List.of(
                new IvrsEntry(IvrsDescriptor.PAD_4, 0, 0, 0, 0, ""),
                new IvrsEntry(IvrsDescriptor.PAD_8, 0, 0, 0, 0, ""),
                IOAPIC);
        IvrsUnit unit = new IvrsUnit(0x10, 0, 2, 0x40, 0x4000, 0, 0, 0, 0, 0, padded);

        IvrsReader.Reading reading = IvrsReader.read(IvrsWriter.write(table(unit)));

        assertThat(reading.findings()).isEmpty();
        assertThat(reading.table().units().get(0).entries()).containsExactly(IOAPIC);
    }

    @Test
    void aFindingSaysWhatIsWrongAndWhatComesOfIt() {
        byte[] bytes = sound();
        bytes[IvrsDescriptor.CHECKSUM] += 1;
        int right = Byte.toUnsignedInt(sound()[IvrsDescriptor.CHECKSUM]);

        assertThat(IvrsCheck.check(bytes)).singleElement().satisfies(finding -> {
            assertThat(finding.problem()).isEqualTo(CHECKSUM);
            assertThat(finding.expected()).isEqualTo("0x" + Integer.toHexString(right));
            assertThat(finding)
                    .hasToString("CHECKSUM at byte 9: expected " + finding.expected() + ", found " + finding.found()
                            + ". Linux refuses the table: \"IVRS invalid checksum\".");
        });
    }

    @Test
    void theFormOfTheTableIsChecked() {
        assertThat(problems(new byte[0])).containsExactly(TOO_SHORT);
        assertThat(problems(new byte[47])).containsExactly(TOO_SHORT);
        assertThat(problems(Arrays.copyOf(sound(), 200))).contains(LENGTH, BLOCK_BEYOND_TABLE);
        assertThat(problems(Arrays.copyOf(sound(), sound().length + 1))).containsExactly(LENGTH);
        assertThat(changed(table -> table.put(0, (byte) 'X'))).containsExactly(SIGNATURE);
        assertThat(changed(table -> table.put(8, (byte) 3))).containsExactly(REVISION);
        assertThat(changed(table -> table.put(8, (byte) 0))).containsExactly(REVISION);
        byte[] large = new byte[IvrsReader.MOST_BYTES + 8];
        assertThat(problems(large)).contains(SIGNATURE, LENGTH, TOO_LONG);
    }

    @Test
    void theFormOfTheBlocksIsChecked() {
        assertThat(changed(table -> table.put(48, (byte) 0x12))).containsExactly(UNKNOWN_BLOCK);
        assertThat(changed(table -> table.putShort(50, (short) 3))).containsExactly(BLOCK_TOO_SHORT);
        assertThat(changed(table -> table.putShort(50, (short) 4))).contains(BLOCK_TOO_SHORT);
        assertThat(changed(table -> table.putShort(50, (short) 0x7FFF))).containsExactly(BLOCK_BEYOND_TABLE);
        byte[] longer = Arrays.copyOf(sound(), sound().length + 2);
        ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).putInt(IvrsDescriptor.LENGTH, longer.length);
        assertThat(problems(mended(longer))).containsExactly(TRAILING_BYTES);
        int memory = sound().length - IvrsDescriptor.MEMORY_BYTES;
        assertThat(changed(table -> table.putShort(memory + 2, (short) 31))).contains(BLOCK_TOO_SHORT);
    }

    @Test
    void theFormOfTheEntriesIsChecked() {
        int first = IvrsDescriptor.BLOCKS + IvrsDescriptor.UNIT_10_BYTES;
        assertThat(changed(table -> table.put(first, (byte) 0x05))).containsExactly(UNKNOWN_ENTRY);
        assertThat(changed(table -> table.put(first, (byte) 0x81))).containsExactly(UNKNOWN_ENTRY);
        byte[] bytes = IvrsWriter.write(table(unit(0x10, 2, 0x4000, IvrsEntry.select(8, 0))));
        bytes[first] = IvrsDescriptor.ALIAS;
        assertThat(problems(mended(bytes))).containsExactly(ENTRY_BEYOND_BLOCK);
        bytes[first] = (byte) IvrsDescriptor.ACPI_DEVICE;
        assertThat(problems(mended(bytes))).containsExactly(ENTRY_BEYOND_BLOCK);
        byte[] named = IvrsWriter.write(table(unit(0x40, 2, 0x4000, IvrsEntry.acpiDevice(8, "AMDI0040", "A", 0))));
        named[IvrsDescriptor.BLOCKS + IvrsDescriptor.UNIT_40_BYTES + 21]++;
        assertThat(problems(mended(named))).containsExactly(ENTRY_BEYOND_BLOCK);
    }

    @Test
    void unitsAreChecked() {
        assertThat(problems(table())).containsExactly(NO_UNIT);
        assertThat(problems(new IvrsTable(1, 1, List.of(unit(0x40, 2, 0x4000, IOAPIC)), List.of())))
                .containsExactly(MIXED_BLOCK_IN_FIXED_TABLE);
        assertThat(problems(table(unit(0x11, 2, 0x4000, IOAPIC), unit(0x11, 2, 0x8000))))
                .contains(UNIT_TWICE);
        assertThat(problems(table(unit(0x10, 2, 0x4000), unit(0x11, 2, 0x8000, IOAPIC))))
                .containsExactly(UNIT_DIFFERS);
        assertThat(problems(table(unit(0x10, 2, 0x4000, IOAPIC), unit(0x10, 3, 0x8000), unit(0x11, 2, 0x4000, IOAPIC))))
                .containsExactly(UNIT_LACKS_TYPE);
        assertThat(problems(table(unit(0x11, 2, 0, IOAPIC)))).containsExactly(MMIO_BASE);
        assertThat(problems(table(unit(0x11, 2, 0x4100, IOAPIC)))).containsExactly(MMIO_BASE);
        assertThat(problems(table(unit(0x11, 2, 0x4000, IOAPIC), unit(0x11, 3, 0x4000))))
                .containsExactly(MMIO_BASE);
    }

    @Test
    void featureImagesAreChecked() {
        IvrsUnit image = new IvrsUnit(0x11, 0, 2, 0x40, 0x4000, 0, 0, 0, 0x29D3, 0, List.of(IOAPIC));
        IvrsUnit other = new IvrsUnit(0x40, 0, 2, 0x40, 0x4000, 0, 0, 0, 0x29D2, 0, List.of(IOAPIC));

        assertThat(problems(table(image, other))).containsExactly(UNIT_DIFFERS);
        assertThat(problems(new IvrsTable(2, 0, List.of(image), List.of()))).containsExactly(FEATURES_NOT_ANNOUNCED);
        assertThat(IvrsCheck.checkFeatures(table(unit(0x10, 2, 0x4000), image), 2, 0x29D3, 0))
                .isEmpty();
        assertThat(IvrsCheck.checkFeatures(table(image), 3, 0, 0)).isEmpty();
        assertThat(IvrsCheck.checkFeatures(table(image), 2, 0x29D3, 8))
                .extracting(IvrsFinding::problem)
                .containsExactly(FEATURES_DIFFER);
        assertThat(IvrsCheck.checkFeatures(table(image), 2, 0x29D2, 0)).hasSize(1);
    }

    @Test
    void rangesAreChecked() {
        IvrsEntry start = IvrsEntry.rangeStart(0x100, 0);

        assertThat(problems(table(unit(0x11, 2, 0x4000, IOAPIC, start)))).containsExactly(RANGE_OPEN);
        assertThat(problems(table(unit(0x11, 2, 0x4000, IOAPIC, start, start, IvrsEntry.rangeEnd(0x1FF)))))
                .containsExactly(RANGE_OPEN);
        assertThat(problems(table(unit(0x11, 2, 0x4000, IOAPIC, IvrsEntry.rangeEnd(0x1FF)))))
                .containsExactly(RANGE_NOT_BEGUN);
        assertThat(problems(table(unit(0x11, 2, 0x4000, IOAPIC, start, IvrsEntry.rangeEnd(0xFF)))))
                .containsExactly(RANGE_REVERSED);
    }

    @Test
    void deviceSetsAreChecked() {
        IvrsUnit first = unit(0x40, 2, 0x4000, IOAPIC, IvrsEntry.select(0x100, 0), IvrsEntry.alias(0x208, 0x200, 0));

        assertThat(problems(table(first), 0x100, 0x200, 0x208, 2)).isEmpty();
        assertThat(problems(table(first), 0x101)).containsExactly(DEVICE_NOT_COVERED);
        assertThat(problems(table(first, unit(0x40, 3, 0x8000, IvrsEntry.select(0x200, 0)))))
                .containsExactly(DEVICES_OVERLAP);
        assertThat(problems(table(first, unit(0x40, 3, 0x8000, IvrsEntry.all()))))
                .containsExactly(DEVICES_OVERLAP);
        IvrsEntry ranged = IvrsEntry.aliasStart(0x300, 0x310, 0);
        assertThat(problems(
                        table(unit(0x40, 2, 0x4000, IOAPIC, ranged, IvrsEntry.rangeEnd(0x301))), 0x300, 0x301, 0x310))
                .isEmpty();
        IvrsEntry extended = IvrsEntry.extended(0x300, 0, 0);
        IvrsEntry named = IvrsEntry.acpiDevice(0xA5, "AMDI0040", "A", 0);
        assertThat(problems(table(unit(0x40, 2, 0x4000, IOAPIC, extended, named)), 0x300, 0xA5))
                .isEmpty();
        assertThat(problems(table(unit(0x11, 2, 0x4000, IOAPIC, named)))).containsExactly(ACPI_DEVICE_NOT_ALLOWED);
    }

    @Test
    void unitsOfAnotherSegmentHaveTheirOwnDevices() {
        IvrsUnit other =
                new IvrsUnit(0x11, NO_FLAGS, 2, 0x40, 0x8000, 1, 0, 0, 0, 0, List.of(IvrsEntry.select(0x100, 0)));

        assertThat(problems(table(unit(0x11, 2, 0x4000, IOAPIC, IvrsEntry.select(0x100, 0)), other)))
                .isEmpty();
        assertThat(problems(table(other), 0x100)).containsExactly(DEVICE_NOT_COVERED, NO_IOAPIC);
    }

    @Test
    void theIoapicIsLookedFor() {
        assertThat(problems(table(unit(0x11, 2, 0x4000)))).containsExactly(NO_IOAPIC);
        IvrsEntry hpet = IvrsEntry.special(IvrsDescriptor.HPET, 0, 0xA0, 0);
        assertThat(problems(table(unit(0x11, 2, 0x4000, hpet)))).containsExactly(NO_IOAPIC);
        IvrsEntry elsewhere = IvrsEntry.special(IvrsDescriptor.IOAPIC, 0, 0xF8, 0);
        assertThat(problems(table(unit(0x11, 2, 0x4000, elsewhere)))).containsExactly(NO_SOUTHBRIDGE_IOAPIC);
        assertThat(problems(table(unit(0x11, 2, 0x4000, elsewhere, IOAPIC)))).isEmpty();
    }

    @Test
    void memoryIsChecked() {
        assertThat(problems(with(IvrsMemory.unity(0x18, 0x1000, 0)))).containsExactly(MEMORY_EMPTY);
        assertThat(problems(with(IvrsMemory.unity(0x18, 0x1001, 0x1000)))).containsExactly(MEMORY_MISALIGNED);
        assertThat(problems(with(IvrsMemory.unity(0x18, 0x1000, 0xFFF)))).containsExactly(MEMORY_MISALIGNED);
        assertThat(problems(with(IvrsMemory.unity(0x18, 0x1000, 1L << 52)))).containsExactly(MEMORY_BEYOND_ADDRESSES);
        assertThat(problems(with(IvrsMemory.unity(0x18, 1L << 52, 0x1000)))).containsExactly(MEMORY_BEYOND_ADDRESSES);
        assertThat(problems(with(IvrsMemory.unity(0x18, -1, 0x1000)))).containsExactly(MEMORY_BEYOND_ADDRESSES);
        assertThat(problems(with(IvrsMemory.unity(0x18, 0x1000, -1)))).containsExactly(MEMORY_BEYOND_ADDRESSES);
        assertThat(problems(with(new IvrsMemory(0x21, 6, 0x18, 0, 0, 0x1000, 0x1000))))
                .containsExactly(MEMORY_WITHOUT_PURPOSE);
        assertThat(problems(with(IvrsMemory.unity(0x19, 0x1000, 0x1000)))).containsExactly(MEMORY_DEVICE_NOT_COVERED);
        assertThat(problems(with(IvrsMemory.unity(0x10, 0x20, 0x1000, 0x1000)))).isEmpty();
        assertThat(problems(with(IvrsMemory.unity(0x19, 0x20, 0x1000, 0x1000))))
                .containsExactly(MEMORY_DEVICE_NOT_COVERED);
        assertThat(problems(with(IvrsMemory.unity(0x10, 0x17, 0x1000, 0x1000))))
                .containsExactly(MEMORY_DEVICE_NOT_COVERED);
        assertThat(problems(with(IvrsMemory.unity(0x20, 0x18, 0x1000, 0x1000)))).containsExactly(MEMORY_RANGE_REVERSED);
        assertThat(problems(with(new IvrsMemory(0x21, 7, 0x18, 0, 3, 0x1000, 0x1000))))
                .as("a segment without a unit")
                .containsExactly(MEMORY_DEVICE_NOT_COVERED);
    }

    @Test
    void memoryIsDescribedOnce() {
        IvrsMemory unity = IvrsMemory.unity(0x18, 0x4000, 0x2000);
        IvrsMemory exclusion = IvrsMemory.exclusion(0x5000, 0x1000);
        IvrsMemory readOnly = new IvrsMemory(0x22, 3, 0x10, 0x18, 0, 0x5000, 0x1000);
        IvrsMemory elsewhere = new IvrsMemory(0x20, 3, 0, 0, 1, 0x5000, 0x1000);

        assertThat(problems(with(unity, exclusion))).containsExactly(MEMORY_CONFLICT);
        assertThat(problems(with(exclusion, unity))).containsExactly(MEMORY_CONFLICT);
        assertThat(problems(with(unity, readOnly))).containsExactly(MEMORY_CONFLICT);
        assertThat(problems(with(unity, unity))).as("the same again").isEmpty();
        assertThat(problems(with(unity, elsewhere))).as("another segment").isEmpty();
        assertThat(problems(with(unity, IvrsMemory.exclusion(0x6000, 0x1000)))).isEmpty();
        assertThat(problems(with(unity, IvrsMemory.exclusion(0x3000, 0x1000)))).isEmpty();
        assertThat(problems(with(unity, IvrsMemory.exclusion(0x5000, -1)))).containsExactly(MEMORY_BEYOND_ADDRESSES);
        assertThat(problems(with(IvrsMemory.unity(0x18, -1, 1), exclusion))).containsExactly(MEMORY_BEYOND_ADDRESSES);
        IvrsMemory lower = new IvrsMemory(0x22, 3, 0x10, 0x17, 0, 0x4000, 0x1000);
        assertThat(problems(with(unity, lower))).as("other devices").containsExactly(MEMORY_DEVICE_NOT_COVERED);
        assertThat(problems(with(lower, unity))).containsExactly(MEMORY_DEVICE_NOT_COVERED);
    }

    @Test
    void onlySoManyFindingsAreTold() {
        IvrsEntry[] ends = new IvrsEntry[1000];
        Arrays.fill(ends, IvrsEntry.rangeEnd(1));

        List<IvrsProblem> problems = problems(table(unit(0x11, 2, 0x4000, ends)));

        assertThat(problems).hasSize(257).endsWith(MORE);
    }

    @Property(tries = 2000)
    void anyBytesBehindAHeaderAreReadWithoutAnException(@ForAll @Size(max = 300) byte[] blocks) {
        byte[] bytes = Arrays.copyOf(sound(), IvrsDescriptor.BLOCKS + blocks.length);
        System.arraycopy(blocks, 0, bytes, IvrsDescriptor.BLOCKS, blocks.length);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(IvrsDescriptor.LENGTH, bytes.length);

        assertThat(IvrsCheck.check(mended(bytes), 8)).isNotNull().hasSizeLessThan(1000);
    }

    @Property(tries = 2000)
    void aSoundTableWithChangedBytesIsReadWithoutAnException(
            @ForAll @Size(min = 1, max = 6) List<Integer> places, @ForAll byte value) {
        byte[] bytes = sound();
        for (int place : places) {
            bytes[Math.floorMod(place, bytes.length)] = value;
        }

        List<IvrsFinding> findings = IvrsCheck.check(bytes, 8, 0x18);

        if (IvrsWriter.sum(bytes, bytes.length) != 0) {
            assertThat(findings).isNotEmpty();
        }
    }

    @Test
    void theLargestTableTakesBoundedWork() {
        byte[] bytes = new byte[IvrsReader.MOST_BYTES];
        ByteBuffer table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        table.putInt(0, IvrsDescriptor.SIGNATURE);
        table.putInt(IvrsDescriptor.LENGTH, bytes.length);
        for (int place = IvrsDescriptor.BLOCKS; place + 28 <= bytes.length; place += 28) {
            table.put(place, (byte) 0x10);
            table.putShort(place + 2, (short) 28);
            table.putShort(place + 4, (short) (place / 28));
            table.put(place + 24, (byte) 0x01);
        }

        assertThat(IvrsCheck.check(bytes)).hasSizeLessThan(600);
    }
}
