package org.iorewind.record.qemulog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineParserTest {
    private final LineParser parser = new LineParser();

    @Test
    void qemu11StampIsUtcWithMicroseconds() {
        LogLine line =
                parser.parse("2026-11-22T14:42:53.405539Z amdvi_cache_update  update iotlb domid 0x2 devid: 00:02.0"
                        + " gpa 0xffffe000 hpa 0x10aa2000");
        assertThat(line.type).isEqualTo(LogLine.Type.EVENT);
        assertThat(line.event).isEqualTo(QemuEvent.CACHE_UPDATE);
        assertThat(line.unixNs).isEqualTo(1_795_358_573_405_539_000L);
        assertThat(line.values[0]).isEqualTo(2);
        assertThat(line.requester(1)).isEqualTo(0x10);
        assertThat(line.values[4]).isEqualTo(0xffffe000L);
        assertThat(line.values[5]).isEqualTo(0x10aa2000L);
    }

    @Test
    void aStampOnAWholeSecondHasNoFraction() {
        LogLine line = parser.parse(
                "2026-11-22T14:42:56Z amdvi_translation_result devid: 00:05.0 gpa 0xfffffaf0 hpa 0x1093a000");
        assertThat(line.event).isEqualTo(QemuEvent.TRANSLATION_RESULT);
        assertThat(line.unixNs).isEqualTo(1_795_358_576_000_000_000L);
    }

    @Test
    void qemu10StampHasThreadAndSeconds() {
        LogLine line = parser.parse(
                "17160@1795358786.057986:amdvi_translation_result devid: 00:02.0 gpa 0xffffe000" + " hpa 0x16d82000");
        assertThat(line.thread).isEqualTo(17160);
        assertThat(line.unixNs).isEqualTo(1_795_358_786_057_986_000L);
        assertThat(line.event).isEqualTo(QemuEvent.TRANSLATION_RESULT);
    }

    @Test
    void withoutStampTheTimeIsUnknown() {
        LogLine line = parser.parse("amdvi_iotlb_reset IOTLB exceed size limit - reset ");
        assertThat(line.event).isEqualTo(QemuEvent.IOTLB_RESET);
        assertThat(line.unixNs).isEqualTo(LogLine.UNKNOWN);
    }

    @Test
    void transcriptLinesCarryTheEventBehindT() {
        LogLine line = parser.parse("T amdvi_mmio_read AMDVI_MMIO_STATUS read addr 0x2020, size 8 offset 0x2020");
        assertThat(line.event).isEqualTo(QemuEvent.MMIO_READ);
        assertThat(line.values).startsWith(0x2020L, 8L, 0x2020L);
    }

    @Test
    void allOnesAreRead() {
        LogLine line = parser.parse(
                "amdvi_mmio_write AMDVI_MMIO_CONTROL write addr 0x18, size 8, val 0xffffffffffffffff, offset 0x0");
        assertThat(line.values).startsWith(0x18L, 8L, -1L, 0L);
    }

    @Test
    void annotationsAreKeptApart() {
        LogLine line =
                parser.parse("amdvi_command_exec command buffer head at 0xa00 command buffer tail at 0xa10 command"
                        + " buffer base at 0x11e6000 | cmd=3000000200000000,00000000fffdf002");
        assertThat(line.event).isEqualTo(QemuEvent.COMMAND_EXEC);
        assertThat(line.annotation).isEqualTo("cmd=3000000200000000,00000000fffdf002");
    }

    @Test
    void anUnknownEventOfOursIsUnparsed() {
        assertThat(parser.parse("amdvi_new_thing value 0x1").type).isEqualTo(LogLine.Type.UNPARSED);
    }

    @Test
    void aKnownEventWithOtherArgumentsIsUnparsed() {
        assertThat(parser.parse("amdvi_page_fault error: something else").type).isEqualTo(LogLine.Type.UNPARSED);
    }

    @Test
    void twoLinesGluedTogetherAreUnparsed() {
        assertThat(parser.parse("garbage amdvi_all_inval Invalidation").type).isEqualTo(LogLine.Type.UNPARSED);
    }

    @Test
    void otherEventsAreNamed() {
        LogLine line = parser.parse("2026-11-22T14:42:53.405539Z vtd_reg_write addr 0x18 value 0x0");
        assertThat(line.type).isEqualTo(LogLine.Type.OTHER);
        assertThat(line.label).isEqualTo("vtd_reg_write");
    }

    @Test
    void errorReportsOfQemuAreOtherText() {
        LogLine line =
                parser.parse("2026-11-22T14:44:58.703997Z qemu-system-x86_64: Guest says index 65430 is available");
        assertThat(line.type).isEqualTo(LogLine.Type.OTHER);
        assertThat(line.label).isEqualTo("other text");
    }
}
