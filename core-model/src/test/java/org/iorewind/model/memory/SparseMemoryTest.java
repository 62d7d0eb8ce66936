package org.iorewind.model.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.model.StateHasher;
import org.junit.jupiter.api.Test;

class SparseMemoryTest {
    @Test
    void ramReadsZeroWhereNothingWasWritten() {
        SparseMemory memory = SparseMemory.zeroFilled();
        assertThat(memory.load(0x1000, 4)).isEqualTo(MemoryStatus.OK);
        assertThat(memory.word(3)).isZero();
        assertThat(memory.isRecorded(0x1000)).isTrue();
        assertThat(memory.isPageBlank(0x1000)).isFalse();
    }

    @Test
    void recordedMemoryRefusesWhatWasNotWritten() {
        SparseMemory memory = SparseMemory.recordedOnly();
        memory.writeLong(0x1000, 7);
        assertThat(memory.load(0x1000, 1)).isEqualTo(MemoryStatus.OK);
        assertThat(memory.word(0)).isEqualTo(7);
        assertThat(memory.load(0x1000, 2)).isEqualTo(MemoryStatus.NOT_RECORDED);
        assertThat(memory.load(0x9000, 1)).isEqualTo(MemoryStatus.NOT_RECORDED);
        assertThat(memory.isRecorded(0x1000)).isTrue();
        assertThat(memory.isRecorded(0x1008)).isFalse();
        assertThat(memory.isRecorded(0x9000)).isFalse();
        assertThat(memory.isPageBlank(0x1ff8)).isFalse();
        assertThat(memory.isPageBlank(0x9000)).isTrue();
    }

    @Test
    void aQuadwordWrittenInPiecesIsRecordedWithTheLastPiece() {
        SparseMemory memory = SparseMemory.recordedOnly();
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        memory.write(0x2000, bytes, 0, 7);
        assertThat(memory.load(0x2000, 1)).isEqualTo(MemoryStatus.NOT_RECORDED);
        assertThat(memory.peek(0x2000)).isEqualTo(0x0007_0605_0403_0201L);
        memory.write(0x2007, bytes, 7, 1);
        assertThat(memory.load(0x2000, 1)).isEqualTo(MemoryStatus.OK);
        assertThat(memory.word(0)).isEqualTo(0x0807_0605_0403_0201L);
    }

