package org.iorewind.samples.scenario;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.guest.DriverBug;
import org.iorewind.model.platform.guest.DriverBugs;

/** A driver and a NIC at work, with one mistake each, to be found. */
final class PlantedScenarios {
    /** The unmap at which the mistake is made, from 1. */
    static final int MISTAKE = 7;
    /** Packets of a story that makes it. */
    static final int PACKETS = 12;

    /** The unmap from which on each flushes twice, from 1. */
    static final int FIRST_DOUBLE = 61;

    static final int MANY_PACKETS = 100;

    /** Buffers of the NIC's ring at first. */
    static final int SMALL_RING = 6;
    /** Buffers that come to it: more than an IOTLB of 256 entries holds. */
    static final int MORE_BUFFERS = 506;

    static final int SMALL_ROUNDS = 64;
    static final int LARGE_ROUNDS = 3;

    private PlantedScenarios() {}

    static List<Scenario> list() {
        return List.of(
                planted(
                        "planted-missing-flush",
                        "A driver forgets to invalidate what its 7th unmap took away; the NIC uses the page still.",
                        PlantedScenarios::missingFlush),
                planted(
                        "planted-wrong-domain",
                        "A driver invalidates what its 7th unmap took away under another DomainID.",
                        PlantedScenarios::wrongDomain),
                planted(
                        "planted-device-entry",
                        "A driver takes a NIC's device table entry away and does not invalidate it; the NIC goes on.",
                        PlantedScenarios::deviceEntry),
                planted(
                        "planted-no-wait",
                        "A driver does not wait for the invalidation of its 7th unmap.",
                        PlantedScenarios::noWait),
                planted(
                        "planted-early-unmap",
                        "A driver unmaps the 7th packet before the NIC is done with it.",
                        PlantedScenarios::earlyUnmap),
                planted(
                        "planted-downgrade",
                        "A driver takes the right to write away and does not invalidate; the NIC writes still.",
                        PlantedScenarios::downgrade),
                planted(
                        "planted-double-flush",
                        "From its 61st unmap on a driver flushes twice: nothing fails, all of it costs more.",
                        PlantedScenarios::doubleFlush),
                planted(
                        "planted-small-iotlb",
                        "A NIC's ring grows from 6 buffers to 512, more than the IOTLB holds: each request misses.",
                        PlantedScenarios::smallIotlb));
    }

    private static Scenario planted(String name, String story, Consumer<SystemBus> work) {
        return Scenario.of(name, story, (bus, seed) -> work.accept(bus), "planted");
    }

    private static DriverBugs once(DriverBug bug, int chance) {
        return DriverBugs.none().with(bug, chance, chance);
    }

    private static void missingFlush(SystemBus bus) {
        PlantedNic nic = PlantedNic.start(bus, once(DriverBug.NO_FLUSH_ON_UNMAP, MISTAKE));
        nic.packets(MISTAKE - 1);
        nic.write(nic.packet());
        nic.packets(PACKETS - MISTAKE);
    }

    private static void wrongDomain(SystemBus bus) {
        PlantedNic nic = PlantedNic.start(bus, once(DriverBug.WRONG_DOMAIN_IN_FLUSH, MISTAKE));
        nic.packets(PACKETS);
    }

    /** The first chance is that of the attach, the second that of the detach. */
    private static void deviceEntry(SystemBus bus) {
        PlantedNic nic = PlantedNic.start(bus, once(DriverBug.NO_DEVICE_ENTRY_INVALIDATION, 2));
        nic.packets(2);
        long iova = nic.map();
        nic.write(iova);
        BareMachine.done(nic.driver().detach(PlantedNic.NIC));
        nic.write(iova);
    }

    /** The attach waits first. */
    private static void noWait(SystemBus bus) {
        PlantedNic nic = PlantedNic.start(bus, once(DriverBug.NO_COMPLETION_WAIT, MISTAKE + 1));
        nic.packets(PACKETS);
    }

    private static void earlyUnmap(SystemBus bus) {
        PlantedNic nic = PlantedNic.start(bus, DriverBugs.none());
        nic.packets(MISTAKE - 1);
        nic.write(nic.packet());
        nic.packets(PACKETS - MISTAKE);
    }

    private static void downgrade(SystemBus bus) {
        PlantedNic nic = PlantedNic.start(bus, once(DriverBug.NO_FLUSH_ON_DOWNGRADE, 1));
        nic.packets(2);
        long iova = nic.map();
        nic.write(iova);
        BareMachine.done(nic.driver().protect(PlantedNic.NIC, iova, PlantedNic.PAGE, PlantedNic.READ));
        nic.read(iova);
        nic.write(iova);
        nic.unmap(iova);
    }

    private static void doubleFlush(SystemBus bus) {
        PlantedNic nic =
                PlantedNic.start(bus, DriverBugs.none().with(DriverBug.DOUBLE_FLUSH, FIRST_DOUBLE, Long.MAX_VALUE));
        nic.packets(MANY_PACKETS);
    }

    private static void smallIotlb(SystemBus bus) {
        PlantedNic nic = PlantedNic.start(bus, DriverBugs.none());
        long[] small = LongStream.range(0, SMALL_RING).map(i -> nic.map()).toArray();
        long[] more = LongStream.range(0, MORE_BUFFERS).map(i -> nic.map()).toArray();
        for (int round = 0; round < SMALL_ROUNDS; round++) {
            use(nic, small);
        }
        for (int round = 0; round < LARGE_ROUNDS; round++) {
            use(nic, more);
            use(nic, small);
        }
    }

    private static void use(PlantedNic nic, long[] buffers) {
        for (long iova : buffers) {
            nic.write(iova);
        }
    }
}
