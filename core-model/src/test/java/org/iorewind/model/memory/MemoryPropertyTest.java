package org.iorewind.model.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.concurrent.UnsafeBuffer;

/** Memory against a plain map from addresses to bytes, over random writes, snapshots and restores. */
class MemoryPropertyTest {
    private static final int OPERATIONS = 120;
    private static final long[] PAGES = {0, 1, 2, 0x200, 0x301, 0x8_0000_0000_0000L, 0xF_FFFF_FFFF_FFFFL};

    private record Kept(MemorySnapshot snapshot, TreeMap<Long, Byte> bytes) {}

    private static SparseMemory make(boolean isRam) {
        return isRam ? SparseMemory.zeroFilled() : SparseMemory.recordedOnly();
    }

    private static long somewhere(Random random) {
        return PAGES[random.nextInt(PAGES.length)] << 12 | random.nextInt(4) * 8L + random.nextInt(8);
    }

    private static void change(Random random, SparseMemory memory, TreeMap<Long, Byte> bytes) {
        long address = somewhere(random);
        if (random.nextInt(12) == 0) {
            long number = address >>> 12;
            memory.removePage(number);
            bytes.keySet().removeIf(at -> at >>> 12 == number);
        } else if (random.nextBoolean()) {
            byte[] data = new byte[random.nextInt(20)];
            random.nextBytes(data);
            if (random.nextBoolean()) {
                Arrays.fill(data, (byte) 0);
            }
            memory.write(address, new UnsafeBuffer(data), 0, data.length);
            for (int i = 0; i < data.length; i++) {
                bytes.put(address + i, data[i]);
            }
        } else {
            long value = random.nextBoolean() ? 0 : random.nextLong();
            memory.writeLong(address, value);
            for (int i = 0; i < 8; i++) {
                bytes.put((address & -8) + i, (byte) (value >>> 8 * i));
            }
        }
    }

    private static void expectSame(SparseMemory memory, TreeMap<Long, Byte> bytes, boolean isRam) {
        for (long page : PAGES) {
            for (long at = page << 12; at < (page << 12) + 0x40; at += 8) {
                long expected = 0;
                int known = 0;
                for (int i = 0; i < 8; i++) {
                    expected |= (bytes.getOrDefault(at + i, (byte) 0) & 0xFFL) << 8 * i;
                    known += bytes.containsKey(at + i) ? 1 : 0;
                }
                boolean isReadable = isRam || known == 8;
                assertThat(memory.peek(at)).isEqualTo(expected);
                assertThat(memory.load(at, 1)).isEqualTo(isReadable ? MemoryStatus.OK : MemoryStatus.NOT_RECORDED);
                assertThat(isReadable ? memory.word(0) : expected).isEqualTo(expected);
            }
        }
    }

    /** What a reader can tell: in RAM, zeros are like nothing. */
    private static TreeMap<Long, Byte> readable(TreeMap<Long, Byte> bytes, boolean isRam) {
        TreeMap<Long, Byte> result = new TreeMap<>(bytes);
        result.values().removeIf(value -> isRam && value == 0);
        return result;
    }

    @Property(tries = 300)
    void snapshotsAndRestoresAreLikeCopiesOfAMap(@ForAll long seed, @ForAll boolean isRam) {
        Random random = new Random(seed);
        SparseMemory memory = make(isRam);
        TreeMap<Long, Byte> bytes = new TreeMap<>();
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < OPERATIONS; i++) {
            switch (random.nextInt(8)) {
                case 0 -> kept.add(new Kept(memory.snapshot(), new TreeMap<>(bytes)));
                case 1 -> {
                    if (!kept.isEmpty()) {
                        Kept back = kept.get(random.nextInt(kept.size()));
                        memory.restore(back.snapshot);
                        bytes = new TreeMap<>(back.bytes);
                    }
                }
                case 2 -> MemorySnapshotTest.hash(memory);
                default -> change(random, memory, bytes);
            }
        }
        expectSame(memory, bytes, isRam);
        for (Kept one : kept) {
            SparseMemory other = make(isRam);
            other.restore(one.snapshot);
            expectSame(other, one.bytes, isRam);
        }
    }

    @Property(tries = 300)
    void theHashIsThatOfTheContentsWhateverLedToThem(@ForAll long seed, @ForAll boolean isRam) {
        Random random = new Random(seed);
        SparseMemory memory = make(isRam);
        TreeMap<Long, Byte> bytes = new TreeMap<>();
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            change(random, memory, bytes);
            kept.add(new Kept(memory.snapshot(), new TreeMap<>(bytes)));
        }
        memory.restore(kept.get(random.nextInt(kept.size())).snapshot);
        for (Kept one : kept) {
            memory.restore(one.snapshot);
            SparseMemory plain = make(isRam);
            one.bytes.descendingMap().forEach(plain::writeByte);
            assertThat(MemorySnapshotTest.hash(plain)).isEqualTo(MemorySnapshotTest.hash(memory));
        }
        for (int i = 1; i < kept.size(); i++) {
            SparseMemory one = make(isRam);
            one.restore(kept.get(i - 1).snapshot);
            SparseMemory other = make(isRam);
            other.restore(kept.get(i).snapshot);
            boolean isSame = readable(kept.get(i - 1).bytes, isRam).equals(readable(kept.get(i).bytes, isRam));
            assertThat(MemorySnapshotTest.hash(one) == MemorySnapshotTest.hash(other))
                    .isEqualTo(isSame);
        }
    }

    @Property(tries = 300)
    void differencesLeadFromAnySnapshotToAnyOther(@ForAll long seed, @ForAll boolean isRam) {
        Random random = new Random(seed);
        SparseMemory memory = make(isRam);
        TreeMap<Long, Byte> bytes = new TreeMap<>();
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < OPERATIONS; i++) {
            change(random, memory, bytes);
            if (random.nextInt(10) == 0) {
                kept.add(new Kept(memory.snapshot(), new TreeMap<>(bytes)));
            }
        }
        kept.add(new Kept(memory.snapshot(), bytes));
        Kept from = kept.get(random.nextInt(kept.size()));
        Kept to = kept.get(random.nextInt(kept.size()));
        SparseMemory other = make(isRam);
        other.restore(from.snapshot);
        List<Long> order = new ArrayList<>();
        to.snapshot.forEachDifference(from.snapshot, new MemorySnapshot.PageVisitor() {
            @Override
            public void page(MemoryPage page) {
                order.add(page.number());
                long[] words = new long[MemoryPage.QUADWORDS];
                byte[] known = new byte[MemoryPage.QUADWORDS];
                for (int i = 0; i < MemoryPage.QUADWORDS; i++) {
                    words[i] = page.word(i);
                    known[i] = (byte) page.knownBytes(i);
                }
                other.importPage(page.number(), words, known);
            }

            @Override
            public void absent(long number) {
                order.add(number);
                other.removePage(number);
            }
        });
        assertThat(order).isSorted().doesNotHaveDuplicates();
        expectSame(other, to.bytes, isRam);
        memory.restore(to.snapshot);
        assertThat(MemorySnapshotTest.hash(other)).isEqualTo(MemorySnapshotTest.hash(memory));
    }
}
