package org.iorewind.trace;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.DmaRequestEncoder;
import org.iorewind.trace.sbe.MessageHeaderEncoder;
import org.iorewind.trace.schema.EventTable;

/** The frames that are made without the encoder of the schema: by both ways they are what that encoder makes. */
class DmaRequestFrameTest {
    private static final int LENGTH = 40;

    /** Keeps the last frame. */
    private static class Last implements EventAppender {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[LENGTH]);

        @Override
        public long append(DirectBuffer buffer, int offset, int lengthBytes) {
            assertThat(lengthBytes).isEqualTo(LENGTH);
            frame.putBytes(0, buffer, offset, lengthBytes);
            return 0;
        }

        @Override
        public void close() {}
    }

    /** Takes words only. */
    private static final class LastOfWords extends Last implements WordAppender {
        @Override
        public long append(DirectBuffer buffer, int offset, int lengthBytes) {
            throw new AssertionError("expected words");
        }

        @Override
        public long append(long header, long timeNs, long word2, long word3, long word4) {
            long[] words = {header, timeNs, word2, word3, word4};
            for (int i = 0; i < words.length; i++) {
                frame.putLong(i * Long.BYTES, words[i], LITTLE_ENDIAN);
            }
            return 0;
        }
    }

    private static String hex(UnsafeBuffer frame) {
        return HexFormat.of().formatHex(frame.byteArray(), 0, LENGTH);
    }

    @Property
    void theFrameIsWhatTheEncoderMakes(
            @ForAll long timeNs,
            @ForAll @IntRange(max = 255) int source,
            @ForAll @IntRange(max = 255) int iommu,
            @ForAll @IntRange(min = -1, max = 65_535) int guest,
            @ForAll @IntRange(max = 63) int flags,
            @ForAll @IntRange(max = 2) int access,
            @ForAll short requester,
            @ForAll long address,
            @ForAll int length,
            @ForAll int pasid) {
        UnsafeBuffer expected = new UnsafeBuffer(new byte[LENGTH]);
        MessageHeaderEncoder header = new MessageHeaderEncoder();
        DmaRequestEncoder encoder = new DmaRequestEncoder().wrapAndApplyHeader(expected, 0, header);
        int version = EventTable.standard().type(EventKind.DMA_REQUEST).version();
        header.version((short) version).frameWords(LENGTH / FrameDescriptor.ALIGNMENT);
        encoder.origin()
                .timeNs(timeNs)
                .source((short) source)
                .iommu((short) iommu)
                .guest(Math.max(guest, 0));
        int guestPresent = guest < 0 ? 0 : EventFlag.GUEST_PRESENT;
        expected.putByte(FrameDescriptor.FLAGS_OFFSET, (byte) (flags & ~EventFlag.GUEST_PRESENT | guestPresent));
        DmaAccess kind = DmaAccess.get((short) access);
        encoder.access(kind)
                .requester(requester & 0xFFFF)
                .address(address)
                .length(Integer.toUnsignedLong(length))
                .pasid(Integer.toUnsignedLong(pasid));

        for (Last last : new Last[] {new Last(), new LastOfWords()}) {
            EventWriter writer = new EventWriter(last);
            writer.at(timeNs).source(source).iommu(iommu).guest(guest).flags(flags & ~EventFlag.GUEST_PRESENT);
            writer.dmaRequest(kind, requester, address, length, pasid);
            assertThat(hex(last.frame)).isEqualTo(hex(expected));
        }
    }
}
