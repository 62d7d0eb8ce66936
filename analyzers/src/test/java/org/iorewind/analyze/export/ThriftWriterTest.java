package org.iorewind.analyze.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Bytes by hand from "Thrift compact protocol encoding". */
class ThriftWriterTest {
    @Test
    void fieldsAreToldByTheirDifference() {
        byte[] bytes = new ThriftWriter()
                .begin()
                .i32(1, 1)
                .i64(3, -1)
                .text(4, "a")
                .flag(6, true)
                .flag(7, false)
                .i8(8, 64)
                .end()
                .toBytes();
        assertThat(bytes).containsExactly(0x15, 2, 0x26, 1, 0x18, 1, 'a', 0x21, 0x12, 0x13, 64, 0);
    }

    @Test
    void structuresBeginToCountAgain() {
        byte[] bytes = new ThriftWriter()
                .begin()
                .struct(5)
                .i32(1, 0)
                .end()
                .i32(6, 150)
                .end()
                .toBytes();
        assertThat(bytes).containsExactly(0x5C, 0x15, 0, 0, 0x15, 0xAC, 2, 0);
    }

    @Test
    void longListsHaveTheirSizeBehind() {
        ThriftWriter thrift = new ThriftWriter()
                .begin()
                .list(1, ThriftWriter.I32, 2)
                .element(1)
                .element(-2);
        thrift.list(2, ThriftWriter.BINARY, 15);
        for (int i = 0; i < 15; i++) {
            thrift.element("");
        }
        byte[] bytes = thrift.end().toBytes();
        assertThat(bytes).startsWith(0x19, 0x25, 2, 3, 0x19, 0xF8, 15).hasSize(7 + 15 + 1);
    }
}
