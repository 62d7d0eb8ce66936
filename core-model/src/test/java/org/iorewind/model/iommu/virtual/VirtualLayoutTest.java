package org.iorewind.model.iommu.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** amd-viommu reference 14.1, 14.2: the vectors computed from the layouts. */
class VirtualLayoutTest {
    @ParameterizedTest
    @CsvSource({
        "1, 0x40, 0x1000, 0x1000100000, 0x2000080000, 0x2800080000, 0x3000080000, 0x4000080000, 0x4800080000",
        "3, 0xC0, 0x3000, 0x1000300000, 0x2000180000, 0x2800180000, 0x3000180000, 0x4000180000, 0x4800180000",
        "0x1234, 0x48D00, 0x1234000, 0x1123400000, 0x2091A00000, 0x2891A00000, 0x3091A00000, 0x4091A00000, 0x4891A00000",
        "0xFFFF, 0x3FFFC0, 0xFFFF000, 0x1FFFF00000, 0x27FFF80000, 0x2FFFF80000, 0x37FFF80000, 0x47FFF80000, 0x4FFFF80000"
    })
    void everyGuestHasItsPlaces(
            String guestId,
            String control,
            String page,
            String devices,
            String domains,
            String commands,
            String pprs,
            String events,
            String eventsB) {
        int guest = Integer.decode(guestId);
        assertThat(PrivateSpaceDescriptor.registers(guest)).isEqualTo(Long.decode(control));
        assertThat(guest * GuestControlDescriptor.BYTES).isEqualTo(Integer.decode(control));
        assertThat(guest * GuestPageDescriptor.BYTES).isEqualTo(Integer.decode(page));
        assertThat(PrivateSpaceDescriptor.deviceEntry(guest, 0)).isEqualTo(Long.decode(devices));
        assertThat(PrivateSpaceDescriptor.domainEntry(guest, 0)).isEqualTo(Long.decode(domains));
        assertThat(PrivateSpaceDescriptor.slot(PrivateSpaceDescriptor.COMMAND_RINGS, guest))
                .isEqualTo(Long.decode(commands));
        assertThat(PrivateSpaceDescriptor.slot(PrivateSpaceDescriptor.PPR_LOGS, guest))
                .isEqualTo(Long.decode(pprs));
        assertThat(PrivateSpaceDescriptor.slot(PrivateSpaceDescriptor.EVENT_LOGS, guest))
                .isEqualTo(Long.decode(events));
        assertThat(PrivateSpaceDescriptor.slot(PrivateSpaceDescriptor.EVENT_LOGS_B, guest))
                .isEqualTo(Long.decode(eventsB));
    }

    @Test
    void regionsFollowEachOtherWithoutGaps() {
        assertThat(PrivateSpaceDescriptor.deviceEntry(0xFFFF, 0xFFFF) + 16)
                .isEqualTo(PrivateSpaceDescriptor.DOMAIN_MAPS);
        assertThat(PrivateSpaceDescriptor.domainEntry(0xFFFF, 0xFFFF) + 8)
                .isEqualTo(PrivateSpaceDescriptor.COMMAND_RINGS);
        assertThat(PrivateSpaceDescriptor.slot(PrivateSpaceDescriptor.PPR_LOGS, 0x1_0000))
                .isEqualTo(PrivateSpaceDescriptor.PPR_LOGS_B);
        assertThat(PrivateSpaceDescriptor.registers(0x1_0000)).isEqualTo(PrivateSpaceDescriptor.DIRTY_STATUS);
    }

    @Test
    void mapControlRegistersHaveTheirFields() {
        assertThat(MapDescriptor.control(0x0100, 0x4100, true)).isEqualTo(0x8040_0000_1040_0001L);
        assertThat(MapDescriptor.control(0x0025, 0x0300, true)).isEqualTo(0x8009_4000_00C0_0001L);
        long cleared = MapDescriptor.control(0xFFFF, 0, true);
        assertThat(cleared).isEqualTo(0xBFFF_C000_0000_0001L);
        assertThat(MapDescriptor.guestId(cleared)).isEqualTo(0xFFFF);
        assertThat(MapDescriptor.entry(cleared)).isEqualTo(1);
        assertThat(MapDescriptor.control(1, 2, false) & 1).isZero();
    }

