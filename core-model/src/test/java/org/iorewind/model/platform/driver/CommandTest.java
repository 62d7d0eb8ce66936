package org.iorewind.model.platform.driver;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 3.2 and 3.3: the bits of commands that drivers send. */
class CommandTest {
    private static final AddressSpan PAGE = AddressSpan.of(0x5000, 0x1000);

    private static Command command(long quadword0, long quadword1) {
        return new Command(quadword0, quadword1);
    }

    @Test
    void completionWaitStoresItsSecondHalf() {
        assertThat(Command.completionWait(0x12_3456_7890L, 77)).isEqualTo(command(0x1000_0012_3456_7891L, 77));
    }

    @Test
    void invalidationsOfADeviceNameItInTheLowestBits() {
        assertThat(Command.invalidateDeviceEntry(0x1234)).isEqualTo(command(0x2000_0000_0000_1234L, 0));
        assertThat(Command.invalidateInterruptTable(0x1234)).isEqualTo(command(0x5000_0000_0000_1234L, 0));
        assertThat(Command.invalidateAll()).isEqualTo(command(0x8000_0000_0000_0000L, 0));
    }

    @Test
    void invalidationsOfPagesNameDomainPasidAndRange() {
        assertThat(Command.invalidatePages(0xABCD, PAGE, false)).isEqualTo(command(0x3000_ABCD_0000_0000L, 0x5000));
        assertThat(Command.invalidatePages(1, AddressSpan.EVERYTHING, true))
                .isEqualTo(command(0x3000_0001_0000_0000L, 0x7FFF_FFFF_FFFF_F003L));
        assertThat(Command.invalidateGuestPages(5, 0xABCDE, PAGE, true))
                .isEqualTo(command(0x3000_0005_000A_BCDEL, 0x5006));
        assertThat(Command.invalidateGuestPages(5, 0, PAGE, false)).isEqualTo(command(0x3000_0005_0000_0000L, 0x5004));
    }

    @Test
    void invalidationsOfADevicesCacheSplitThePasidInThree() {
        // PASID ABCDEh: 15:8 at q0[23:16], 7:0 at q0[55:48], 19:16 at q0[59:56].
        assertThat(Command.invalidateDevicePages(0x30, 32, 0xABCDE, PAGE))
                .isEqualTo(command(0x4ADE_0030_20BC_0030L, 0x5004));
        assertThat(Command.invalidateDevicePages(0x30, 32, -1, PAGE))
                .isEqualTo(command(0x4000_0030_2000_0030L, 0x5000));
    }

    @Test
    void theAnswerToAPageRequestNamesGroupAndCode() {
        assertThat(Command.completePageRequest(0x30, 0x12345, 5, 1))
                .isEqualTo(command(0x7001_2345_0000_0030L, 0x0000_1005_0000_0004L));
        assertThat(Command.completePageRequest(0x30, -1, 0x1FF, 15))
                .isEqualTo(command(0x7000_0000_0000_0030L, 0x0000_F1FF_0000_0000L));
    }

    @ParameterizedTest
    @CsvSource({
        // first, last, as reference 3.2 encodes the smallest range around them
        "5000, 5FFF, 5000",
        "5008, 5010, 5000",
        "2000, 3FFF, 2001",
        "1000, 2FFF, 1001",
        "400000, 5FFFFF, 4FF001",
        "40000000, 7FFFFFFF, 5FFFF001",
        "0, FFFFFFFF, 7FFFF001",
        "0, FFFFFFFFFFFFF, 7FFFFFFFFF001",
        "0, 10000000000000, 7FFFFFFFFFFFF001",
        "0, FFFFFFFFFFFFFFFF, 7FFFFFFFFFFFF001"
    })
    void aRangeIsTheLowestZeroBitOfItsAddress(String first, String last, String encoded) {
        AddressSpan span = new AddressSpan(Long.parseUnsignedLong(first, 16), Long.parseUnsignedLong(last, 16));
        assertThat(Long.toHexString(span.encoded())).isEqualToIgnoringCase(encoded);
    }

    @Property
    void aRangeHoldsAllItsBytesAndHalfOfItDoesNot(
            @ForAll @LongRange(min = 0, max = (1L << 51) - 1) long first,
            @ForAll @LongRange(min = 1, max = 1L << 50) long bytes) {
        AddressSpan span = AddressSpan.of(first, bytes);
        long encoded = span.encoded();
        assertThat(CommandDescriptor.rangeFirst(encoded)).isLessThanOrEqualTo(first);
        assertThat(CommandDescriptor.rangeLast(encoded)).isGreaterThanOrEqualTo(span.last());
        long half = CommandDescriptor.rangeSize(encoded) / 2;
        assertThat(half < 4096 || (first ^ span.last()) >= half).isTrue();
    }

    @Test
    void spansJoin() {
        assertThat(AddressSpan.of(0x1000, 0x1000).and(AddressSpan.of(0x5000, 0x2000)))
                .isEqualTo(new AddressSpan(0x1000, 0x6FFF));
        assertThat(AddressSpan.of(0x5000, 0x1000).and(AddressSpan.of(0x1000, 0x8000)))
                .isEqualTo(new AddressSpan(0x1000, 0x8FFF));
        assertThat(PAGE.and(AddressSpan.EVERYTHING)).isEqualTo(AddressSpan.EVERYTHING);
    }

    @Test
    void aCommandKnowsItsOpcode() {
        assertThat(Command.invalidateAll().opcode()).isEqualTo(8);
    }
}
