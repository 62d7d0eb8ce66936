package org.iorewind.trace.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.archive.ChunkDirectory.Column;
import org.iorewind.trace.archive.ChunkDirectory.Entry;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MmioSpace;
import org.junit.jupiter.api.Test;

/** What is said of the frames of a shape before one of them was made. */
class SoundFramesTest {
    private static byte[] frame(Consumer<EventWriter> event) {
        EventList events = new EventList();
        event.accept(new EventWriter(events));
        return events.frames().get(0).clone();
    }

    private static byte[] register() {
        return frame(writer -> writer.mmioWrite(MmioSpace.HOST, 8, 0x18, 1));
    }

    private static byte[] store() {
        byte[] data = {1, 2, 3, 4, 5, 6, 7, 8};
        return frame(writer ->
                writer.memoryWrite(MemoryOrigin.CPU_STORE, MemoryRegion.COMMAND_RING, 0x1000, data, 0, data.length));
    }

    private static int behindBlock(byte[] frame) {
        return FrameDescriptor.HEADER_LENGTH + frame[FrameDescriptor.BLOCK_LENGTH_OFFSET];
    }

    private static Entry fixed(byte[] template, Column... columns) {
        return new Entry(ColumnDescriptor.FORM_FIXED, 0, 2, template, List.of(columns), 0, 0);
    }

    private static Entry variable(byte[] template, int fields) {
        return new Entry(ColumnDescriptor.FORM_VARIABLE, fields, 2, template, List.of(), 16, 16);
    }

    private static Column column(int offset, int width) {
        return new Column(offset, width, ColumnDescriptor.PREDICT_NOTHING, 0, 1, 0, 0, 0, 1, 0, 0, 1);
    }

    @Test
    void framesWithoutVariableFieldsAreSoundIfOneIs() {
        byte[] template = register();
        assertThat(fixed(template).makesSoundFrames()).isTrue();
        assertThat(fixed(template, column(8, 8), column(17, 1), column(template.length - 8, 8))
                        .makesSoundFrames())
                .isTrue();
    }

    @Test
    void theLengthOfAVariableFieldMustBeTheTemplates() {
        byte[] template = store();
        int length = behindBlock(template);
        assertThat(fixed(template, column(length + 2, 4)).makesSoundFrames()).isTrue();
        assertThat(fixed(template, column(length - 1, 1)).makesSoundFrames()).isTrue();
        assertThat(fixed(template, column(length, 2)).makesSoundFrames()).isFalse();
        assertThat(fixed(template, column(length + 1, 1)).makesSoundFrames()).isFalse();
        assertThat(fixed(template, column(length - 4, 8)).makesSoundFrames()).isFalse();
    }

    @Test
    void aVariableFieldThatLeavesTheTemplateIsNotSound() {
        byte[] template = store();
        int length = behindBlock(template);
        int room = template.length - length - 2;
        template[length] = (byte) room;
        assertThat(fixed(template).makesSoundFrames()).isTrue();
        template[length] = (byte) (room + 1);
        assertThat(fixed(template).makesSoundFrames()).isFalse();
    }

    @Test
    void headersThatAreRefusedMakeNoSoundFrames() {
        byte[] ofAnotherSchema = register();
        ofAnotherSchema[FrameDescriptor.SCHEMA_ID_OFFSET]++;
        assertThat(fixed(ofAnotherSchema).makesSoundFrames()).isFalse();
        byte[] tooShort = register();
        tooShort[FrameDescriptor.BLOCK_LENGTH_OFFSET]--;
        assertThat(fixed(tooShort).makesSoundFrames()).isFalse();
        byte[] tooLong = register();
        tooLong[FrameDescriptor.BLOCK_LENGTH_OFFSET] = (byte) (tooLong.length - FrameDescriptor.HEADER_LENGTH + 1);
        assertThat(fixed(tooLong).makesSoundFrames()).isFalse();
    }

    @Test
    void framesOfVariableLengthHaveTheFieldsOfTheirType() {
        byte[] frame = store();
        byte[] template = Arrays.copyOf(frame, behindBlock(frame));
        assertThat(variable(template, 1).makesSoundFrames()).isTrue();
        assertThat(variable(template, 2).makesSoundFrames()).isFalse();
        assertThat(variable(Arrays.copyOf(frame, template.length + 1), 1).makesSoundFrames())
                .isFalse();
    }

    @Test
    void wholeFramesAreLookedAtOneByOne() {
        Entry whole = new Entry(ColumnDescriptor.FORM_WHOLE, 0, 1, new byte[0], List.of(column(0, 2)), 24, 24);
        assertThat(whole.makesSoundFrames()).isFalse();
    }
}