    @Test
    void anEntryHasTheHostsIdInBits39To24() {
        long entry = MapDescriptor.entry(MapDescriptor.control(0x0100, 0x4100, true));
        assertThat(entry).isEqualTo(0x4100L << 24 | 1);
        assertThat(MapDescriptor.hostId(entry)).isEqualTo(0x4100);
        assertThat(MapDescriptor.isValid(entry)).isTrue();
        assertThat(MapDescriptor.isValid(0x4100L << 24)).isFalse();
    }

    @Test
    void controlRegistersHaveTheirFields() {
        assertThat(GuestControlDescriptor.translateDevice(0x4800_0000L)).isEqualTo(0x4800);
        assertThat(GuestControlDescriptor.length(0x1234_5309L)).isEqualTo(9);
        assertThat(0x1234_5309L & GuestControlDescriptor.ENABLE).isNotZero();
        assertThat(0x1234_5309L & GuestControlDescriptor.INTERRUPT_ENABLE).isNotZero();
        assertThat(GuestControlDescriptor.pprBase(0x1_2347_0709L)).isEqualTo(0x1234_7000L);
        assertThat(0x1_2347_0709L & GuestControlDescriptor.PPR_EN).isNotZero();
        assertThat(GuestControlDescriptor.lengthB(0x89)).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({
        "0x00, 0x3FFFC0003FFFC001",
        "0x08, 0x3FFFC0003FFFC001",
        "0x10, 0xFFFF0000",
        "0x18, 0xFFFFFFFFFF000",
        "0x20, 0xFFFFFFFFFF30F",
        "0x28, 0xFFFFFFFFFFFFF",
        "0x30, 0xFFFFFFFFFFFFFF",
        "0x38, 0xFFFFFFFFFF000"
    })
    void theSlotKeepsExactlyItsBits(String register, String mask) {
        assertThat(GuestControlDescriptor.writable(Integer.decode(register))).isEqualTo(Long.decode(mask));
    }

    @Test
    void aDeviceTableEntryNamesGuestAndGuestDevice() {
        DeviceEntry entry = new DeviceEntry();
        entry.set(0, 0, 0, 0, 0x0000_0003_0100_8000L);
        assertThat(entry.isVirtual()).isTrue();
        assertThat(entry.guest()).isEqualTo(3);
        assertThat(entry.guestDevice()).isEqualTo(0x0100);
    }

    @Test
    void hostCommandsHaveTheirFields() {
        long reset = 0xA000_0000_9000_0003L;
        assertThat(CommandDescriptor.opcode(reset)).isEqualTo(CommandDescriptor.RESET_VMMIO);
        assertThat(CommandDescriptor.resetGuest(reset)).isEqualTo(3);
        assertThat(reset & CommandDescriptor.RESET_ALL).isNotZero();
        assertThat(reset & CommandDescriptor.RESET_COMMANDS).isNotZero();
        assertThat(reset & CommandDescriptor.reserved0(CommandDescriptor.RESET_VMMIO))
                .isZero();
        long insert = 0x9000_0003_0000_0000L;
        assertThat(CommandDescriptor.opcode(insert)).isEqualTo(CommandDescriptor.INSERT_GUEST_EVENT);
        assertThat(CommandDescriptor.insertedGuest(insert)).isEqualTo(3);
    }

    @Test
    void anExtendedInterruptIsFoundInTwoLevels() {
        int number = ExtendedInterruptDescriptor.number(ExtendedInterruptDescriptor.TYPE_PPR, 0x0203);
        assertThat(number).isEqualTo(0x1_0203);
        assertThat(ExtendedInterruptDescriptor.firstAddress(0x5000, number)).isEqualTo(0x5000 + 0x102 * 8);
        assertThat(ExtendedInterruptDescriptor.secondAddress(0x6001, number)).isEqualTo(0x6000 + 3 * 16);
    }

    @Test
    void dirtyStatusHasGroupsOf32Bytes() {
        assertThat(PrivateSpaceDescriptor.dirtyQuadword(0x1234)).isEqualTo(0x40_0680);
        assertThat(PrivateSpaceDescriptor.dirtyBit(0x1234)).isEqualTo(1L << 18);
        assertThat(PrivateSpaceDescriptor.dirtyQuadword(0xFFFF)).isEqualTo(0x40_0000 + 255 * 32 + 24);
        assertThat(PrivateSpaceDescriptor.dirtyBit(0xFFFF)).isEqualTo(1L << 63);
    }
}
