package org.iorewind.analyze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.collections.Int2IntCounterMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is pending is found by address as a look at every change finds it. */
class PendingChangesTest {
    private static final long PAGE = 4096;
    private static final AddressSpace SPACE =
            new AddressSpace(0, 0, 4, AddressSpace.HOST_TABLES, address -> address, new Int2IntCounterMap(0));

    private final PendingChanges changes = new PendingChanges();
    private final List<PendingChange> model = new ArrayList<>();
    private long id;

    private PendingChange change(long page, int level) {
        long bytes = PAGE << 9 * level;
        return new PendingChange(++id, SPACE, page * PAGE & -bytes, bytes, -1, level, id, id, new int[] {1});
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void smallPagesAloneAndWithTablesAreFoundAsByLookingAtAll(long seed) {
        Random random = new Random(seed);
        boolean hasTables = seed % 2 == 0;
        for (int step = 0; step < 5_000; step++) {
            int what = random.nextInt(8);
            if (what < 4) {
                put(change(random.nextInt(2_000), hasTables && random.nextInt(10) == 0 ? 1 : 0));
            } else if (what < 6 && !model.isEmpty()) {
                remove(model.get(random.nextInt(model.size())));
            } else if (what == 7 && !model.isEmpty()) {
                tell(model.get(random.nextInt(model.size())));
            } else if (what == 6 && random.nextInt(300) == 0) {
                List.copyOf(model).forEach(this::remove);
            }
            check(random.nextInt(2_000) * PAGE + random.nextInt(4096), random.nextInt(700) * PAGE);
        }
    }

    private void put(PendingChange change) {
        if (change.id() % 5 == 0) {
            change.told(1, id);
        }
        model.removeIf(other -> other.key() == change.key());
        model.add(change);
        changes.put(change);
    }

    private void remove(PendingChange change) {
        model.remove(change);
        changes.remove(change);
    }

    private void tell(PendingChange change) {
        if (!change.isTold()) {
            change.told(1, id);
            changes.told(change);
        }
    }

    private void check(long address, long bytes) {
        assertThat(changes.areAllTold()).isEqualTo(model.stream().allMatch(PendingChange::isTold));
        List<PendingChange> covering =
                model.stream().filter(change -> change.covers(address)).toList();
        PendingChange found = changes.at(address);
        if (covering.isEmpty()) {
            assertThat(found).isNull();
        } else {
            assertThat(covering).contains(found);
        }
        long last = address + bytes;
        List<PendingChange> overlapping = new ArrayList<>();
        changes.forOverlapping(address, last, overlapping::add);
        assertThat(overlapping)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(model.stream()
                        .filter(change -> change.first() <= last && address < change.first() + change.bytes())
                        .toList());
        assertThat(changes.size()).isEqualTo(model.size());
        assertThat(changes.isEmpty()).isEqualTo(model.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void allOfThemComeInTheOrderOfTheirAddresses(int level) {
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            // the upper half of all addresses comes last
            put(change(random.nextLong() >>> 12, i % 3 == 0 ? level : 0));
        }

        List<PendingChange> all = new ArrayList<>();
        changes.forOverlapping(0, -1, all::add);

        List<Long> inOrder = model.stream()
                .map(PendingChange::key)
                .sorted(Long::compareUnsigned)
                .toList();
        assertThat(all).extracting(PendingChange::key).containsExactlyElementsOf(inOrder);
        assertThat(changes.all()).containsExactlyElementsOf(all);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theLowestAddressesAreForgottenWhenThereAreTooMany(int level) {
        for (int i = 0; i < PendingChanges.MOST; i++) {
            changes.put(change(i + 10L, 0));
        }
        assertThat(changes.isForgetful()).isFalse();

        changes.put(change(PendingChanges.MOST + 10L, 0));
        changes.put(change((PendingChanges.MOST + 11L) << 9 * level, level));

        assertThat(changes.isForgetful()).isTrue();
        assertThat(changes.size()).isEqualTo(PendingChanges.MOST);
        assertThat(changes.at(10 * PAGE)).isNull();
        assertThat(changes.at(11 * PAGE)).isNull();
        assertThat(changes.at(12 * PAGE)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void whatReplacedAChangeIsNotRemovedWithIt(long level) {
        PendingChange old = change(5, (int) level);
        PendingChange younger = change(5, (int) level);
        changes.put(old);
        changes.put(younger);

        changes.remove(old);

        assertThat(changes.at(old.first())).isSameAs(younger);
    }
}
