package org.iorewind.bench;

import java.util.concurrent.TimeUnit;
import org.iorewind.model.StateImage;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.virtual.GuestPageDescriptor;
import org.iorewind.model.memory.SparseMemory;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.CommandQueue;
import org.iorewind.model.platform.host.Viommu;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Commands of a guest in its own ring, and the same commands of the host in the host's: INVALIDATE_IOMMU_PAGES of one page and
 * COMPLETION_WAIT with a store in turn, as a strict driver unmaps. Host and guest are set up by the model's drivers; the guest
 * names its own DomainID and guest physical addresses, the host what they lead to.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class GuestCommandBenchmark {
    private static final int COMMANDS = 32;
    private static final long SEMAPHORE = 0x10_0000L;
    private static final long FIRST_PAGE = 0x4000_0000L;
    private static final long PAGE_BYTES = 4096;

    /** A ring full of commands, of which as many wait as the tail says. */
    private abstract static class Ring {
        final Iommu iommu;
        private final SparseMemory memory;
        private final long semaphore;
        private final int ringBytes;
        int tail;

        /** Takes the IOMMU over from the machine, without anybody who listens. */
        Ring(VirtualHost host, long ring, int ringBytes, int domain, long storeTo, long semaphore) {
            this.memory = host.bus().memory();
            this.semaphore = semaphore;
            this.ringBytes = ringBytes;
            this.iommu = new Iommu(host.description().options(), memory, EffectSink.NONE);
            StateImage state = new StateImage();
            host.bus().iommu(0).saveTo(state);
            iommu.restoreFrom(state.reader());
            for (int at = 0; at < ringBytes; at += 2 * RegisterDescriptor.RING_ENTRY_BYTES) {
                AddressSpan page = AddressSpan.of(FIRST_PAGE + at / 2 * PAGE_BYTES, PAGE_BYTES);
                put(ring + at, Command.invalidateGuestPages(domain, 0, page, false));
                put(ring + at + RegisterDescriptor.RING_ENTRY_BYTES, Command.completionWait(storeTo, at + 1));
            }
        }

        private void put(long address, Command command) {
            memory.writeLong(address, command.quadword0());
            memory.writeLong(address + Long.BYTES, command.quadword1());
        }

        final int move(int commands) {
            tail = tail + commands * RegisterDescriptor.RING_ENTRY_BYTES & ringBytes - 1;
            show();
            return tail;
        }

        abstract void show();

        abstract int head();

        /** All were taken, and the last store is that of the command before the head. */
        final void check() {
            memory.writeLong(semaphore, 0);
            move(2);
            boolean isStored = memory.peek(semaphore) != 0;
            if (head() != tail || !isStored) {
                throw new IllegalStateException(
                        "expected head=" + tail + " and a store, found head=" + head() + " isStored=" + isStored);
            }
        }
    }

    private static final class GuestRing extends Ring {
        private final int page;

        private GuestRing(VirtualHost host, VirtualHost.Guest guest) {
            super(
                    host,
                    guest.machine().systemBase() + commands(guest).base(),
                    commands(guest).ringBytes(),
                    VirtualHost.GUEST_DOMAIN,
                    SEMAPHORE,
                    guest.machine().systemBase() + SEMAPHORE);
            page = guest.iommu().guestId() * GuestPageDescriptor.BYTES;
            tail = (int) iommu.read(RegisterSpace.VF, page + GuestPageDescriptor.TAIL, Long.BYTES);
        }

        private static CommandQueue commands(VirtualHost.Guest guest) {
            return guest.driver().iommu().commands();
        }

        @Override
        void show() {
            iommu.write(RegisterSpace.VF, page + GuestPageDescriptor.TAIL, Long.BYTES, tail);
        }

        @Override
        int head() {
            return (int) iommu.read(RegisterSpace.VF, page + GuestPageDescriptor.HEAD, Long.BYTES);
        }
    }

    private static final class HostRing extends Ring {
        private HostRing(VirtualHost host, VirtualHost.Guest guest) {
            super(
                    host,
                    host.driver().driver().commands().base(),
                    host.driver().driver().commands().ringBytes(),
                    hostDomain(host, guest),
                    guest.machine().systemBase() + SEMAPHORE,
                    guest.machine().systemBase() + SEMAPHORE);
            tail = (int) iommu.read(RegisterSpace.HOST, RegisterDescriptor.COMMAND_TAIL, Long.BYTES);
        }

        private static int hostDomain(VirtualHost host, VirtualHost.Guest guest) {
            Viommu image = host.calls().driver().guest(guest.iommu().guestId());
            int domain = image == null ? 0 : image.hostDomain(VirtualHost.GUEST_DOMAIN);
            if (domain <= 0) {
                throw new IllegalStateException("expected the guest's DomainID to be mapped, found " + domain);
            }
            return domain;
        }

        @Override
        void show() {
            iommu.write(RegisterSpace.HOST, RegisterDescriptor.COMMAND_TAIL, Long.BYTES, tail);
        }

        @Override
        int head() {
            return (int) iommu.read(RegisterSpace.HOST, RegisterDescriptor.COMMAND_HEAD, Long.BYTES);
        }
    }

    /** The guest's. */
    @State(Scope.Thread)
    public static class OfGuest {
        private final GuestRing ring;

        /** Boots a host and a guest. */
        public OfGuest() {
            VirtualHost host = new VirtualHost();
            VirtualHost.Guest guest = host.plug(1);
            guest.boot();
            ring = new GuestRing(host, guest);
            ring.check();
        }

        /** Fails if commands were not taken. */
        @TearDown(Level.Iteration)
        public void check() {
            ring.check();
        }
    }

    /** The host's. */
    @State(Scope.Thread)
    public static class OfHost {
        private final HostRing ring;

        /** Boots a host and a guest. */
        public OfHost() {
            VirtualHost host = new VirtualHost();
            VirtualHost.Guest guest = host.plug(1);
            guest.boot();
            ring = new HostRing(host, guest);
            ring.check();
        }

        /** Fails if commands were not taken. */
        @TearDown(Level.Iteration)
        public void check() {
            ring.check();
        }
    }

    /** A tail store for each command of the guest, as Linux does. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public int guest(OfGuest state) {
        return oneByOne(state.ring);
    }

    /** The same of the host. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public int host(OfHost state) {
        return oneByOne(state.ring);
    }

    private static int oneByOne(Ring ring) {
        int last = 0;
        for (int i = 0; i < COMMANDS; i++) {
            last = ring.move(1);
        }
        return last;
    }

    /** One tail store for 32 commands of the guest. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public int guestBatch(OfGuest state) {
        return state.ring.move(COMMANDS);
    }

    /** The same of the host. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public int hostBatch(OfHost state) {
        return state.ring.move(COMMANDS);
    }
}
