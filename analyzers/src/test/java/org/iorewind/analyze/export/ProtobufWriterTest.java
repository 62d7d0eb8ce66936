package org.iorewind.analyze.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Read back by Google's implementation. */
class ProtobufWriterTest {
    @Test
    void anotherImplementationReadsEveryKindOfField() throws IOException {
        ProtobufWriter writer = new ProtobufWriter().clear();
        writer.number(8, 300).number(30, -1).fixed64(47, 0x1122_3344_5566_7788L).text(23, "näme");
        writer.begin(60)
                .number(1, Long.MIN_VALUE)
                .begin(8)
                .end()
                .text(2, "x".repeat(9_000))
                .end();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.writeTo(out);

        UnknownFieldSet fields = UnknownFieldSet.parseFrom(out.toByteArray());
        assertThat(fields.getField(8).getVarintList()).containsExactly(300L);
        assertThat(fields.getField(30).getVarintList()).containsExactly(-1L);
        assertThat(fields.getField(47).getFixed64List()).containsExactly(0x1122_3344_5566_7788L);
        assertThat(fields.getField(23).getLengthDelimitedList()).containsExactly(ByteString.copyFromUtf8("näme"));
        UnknownFieldSet inner = UnknownFieldSet.parseFrom(
                fields.getField(60).getLengthDelimitedList().get(0));
        assertThat(inner.getField(1).getVarintList()).containsExactly(Long.MIN_VALUE);
        assertThat(inner.getField(8).getLengthDelimitedList()).containsExactly(ByteString.EMPTY);
        assertThat(inner.getField(2).getLengthDelimitedList().get(0).size()).isEqualTo(9_000);
    }

    @Test
    void theBufferIsUsedAgain() throws IOException {
        ProtobufWriter writer = new ProtobufWriter().clear().number(1, 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.clear().number(2, 5).writeTo(out);
        assertThat(out.toByteArray()).containsExactly(0x10, 5);
    }
}