    @Test
    void aWriteCrossesPagesAndTheEndOfTheAddressSpace() {
        SparseMemory memory = SparseMemory.zeroFilled();
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[] {1, 2});
        memory.write(0x1FFF, bytes, 0, 2);
        memory.write(-1, bytes, 0, 2);
        assertThat(memory.peek(0x1FF8)).isEqualTo(1L << 56);
        assertThat(memory.peek(0x2000)).isEqualTo(2);
        assertThat(memory.peek(-8)).isEqualTo(1L << 56);
        assertThat(memory.peek(0)).isEqualTo(2);
        assertThat(memory.peek(0x77_0000)).isZero();
    }

    @Test
    void aWriteOutsideOfTheSourceIsRefused() {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[4]);
        assertThatThrownBy(() -> SparseMemory.zeroFilled().write(0, bytes, 2, 3))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void anInjectedFailureStopsLoadsAndStoresUntilHealed() {
        SparseMemory memory = SparseMemory.zeroFilled();
        memory.injectFailure(0x1008, 8, MemoryStatus.POISON);
        assertThat(memory.load(0x1000, 1)).isEqualTo(MemoryStatus.OK);
        assertThat(memory.load(0x1000, 2)).isEqualTo(MemoryStatus.POISON);
        assertThat(memory.store(0x1008, 1)).isEqualTo(MemoryStatus.POISON);
        memory.writeLong(0x1008, 5);
        memory.heal(0x1008, 8);
        assertThat(memory.load(0x1008, 1)).isEqualTo(MemoryStatus.OK);
        assertThat(memory.word(0)).isEqualTo(5);
        assertThat(memory.store(0x1008, 1)).isEqualTo(MemoryStatus.OK);
    }

    @Test
    void healingTheMiddleLeavesBothEndsFailing() {
        SparseMemory memory = SparseMemory.zeroFilled();
        memory.injectFailure(0x1000, 0x3000, MemoryStatus.ABORT);
        memory.heal(0x2000, 0x1000);
        assertThat(memory.load(0x1000, 1)).isEqualTo(MemoryStatus.ABORT);
        assertThat(memory.load(0x2000, 1)).isEqualTo(MemoryStatus.OK);
        assertThat(memory.load(0x3000, 1)).isEqualTo(MemoryStatus.ABORT);
    }

    @Test
    void aFailureReachesTheEndOfTheAddressSpace() {
        SparseMemory memory = SparseMemory.zeroFilled();
        memory.injectFailure(0x1000, Long.MAX_VALUE, MemoryStatus.ABORT);
        memory.injectFailure(0x7FFF_FFFF_FFFF_F000L, Long.MAX_VALUE, MemoryStatus.POISON);
        memory.injectFailure(-16, 100, MemoryStatus.ABORT);
        assertThat(memory.load(-8, 1)).isEqualTo(MemoryStatus.ABORT);
        assertThat(memory.load(0x7FFF_FFFF_FFFF_F000L, 1)).isEqualTo(MemoryStatus.POISON);
        assertThat(memory.load(0, 1)).isEqualTo(MemoryStatus.OK);
    }

    @Test
    void onlyRealFailuresCanBeInjected() {
        SparseMemory memory = SparseMemory.zeroFilled();
        assertThatThrownBy(() -> memory.injectFailure(0, 8, MemoryStatus.OK))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.injectFailure(0, 0, MemoryStatus.ABORT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theHashDependsOnContentsNotOnTheWayThere() {
        SparseMemory one = SparseMemory.zeroFilled();
        one.writeLong(0x5000, 1);
        one.writeLong(0x1000, 2);
        one.writeLong(0x8000, 3);
        one.writeLong(0x8000, 0);
        SparseMemory other = SparseMemory.zeroFilled();
        other.writeLong(0x1000, 2);
        hash(other);
        other.writeLong(0x5000, 9);
        hash(other);
        other.writeLong(0x5000, 1);
        assertThat(hash(one)).isEqualTo(hash(other));
        other.writeLong(0x5008, 1);
        assertThat(hash(one)).isNotEqualTo(hash(other));
    }

    @Test
    void theHashTellsWhatIsRecordedAndWhatFails() {
        SparseMemory one = SparseMemory.recordedOnly();
        SparseMemory other = SparseMemory.recordedOnly();
        one.writeLong(0x1000, 0);
        assertThat(hash(one)).isNotEqualTo(hash(other));
        other.writeByte(0x1000, (byte) 0);
        assertThat(hash(one)).isNotEqualTo(hash(other));
        other.writeLong(0x1000, 0);
        assertThat(hash(one)).isEqualTo(hash(other));
        one.injectFailure(0, 8, MemoryStatus.ABORT);
        assertThat(hash(one)).isNotEqualTo(hash(other));
        other.injectFailure(0, 8, MemoryStatus.POISON);
        assertThat(hash(one)).isNotEqualTo(hash(other));
    }

    private static long hash(SparseMemory memory) {
        StateHasher hasher = new StateHasher();
        memory.hashInto(hasher);
        return hasher.value();
    }

    @Test
    void aRecordingsMemoryIsBoundedAndSaysWhatItRefused() {
        SparseMemory memory = SparseMemory.recordedOnly(2);
        memory.writeLong(0x1000, 1);
        memory.writeLong(0x2000, 2);
        memory.writeLong(0x3000, 3);
        memory.writeByte(0x3000, (byte) 3);
        memory.writeLong(0x1008, 4);
        assertThat(memory.refusedWrites()).isEqualTo(2);
        assertThat(memory.load(0x3000, 1)).isEqualTo(MemoryStatus.NOT_RECORDED);
        assertThat(memory.peek(0x1008)).isEqualTo(4);
    }

    @Test
    void aWriteTellsWhetherAllOfItWasKept() {
        SparseMemory memory = SparseMemory.recordedOnly(1);
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[16]);
        assertThat(memory.write(0x1FF0, bytes, 0, 16)).isTrue();
        assertThat(memory.write(0x1FF8, bytes, 0, 16)).isFalse();
        assertThat(memory.refusedWrites()).isEqualTo(1);
        assertThat(memory.isRecorded(0x1FF8)).isTrue();
    }

    @Test
    void aLoadThatCrossesPagesReadsBoth() {
        SparseMemory memory = SparseMemory.recordedOnly();
        for (long at = 0x1FF0; at < 0x2010; at += 8) {
            memory.writeLong(at, at);
        }
        assertThat(memory.load(0x1FF0, 4)).isEqualTo(MemoryStatus.OK);
        assertThat(new long[] {memory.word(0), memory.word(1), memory.word(2), memory.word(3)})
                .containsExactly(0x1FF0, 0x1FF8, 0x2000, 0x2008);
        assertThat(memory.load(0x2FF8, 2)).isEqualTo(MemoryStatus.NOT_RECORDED);
        memory.writeLong(-8, 1);
        memory.writeLong(0, 2);
        assertThat(memory.load(-8, 2)).isEqualTo(MemoryStatus.OK);
        assertThat(memory.word(1)).isEqualTo(2);
    }

    @Property
    void failingRangesAgreeWithAnArray(@ForAll("operations") List<int[]> operations) {
        FailureRanges ranges = new FailureRanges();
        MemoryStatus[] expected = new MemoryStatus[64];
        java.util.Arrays.fill(expected, MemoryStatus.OK);
        for (int[] operation : operations) {
            int first = operation[0];
            int length = Math.min(operation[1], 64 - first);
            MemoryStatus status = switch (operation[2]) {
                case 0 -> MemoryStatus.OK;
                case 1 -> MemoryStatus.ABORT;
                default -> MemoryStatus.POISON;
            };
            if (status == MemoryStatus.OK) {
                ranges.heal(first, length);
            } else {
                ranges.inject(first, length, status);
            }
            java.util.Arrays.fill(expected, first, first + length, status);
            for (int i = 0; i < 64; i++) {
                assertThat(ranges.first(i, 1)).isEqualTo(expected[i]);
            }
        }
    }

    @Provide
    Arbitrary<List<int[]>> operations() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 63),
                        Arbitraries.integers().between(1, 40),
                        Arbitraries.integers().between(0, 2))
                .as((first, length, kind) -> new int[] {first, length, kind})
                .list()
                .ofMaxSize(12);
    }
}
