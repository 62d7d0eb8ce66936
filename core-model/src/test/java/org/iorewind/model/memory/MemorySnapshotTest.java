package org.iorewind.model.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.model.StateHasher;
import org.junit.jupiter.api.Test;

class MemorySnapshotTest {
    private final SparseMemory memory = SparseMemory.recordedOnly();

    /** Writes down what a visitor is shown. */
    private static final class Pages implements MemorySnapshot.PageVisitor {
        final List<MemoryPage> shown = new ArrayList<>();
        final List<Long> absent = new ArrayList<>();

        @Override
        public void page(MemoryPage page) {
            shown.add(page);
        }

        @Override
        public void absent(long number) {
            absent.add(number);
        }

        List<Long> numbers() {
            return shown.stream().map(MemoryPage::number).toList();
        }
    }

    static long hash(SparseMemory memory) {
        StateHasher hasher = new StateHasher();
        memory.hashInto(hasher);
        return hasher.value();
    }

    private static Pages difference(MemorySnapshot older, MemorySnapshot newer) {
        Pages pages = new Pages();
        newer.forEachDifference(older, pages);
        return pages;
    }

    @Test
    void aSnapshotKeepsWhatWasThere() {
        memory.writeLong(0x1000, 1);
        memory.writeByte(0x2000, (byte) 2);
        MemorySnapshot snapshot = memory.snapshot();
        memory.writeLong(0x1000, 9);
        memory.writeLong(0x2000, 9);
        memory.writeLong(0x3000, 9);
        assertThat(snapshot.peek(0x1000)).isEqualTo(1);
        assertThat(snapshot.peek(0x2000)).isEqualTo(2);
        assertThat(snapshot.isRecorded(0x1000)).isTrue();
        assertThat(snapshot.isRecorded(0x2000)).isFalse();
        assertThat(snapshot.isRecorded(0x3000)).isFalse();
        assertThat(snapshot.pageCount()).isEqualTo(2);
        assertThat(memory.peek(0x1000)).isEqualTo(9);
    }

    @Test
    void restoringTakesContentsFailuresAndTheCountOfRefusalsBack() {
        SparseMemory small = SparseMemory.recordedOnly(1);
        small.writeLong(0x1000, 1);
        small.writeLong(0x2000, 1);
        small.injectFailure(0x1008, 8, MemoryStatus.POISON);
        small.failAccess(MemoryAccess.LOAD, 0x1000, 8, MemoryStatus.ABORT, 1, 1);
        long hash = hash(small);
        MemorySnapshot snapshot = small.snapshot();
        assertThat(small.load(0x1000, 1)).isEqualTo(MemoryStatus.OK);
        assertThat(small.load(0x1000, 1)).isEqualTo(MemoryStatus.ABORT);
        small.heal(0, Long.MAX_VALUE);
        small.writeLong(0x1000, 5);
        small.writeLong(0x2000, 5);
        small.restore(snapshot);
        assertThat(hash(small)).isEqualTo(hash);
        assertThat(small.refusedWrites()).isOne();
        assertThat(small.peek(0x1000)).isOne();
        assertThat(small.load(0x1008, 1)).isEqualTo(MemoryStatus.POISON);
        assertThat(small.load(0x1000, 1)).isEqualTo(MemoryStatus.OK);
        assertThat(small.load(0x1000, 1)).isEqualTo(MemoryStatus.ABORT);
        assertThat(small.load(0x1000, 1)).isEqualTo(MemoryStatus.OK);
        small.restore(snapshot);
        assertThat(hash(small)).isEqualTo(hash);
    }

    @Test
    void aFailureInjectedAfterASnapshotIsNotPartOfIt() {
        MemorySnapshot snapshot = memory.snapshot();
        memory.failAccess(MemoryAccess.STORE, 0, 8, MemoryStatus.ABORT, 0, 1);
        memory.injectFailure(0x8000, 8, MemoryStatus.ABORT);
        memory.restore(snapshot);
        assertThat(memory.store(0, 1)).isEqualTo(MemoryStatus.OK);
        assertThat(memory.store(0x8000, 1)).isEqualTo(MemoryStatus.OK);
    }

