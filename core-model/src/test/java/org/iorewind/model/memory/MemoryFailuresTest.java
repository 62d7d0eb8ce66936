package org.iorewind.model.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.iorewind.model.memory.MemoryStatus.ABORT;
import static org.iorewind.model.memory.MemoryStatus.OK;
import static org.iorewind.model.memory.MemoryStatus.POISON;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.StateHasher;
import org.iorewind.model.StateImage;
import org.junit.jupiter.api.Test;

/** Failures of single accesses; for ranges see {@link SparseMemoryTest}. */
class MemoryFailuresTest {
    private final SparseMemory memory = SparseMemory.zeroFilled();

    private List<MemoryStatus> loads(int times) {
        List<MemoryStatus> results = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            results.add(memory.load(0x1000, 4));
        }
        return results;
    }

    @Test
    void oneLoadFailsOnce() {
        memory.failAccess(MemoryAccess.LOAD, 0x1018, 1, POISON, 0, 1);
        assertThat(memory.load(0x1000, 3)).isEqualTo(OK);
        assertThat(memory.store(0x1018, 1)).isEqualTo(OK);
        assertThat(loads(3)).containsExactly(POISON, OK, OK);
    }

    @Test
    void theThirdAndFourthLoadFail() {
        memory.failAccess(MemoryAccess.LOAD, 0x1000, 8, ABORT, 2, 2);
        assertThat(loads(6)).containsExactly(OK, OK, ABORT, ABORT, OK, OK);
    }

    @Test
    void storesFailApartFromLoadsAndLeaveMemoryAsItWas() {
        memory.writeLong(0x1000, 1);
        memory.failAccess(MemoryAccess.STORE, 0x1000, 8, ABORT, 1, 1);
        assertThat(loads(2)).containsExactly(OK, OK);
        assertThat(memory.store(0x1000, 2)).isEqualTo(OK);
        assertThat(memory.store(0x1000, 3)).isEqualTo(ABORT);
        assertThat(memory.peek(0x1000)).isEqualTo(2);
        assertThat(memory.store(0x1000, 4)).isEqualTo(OK);
    }

    @Test
    void eachCountsForItselfAndTheOldestSpeaks() {
        memory.failAccess(MemoryAccess.LOAD, 0x1000, 8, ABORT, 1, 2);
        memory.failAccess(MemoryAccess.LOAD, 0x1000, 8, POISON, 0, 2);
        assertThat(loads(4)).containsExactly(POISON, ABORT, ABORT, OK);
    }

    @Test
    void whatARangeRefusesIsNotCounted() {
        memory.failAccess(MemoryAccess.LOAD, 0x1000, 8, POISON, 1, 1);
        memory.injectFailure(0x1000, 8, ABORT);
        assertThat(loads(2)).containsExactly(ABORT, ABORT);
        memory.injectFailure(0x1000, 8, ABORT);
        MemorySnapshot failing = memory.snapshot();
        memory.heal(0x1000, 8);
        assertThat(loads(3)).containsExactly(OK, OK, OK);
        memory.restore(failing);
        assertThat(loads(1)).containsExactly(ABORT);
    }

    @Test
    void lookingOnIsNotCountedAndChangesNothing() {
        memory.writeLong(0x1000, 6);
        memory.failAccess(MemoryAccess.LOAD, 0x1000, 8, POISON, 0, 1);
        MemoryPort observing = memory.observing();
        assertThat(observing.observing().load(0x1000, 1)).isEqualTo(OK);
        assertThat(observing.word(0)).isEqualTo(6);
        assertThat(observing.store(0x1000, 7)).isEqualTo(OK);
        assertThat(memory.peek(0x1000)).isEqualTo(6);
        assertThat(loads(2)).containsExactly(POISON, OK);
        memory.injectFailure(0x1000, 8, ABORT);
        assertThat(observing.load(0x1000, 1)).isEqualTo(ABORT);
    }

    @Test
    void whatWaitsIsPartOfTheHashAndGoesWithItsLastFailure() {
        long empty = MemorySnapshotTest.hash(memory);
        memory.failAccess(MemoryAccess.LOAD, 0x1000, 8, POISON, 1, 1);
        long waiting = MemorySnapshotTest.hash(memory);
        loads(1);
        long due = MemorySnapshotTest.hash(memory);
        loads(1);
        assertThat(List.of(empty, waiting, due)).doesNotHaveDuplicates();
        assertThat(MemorySnapshotTest.hash(memory)).isEqualTo(empty);
    }

    @Test
    void rangesThatTouchHashLikeOne() {
        memory.injectFailure(0x1000, 8, ABORT);
        memory.injectFailure(0x1010, 8, ABORT);
        memory.injectFailure(0x1008, 8, ABORT);
        SparseMemory other = SparseMemory.zeroFilled();
        other.injectFailure(0x1000, 0x18, ABORT);
        assertThat(MemorySnapshotTest.hash(memory)).isEqualTo(MemorySnapshotTest.hash(other));
        other.injectFailure(0x1008, 8, POISON);
        assertThat(MemorySnapshotTest.hash(memory)).isNotEqualTo(MemorySnapshotTest.hash(other));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> memory.failAccess(MemoryAccess.LOAD, 0, 8, OK, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.failAccess(MemoryAccess.LOAD, 0, 0, ABORT, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.failAccess(MemoryAccess.LOAD, 0, 8, ABORT, -1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.failAccess(MemoryAccess.LOAD, 0, 8, ABORT, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        for (int i = 0; i < 64; i++) {
            memory.failAccess(MemoryAccess.LOAD, 0, 8, ABORT, i, 1);
        }
        assertThatThrownBy(() -> memory.failAccess(MemoryAccess.LOAD, 0, 8, ABORT, 0, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ramHasABoundAndAStoreBeyondItAborts() {
        SparseMemory small = SparseMemory.zeroFilled(1);
        assertThat(small.store(0x1000, 1)).isEqualTo(OK);
        assertThat(small.store(0x2000, 1)).isEqualTo(ABORT);
        assertThat(small.load(0x2000, 1)).isEqualTo(OK);
        assertThat(small.refusedWrites()).isOne();
    }

    @Test
    void healingLeavesTheFailuresOfOtherRanges() {
        memory.failAccess(MemoryAccess.LOAD, 0x1000, 8, POISON, 0, 1);
        memory.failAccess(MemoryAccess.LOAD, 0x2000, 8, ABORT, 0, 1);
        memory.failAccess(MemoryAccess.LOAD, 0x3000, 8, POISON, 0, 1);
        memory.heal(0x1FF8, 16);
        assertThat(memory.load(0x2000, 1)).isEqualTo(OK);
        assertThat(memory.load(0x3000, 1)).isEqualTo(POISON);
        assertThat(memory.load(0x1000, 1)).isEqualTo(POISON);
    }

    @Test
    void failuresComeBackFromASavedSnapshot() {
        SparseMemory first = SparseMemory.recordedOnly(1);
        first.writeLong(0, 1);
        first.writeLong(0x1000, 1);
        first.injectFailure(0x2000, 8, ABORT);
        first.injectFailure(0x4000, 8, POISON);
        first.failAccess(MemoryAccess.LOAD, 0, 8, POISON, 1, 2);
        first.failAccess(MemoryAccess.STORE, 0, 8, ABORT, 0, 1);
        StateImage image = new StateImage();
        first.snapshot().saveFailuresTo(image);
        SparseMemory second = SparseMemory.recordedOnly(1);
        second.writeLong(0, 1);
        StateImage.Reader reader = image.reader();
        second.restoreFailuresFrom(reader);
        reader.expectEnd();
        assertThat(second.refusedWrites()).isOne();
        assertThat(hash(second)).isEqualTo(hash(first));
        assertThat(second.load(0x2000, 1)).isEqualTo(ABORT);
        assertThat(second.load(0x4000, 1)).isEqualTo(POISON);
        assertThat(second.store(0, 2)).isEqualTo(ABORT);
        assertThat(List.of(second.load(0, 1), second.load(0, 1), second.load(0, 1), second.load(0, 1)))
                .containsExactly(OK, POISON, POISON, OK);
        SparseMemory none = SparseMemory.recordedOnly();
        StateImage empty = new StateImage();
        none.snapshot().saveFailuresTo(empty);
        second.restoreFailuresFrom(empty.reader());
        assertThat(second.load(0x2000, 1)).isEqualTo(MemoryStatus.NOT_RECORDED);
    }

    private static long hash(SparseMemory memory) {
        StateHasher hasher = new StateHasher();
        memory.hashInto(hasher);
        return hasher.value();
    }
}
