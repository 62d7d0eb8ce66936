package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.PAGE_B;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.RING;
import static org.iorewind.model.iommu.Machine.STORE;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.iorewind.model.StateHasher;
import org.iorewind.model.iommu.command.PendingInvalidations;
import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference 3.1, 3.3 (COMPLETION_WAIT) and traps 17, 18: invalidations that take effect after their fetch. */
class Section3LateInvalidationTest {
    private static final int FAR = 1 << 20;
    private static final long WAIT = 1L << 60;
    private static final long MSI = 0xFEE0_1000L;

    private static Machine late(long seed, int maximum) {
        Machine machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .invalidations(InvalidationPolicy.delayed(seed, maximum))
                .build());
        machine.command(WAIT, 0);
        machine.told.clear();
        return machine;
    }

    private static long pages(int domain) {
        return 3L << 60 | (long) domain << 32;
    }

    /** Caches a page, changes its entry, and invalidates it without a wait. */
    private static void changeWithoutWait(Machine machine) {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.read(0x1000);
        machine.map(0x1000, PAGE_B | READ_WRITE | 1);
        machine.command(pages(DOMAIN), 0x1000);
    }

    /** Puts commands into the ring, from its start, and rings the doorbell once. */
    private static void together(Machine machine, long... words) {
        machine.write(0x0008, RING | 8L << 56);
        for (int i = 0; i < words.length; i++) {
            machine.memory.writeLong(RING + i * 8L, words[i]);
        }
        machine.told.clear();
        machine.write(0x2008, words.length * 8L);
    }

    private static List<String> dropped(Machine machine) {
        return machine.told.stream().filter(line -> line.startsWith("dropped")).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void withoutAWaitTheOldPageMayStillBeUsedAndAfterTheWaitItIsNot(long seed) {
        Machine machine = late(seed, FAR);
        changeWithoutWait(machine);
        assertThat(machine.iommu.register(0x2000)).isEqualTo(machine.iommu.register(0x2008));
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
        machine.command(WAIT, 0);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
    }

    @Test
    void withoutDelayTheSameBugDoesNotShow() {
        Machine machine = Machine.started(Profile.SPEC);
        changeWithoutWait(machine);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
    }

    @Property(tries = 200)
    void theEffectComesWithinTheBoundByItself(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int maximum) {
        Machine machine = late(seed, maximum);
        changeWithoutWait(machine);
        for (int i = 1; i < maximum; i++) {
            machine.read(0x1000);
        }
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
        assertThat(dropped(machine)).containsExactly("dropped domain 5 1000 size 4096 pages 1");
    }

    @Test
    void everyInputCountsAndNothingElseDoes() {
        List<Runnable> inputs = new ArrayList<>();
        Machine machine = late(1, 1);
        inputs.add(() -> machine.read(0x1000));
        inputs.add(() -> machine.interrupt(MSI, 0));
        inputs.add(() -> machine.iommu.pageRequest(DEVICE, -1, 0x1000, 1, 0, true));
        inputs.add(() -> machine.iommu.mmioRead(0x2020, 8));
        inputs.add(() -> machine.write(0x2020, 0));
        for (Runnable input : inputs) {
            machine.command(pages(DOMAIN), 0x1000);
            machine.told.clear();
            machine.iommu.probe(DEVICE, 0x1000);
            machine.iommu.forceRegister(0x1F8, 1);
            machine.iommu.register(0x2020);
            machine.hash();
            assertThat(dropped(machine)).isEmpty();
            input.run();
            assertThat(dropped(machine)).hasSize(1);
        }
    }

    @Test
    void aWaitTellsOfCompletionAfterTheEffects() {
        Machine machine = late(3, FAR);
        machine.write(0x18, Machine.ENABLED | 0x10);
        together(machine, pages(1), 0x1000, pages(2), 0x1000, WAIT | STORE | 3, 9);
        assertThat(machine.told)
                .containsExactly(
                        "command 3 at 0",
                        "command 3 at 16",
                        "command 1 at 32",
                        "dropped domain 1 1000 size 4096 pages 0",
                        "dropped domain 2 1000 size 4096 pages 0",
                        "store 320000 9",
                        "own COMPLETION_WAIT");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4})
    void noLaterCommandStartsBeforeAWaitIsComplete(long flush) {
        Machine machine = late(3, FAR);
        together(machine, pages(1), 0x1000, WAIT | STORE | 1 | flush, 9, pages(2), 0x1000, WAIT | STORE | 1, 10);
        assertThat(machine.told)
                .containsExactly(
                        "command 3 at 0",
                        "command 1 at 16",
                        "dropped domain 1 1000 size 4096 pages 0",
                        "store 320000 9",
                        "command 3 at 32",
                        "command 1 at 48",
                        "dropped domain 2 1000 size 4096 pages 0",
                        "store 320000 10");
    }

    @Test
    void aWaitSaysNothingOfLaterCommands() {
        Machine machine = late(3, FAR);
        together(machine, WAIT | STORE | 1, 9, pages(1), 0x1000);
        assertThat(machine.memory.peek(STORE)).isEqualTo(9);
        assertThat(dropped(machine)).isEmpty();
    }

    @Test
    void aLaterInvalidationMayOvertakeAnEarlierOne() {
        int overtaken = 0;
        for (long seed = 0; seed < 40; seed++) {
            Machine machine = late(seed, 20);
            together(machine, pages(1), 0x1000, pages(2), 0x1000);
            for (int i = 0; i < 20; i++) {
                machine.read(0x1000);
            }
            assertThat(dropped(machine)).hasSize(2);
            overtaken += dropped(machine).get(0).startsWith("dropped domain 2") ? 1 : 0;
        }
        assertThat(overtaken).isBetween(5, 35);
    }

    @Test
    void deviceEntriesInterruptEntriesAndTheWholeAreLateToo() {
        for (long command : new long[] {2L << 60 | DEVICE, 8L << 60}) {
            Machine machine = late(1, FAR);
            machine.map(0x1000, PAGE_A | READ_WRITE | 1);
            machine.read(0x1000);
            machine.deviceEntry(DEVICE, 0, 0, 0, 0);
            machine.command(command, 0);
            assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.TRANSLATED);
            machine.command(WAIT, 0);
            assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PASSED);
        }
        Machine machine = late(1, FAR);
        machine.deviceEntry(DEVICE, 0, DOMAIN, INTERRUPT_TABLE | 1 | 4 << 1 | 2L << 60, 0);
        machine.memory.writeLong(INTERRUPT_TABLE, 1 | 0x41 << 16);
        assertThat(machine.interrupt(MSI, 0).data()).isEqualTo(0x41);
        machine.memory.writeLong(INTERRUPT_TABLE, 1 | 0x42 << 16);
        machine.command(5L << 60 | DEVICE, 0);
        assertThat(machine.interrupt(MSI, 0).data()).isEqualTo(0x41);
        machine.command(WAIT, 0);
        assertThat(machine.interrupt(MSI, 0).data()).isEqualTo(0x42);
    }

    @Test
    void whatWaitsTakesEffectBeforeADeviceIsAskedToDropItsPages() {
        Machine machine = late(3, FAR);
        changeWithoutWait(machine);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
        machine.command(4L << 60 | (long) DEVICE << 32 | DEVICE, 0x7FFF_FFFF_FFFF_F001L);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
    }

    @Test
    void aFullQueueLetsTheOldestTakeEffect() {
        Machine machine = late(9, FAR);
        long[] words = new long[2 * (PendingInvalidations.MOST + 2)];
        for (int i = 0; i < words.length; i += 2) {
            words[i] = pages(i / 2 + 1);
            words[i + 1] = 0x1000;
        }
        together(machine, words);
        assertThat(dropped(machine))
                .containsExactly("dropped domain 1 1000 size 4096 pages 0", "dropped domain 2 1000 size 4096 pages 0");
        together(machine, WAIT, 0);
        assertThat(dropped(machine)).hasSize(PendingInvalidations.MOST).doesNotHaveDuplicates();
        assertThat(machine.status() & 0x10).isEqualTo(0x10);
    }

    @Test
    void whatWaitsTakesEffectBeforeTheRingStops() {
        Machine halted = late(2, FAR);
        together(halted, pages(1), 0x1000, 0, 0);
        assertThat(halted.status() & 0x10).isZero();
        assertThat(dropped(halted)).hasSize(1);
        Machine disabled = late(2, FAR);
        together(disabled, pages(1), 0x1000);
        assertThat(dropped(disabled)).isEmpty();
        disabled.write(0x18, Machine.ENABLED & ~0x1000);
        assertThat(disabled.status() & 0x10).isZero();
        assertThat(dropped(disabled)).hasSize(1);
    }

    @Test
    void resetDropsWhatWaitsAndBeginsTheDelaysAnew() {
        IommuOptions options = IommuOptions.of(Profile.SPEC).toBuilder()
                .invalidations(InvalidationPolicy.delayed(5, FAR))
                .build();
        long fresh = new Machine(options).hash();
        Machine machine = Machine.started(options);
        together(machine, pages(1), 0x1000);
        machine.iommu.reset();
        assertThat(machine.hash()).isEqualTo(fresh);
        machine.iommu.mmioWrite(0x18, 8, 0);
        assertThat(dropped(machine)).isEmpty();
    }

    @Test
    void whatWaitsIsPartOfTheState() {
        Machine one = late(5, FAR);
        Machine other = late(5, FAR);
        together(one, pages(1), 0x1000);
        together(other, pages(1), 0x1000);
        assertThat(one.hash()).isEqualTo(other.hash());
        one.read(0x1000);
        other.interrupt(MSI, 0);
        one.interrupt(MSI, 0);
        assertThat(one.hash()).isNotEqualTo(other.hash());
        other.read(0x1000);
        Machine another = late(5, FAR);
        together(another, pages(2), 0x1000);
        assertThat(another.hash()).isNotEqualTo(late(5, FAR).hash());
    }

    /** A delay of one is over before anything can tell. */
    @Property(tries = 100)
    void theShortestDelayIsNone(@ForAll long seed) {
        IommuOptions atOnce = IommuOptions.of(Profile.SPEC);
        IommuOptions late = atOnce.toBuilder()
                .invalidations(InvalidationPolicy.delayed(seed, 1))
                .build();
        assertThat(answers(late, seed)).isEqualTo(answers(atOnce, seed));
    }

    private static long answers(IommuOptions options, long seed) {
        Machine machine = Machine.started(options);
        StateHasher hasher = new StateHasher();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            long iova = random.nextInt(4) * 0x1000L;
            switch (random.nextInt(4)) {
                case 0 -> machine.map(iova, (random.nextBoolean() ? PAGE_A : PAGE_B) | READ_WRITE | random.nextInt(2));
                case 1 -> machine.command(pages(DOMAIN), iova);
                case 2 -> machine.command((random.nextBoolean() ? 2L : 8L) << 60, 0);
                default -> hasher.addLong(machine.read(iova).result());
            }
        }
        return hasher.value();
    }

    @Test
    void policiesAreCheckedAndKept() {
        assertThatThrownBy(() -> InvalidationPolicy.delayed(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> InvalidationPolicy.delayed(0, FAR + 1)).isInstanceOf(IllegalArgumentException.class);
        InvalidationPolicy policy = InvalidationPolicy.delayed(8, 4);
        IommuOptions options = IommuOptions.of(Profile.SPEC).toBuilder().invalidations(policy).build().toBuilder()
                .build();
        assertThat(options.invalidationPolicy()).isEqualTo(policy);
        for (Profile profile : Profile.values()) {
            assertThat(IommuOptions.of(profile).invalidationPolicy()).isEqualTo(InvalidationPolicy.immediate());
        }
        assertThat(new Machine(options, SparseMemory.recordedOnly()).iommu.options())
                .isSameAs(options);
    }
}