    @Test
    void snapshotsShareThePagesInWhichTheyAgree() {
        for (long page = 0; page < 100; page++) {
            memory.writeLong(page << 12, page);
        }
        MemorySnapshot first = memory.snapshot();
        memory.writeLong(0x7000, -1);
        MemorySnapshot second = memory.snapshot();
        Pages before = new Pages();
        first.forEachPage(before);
        Pages after = new Pages();
        second.forEachPage(after);
        assertThat(before.numbers()).hasSize(100).isSorted().isEqualTo(after.numbers());
        for (int i = 0; i < 100; i++) {
            assertThat(after.shown.get(i) == before.shown.get(i)).isEqualTo(i != 7);
        }
    }

    @Test
    void onlyPagesThatReadDifferentlyAreShown() {
        SparseMemory ram = SparseMemory.zeroFilled();
        ram.writeLong(0x1000, 1);
        ram.writeLong(0x2000, 2);
        ram.writeLong(0x3000, 3);
        ram.writeLong(0x4000, 0);
        MemorySnapshot older = ram.snapshot();
        ram.writeLong(0x1000, 1);
        ram.writeLong(0x2000, 7);
        ram.writeLong(0x3000, 0);
        ram.writeLong(0x5000, 0);
        ram.writeLong(0xFFFF_FFFF_FFFF_F000L, 6);
        MemorySnapshot newer = ram.snapshot();
        Pages forth = difference(older, newer);
        assertThat(forth.numbers()).containsExactly(2L, 0xF_FFFF_FFFF_FFFFL);
        assertThat(forth.absent).containsExactly(3L);
        assertThat(forth.shown.get(0).word(0)).isEqualTo(7);
        assertThat(forth.shown.get(0).knownBytes(5)).isEqualTo(MemoryPage.ALL_BYTES);
        Pages back = difference(newer, older);
        assertThat(back.numbers()).containsExactly(2L, 3L);
        assertThat(back.absent).containsExactly(0xF_FFFF_FFFF_FFFFL);
        assertThat(difference(older, older).shown).isEmpty();
    }

    @Test
    void anotherMemoryGoesOnFromASnapshotWithoutDisturbingTheFirst() {
        memory.writeLong(0x1000, 1);
        MemorySnapshot snapshot = memory.snapshot();
        SparseMemory other = SparseMemory.recordedOnly();
        other.writeLong(0x9000, 4);
        other.restore(snapshot);
        assertThat(hash(other)).isEqualTo(hash(memory));
        assertThat(other.isRecorded(0x9000)).isFalse();
        other.writeLong(0x1000, 2);
        memory.writeLong(0x1008, 3);
        assertThat(memory.peek(0x1000)).isOne();
        assertThat(other.peek(0x1008)).isZero();
        assertThat(snapshot.peek(0x1000)).isOne();
        assertThat(snapshot.peek(0x1008)).isZero();
    }

    @Test
    void aSnapshotIsReadWhileTheMemoryGoesOn() {
        for (long page = 0; page < 200; page++) {
            memory.writeLong(page << 12, page);
        }
        MemorySnapshot snapshot = memory.snapshot();
        CompletableFuture<Long> read = CompletableFuture.supplyAsync(() -> {
            SparseMemory other = SparseMemory.recordedOnly();
            long sum = 0;
            for (int round = 0; round < 50; round++) {
                other.restore(snapshot);
                other.writeLong(round << 12, -1);
                for (long page = 0; page < 200; page++) {
                    sum += snapshot.peek(page << 12);
                }
            }
            return sum;
        });
        for (int round = 0; round < 50; round++) {
            for (long page = 0; page < 200; page++) {
                memory.writeLong(page << 12, round);
            }
            MemorySnapshot newer = memory.snapshot();
            assertThat(difference(snapshot, newer).numbers()).hasSize(199);
        }
        assertThat(read.join()).isEqualTo(50 * 199 * 100);
    }

    @Test
    void pagesTravelInWordsAndBytes() {
        memory.writeLong(0x1000, 1);
        memory.writeByte(0x1009, (byte) 2);
        MemorySnapshot snapshot = memory.snapshot();
        SparseMemory other = SparseMemory.recordedOnly();
        Pages pages = new Pages();
        snapshot.forEachPage(pages);
        for (MemoryPage page : pages.shown) {
            long[] words = new long[MemoryPage.QUADWORDS];
            byte[] known = new byte[MemoryPage.QUADWORDS];
            for (int i = 0; i < MemoryPage.QUADWORDS; i++) {
                words[i] = page.word(i) | (i == 1 ? 0xFF : 0);
                known[i] = (byte) page.knownBytes(i);
            }
            assertThat(other.importPage(page.number(), words, known)).isTrue();
        }
        assertThat(hash(other)).isEqualTo(hash(memory));
        assertThat(other.peek(0x1008)).isEqualTo(0x200);
        assertThat(other.isRecorded(0x1008)).isFalse();
        other.removePage(1);
        other.removePage(1);
        assertThat(hash(other)).isEqualTo(hash(SparseMemory.recordedOnly()));
        assertThat(difference(snapshot, other.snapshot()).absent).containsExactly(1L);
    }

    @Test
    void ramTakesUnknownBytesForZero() {
        SparseMemory ram = SparseMemory.zeroFilled();
        long[] words = new long[MemoryPage.QUADWORDS];
        byte[] known = new byte[MemoryPage.QUADWORDS];
        words[0] = -1;
        known[0] = 1;
        assertThat(ram.importPage(3, words, known)).isTrue();
        assertThat(ram.load(0x3000, 2)).isEqualTo(MemoryStatus.OK);
        assertThat(ram.word(0)).isEqualTo(0xFF);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        MemorySnapshot ram = SparseMemory.zeroFilled().snapshot();
        MemorySnapshot recorded = memory.snapshot();
        assertThatThrownBy(() -> memory.restore(ram)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ram.forEachDifference(recorded, new Pages()))
                .isInstanceOf(IllegalArgumentException.class);
        memory.writeLong(0, 1);
        memory.writeLong(0x1000, 1);
        MemorySnapshot two = memory.snapshot();
        SparseMemory one = SparseMemory.recordedOnly(1);
        assertThatThrownBy(() -> one.restore(two)).isInstanceOf(IllegalArgumentException.class);
        long[] words = new long[MemoryPage.QUADWORDS];
        byte[] known = new byte[MemoryPage.QUADWORDS];
        assertThat(one.importPage(1, words, known)).isTrue();
        assertThat(one.importPage(2, words, known)).isFalse();
        assertThatThrownBy(() -> one.importPage(1, new long[1], known)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> one.importPage(1, words, new byte[1])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSnapshotAnswersForWhatWasNeverWritten() {
        SparseMemory ram = SparseMemory.zeroFilled();
        ram.writeLong(0x1000, 1);
        memory.writeLong(0x1000, 1);
        for (MemorySnapshot snapshot : List.of(ram.snapshot(), memory.snapshot())) {
            assertThat(snapshot.peek(0x1008)).isZero();
            assertThat(snapshot.peek(0x5000)).isZero();
            assertThat(snapshot.isRecorded(0x1000)).isTrue();
            assertThat(snapshot.isRecorded(0x1008)).isEqualTo(snapshot.isRam());
            assertThat(snapshot.isRecorded(0x5000)).isEqualTo(snapshot.isRam());
        }
    }

    @Test
    void longRunsOfBytesReadLikeTheSameBytesOneByOne() {
        byte[] bytes = new byte[100];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i + 1);
        }
        SparseMemory single = SparseMemory.recordedOnly();
        memory.write(0x1FC5, new UnsafeBuffer(bytes), 0, bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            single.writeByte(0x1FC5 + i, bytes[i]);
        }
        for (long at = 0x1FC0; at < 0x2030; at += 8) {
            assertThat(memory.peek(at)).isEqualTo(single.peek(at));
            assertThat(memory.isRecorded(at)).isEqualTo(single.isRecorded(at));
        }
    }
}
