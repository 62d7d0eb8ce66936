package org.iorewind.model.platform.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.ListingBus;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.DomainIds;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.Errno;
import org.junit.jupiter.api.Test;

/** Devices, domains and logs of a host (reference 9.2, 11.2). */
class HostDriverTest {
    private static final int DEVICE = 0x20;
    private static final long TARGET = 0x80_0000L;
    private final VirtualWorld world = VirtualWorld.booted();
    private final HostDriver host = world.host();
    private final HostDomain domain = Objects.requireNonNull(host.createDomain());

    @Test
    void aDeviceReachesTheMemoryOfItsDomainUntilItIsDetached() {
        assertThat(host.map(domain, 0x1000, TARGET, 0x1000, 3)).isEqualTo(Errno.OK);
        world.bus().forget();
        assertThat(host.attach(DEVICE, domain)).isEqualTo(Errno.OK);
        // amd-viommu reference 9.2: the entry's flush and a wait.
        assertThat(world.bus().lines("command")).containsExactly("command 0 2", "command 0 1");
        assertThat(world.reach(DEVICE, 0x1000, AccessKind.READ)).isEqualTo(TARGET);
        assertThat(host.domainOf(DEVICE)).isSameAs(domain);
        assertThat(host.detach(DEVICE)).isEqualTo(Errno.OK);
        assertThat(world.reach(DEVICE, 0x1000, AccessKind.READ)).isEqualTo(-1);
        assertThat(host.domainOf(DEVICE)).isNull();
    }

    @Test
    void devicesBeyondTheTableAreNone() {
        assertThat(host.attach(VirtualWorld.DEVICES, domain)).isEqualTo(Errno.NO_DEVICE);
        assertThat(host.detach(-1)).isEqualTo(Errno.NO_DEVICE);
        assertThat(host.setInterruptTable(VirtualWorld.DEVICES, 0, 0)).isEqualTo(Errno.NO_DEVICE);
    }

    @Test
    void aDomainInUseStays() {
        host.attach(DEVICE, domain);
        assertThat(host.destroyDomain(domain)).isEqualTo(Errno.BUSY);
        host.detach(DEVICE);
        assertThat(host.destroyDomain(domain)).isEqualTo(Errno.OK);
        assertThat(Objects.requireNonNull(host.createDomain()).id()).isEqualTo(domain.id());
    }

    @Test
    void withoutADomainIdThereIsNoDomain() {
        while (host.domainIds().allocate() != DomainIds.NONE) {
            // Until none is left.
        }
        assertThat(host.createDomain()).isNull();
    }

    @Test
    void tablesThatGrowTakeTheirDevicesAlong() {
        host.map(domain, 0x1000, TARGET, 0x1000, 3);
        host.attach(DEVICE, domain);
        world.reach(DEVICE, 0x1000, AccessKind.READ);
        // Three levels reach 2^39.
        assertThat(host.map(domain, 1L << 40, TARGET + 0x1000, 0x1000, 3)).isEqualTo(Errno.OK);
        assertThat(world.reach(DEVICE, 1L << 40, AccessKind.READ)).isEqualTo(TARGET + 0x1000);
        assertThat(world.reach(DEVICE, 0x1000, AccessKind.READ)).isEqualTo(TARGET);
        assertThat(host.map(domain, 0x1000, TARGET, 0x1000, 3)).isEqualTo(Errno.EXISTS);
    }

    @Test
    void unmapsReachTheCachesOfDevices() {
        host.attachWithAts(DEVICE, domain);
        assertThat(host.usesAts(DEVICE)).isTrue();
        assertThat(host.usesAts(DEVICE + 1)).isFalse();
        assertThat(domain.usesAts(DEVICE + 1)).isFalse();
        host.map(domain, 0x1000, TARGET, 0x1000, 3);
        world.bus().forget();
        assertThat(host.unmap(domain, 0x1000, 0x1000)).isEqualTo(Errno.OK);
        // amd-viommu reference 9.2: Ch=2+a.
        assertThat(world.bus().lines("command")).containsExactly("command 0 3", "command 0 4", "command 0 1");
        assertThat(host.detach(DEVICE)).isEqualTo(Errno.OK);
    }

    @Test
    void withNpCacheMapsAreFlushedToo() {
        HostDriver other = booted(HostOptions.linux().notPresentCached());
        HostDomain cached = Objects.requireNonNull(other.createDomain());
        bus.forget();
        assertThat(other.map(cached, 0x1000, TARGET, 0x1000, 3)).isEqualTo(Errno.OK);
        assertThat(bus.lines("command")).containsExactly("command 0 3", "command 0 1");
    }

    @Test
    void domainsOfTheOtherFormatHaveGuestTables() {
        HostDriver other = booted(HostOptions.linux().format(HostOptions.TableFormat.V2));
        HostDomain guestFormat = Objects.requireNonNull(other.createDomain());
        other.map(guestFormat, 0x1000, TARGET, 0x1000, 3);
        assertThat(other.attach(DEVICE, guestFormat)).isEqualTo(Errno.OK);
        assertThat(bus.dma(0, DEVICE, -1, 0x1000, 8, AccessKind.WRITE).isAborted())
                .isFalse();
        assertThat(bus.target()).isEqualTo(TARGET);
        assertThat(guestFormat.translate(0x1000)).isEqualTo(TARGET);
        assertThat(other.unmap(guestFormat, 0x1000, 0x1000)).isEqualTo(Errno.OK);
        assertThat(bus.dma(0, DEVICE, -1, 0x1000, 8, AccessKind.WRITE).isAborted())
                .isTrue();
        other.detach(DEVICE);
        assertThat(other.destroyDomain(guestFormat)).isEqualTo(Errno.OK);
    }

    private final ListingBus bus = new ListingBus();

    private HostDriver booted(HostOptions options) {
        bus.addIommu(VirtualWorld.description());
        HostDriver other = HostDriver.of(
                bus,
                0,
                new PageAllocator(0x100_0000, 0x100_0000),
                options.driver(DriverOptions.linux().devices(128)));
        assertThat(other.boot()).isEqualTo(Errno.OK);
        return other;
    }

    @Test
    void interruptsAreRemappedByTheTableThatTheDeviceWasGiven() {
        long table = host.port().allocate(0x1000, 0x1000);
        host.port().clear(MemoryRole.INTERRUPT_TABLE, table, 0x1000);
        // Entry 2, 128 bits: RemapEn, destination 5, vector 41h.
        host.port().store(MemoryRole.INTERRUPT_TABLE, table + 32, 1 | 5L << 8, 0x41);
        assertThat(host.setInterruptTable(DEVICE, table, 8)).isEqualTo(Errno.OK);
        assertThat(world.bus().interrupt(0, DEVICE, 0xFEE0_0000L, 2)).isEqualTo(InterruptDecision.REMAPPED);
        // Attaching keeps it.
        host.attach(DEVICE, domain);
        assertThat(world.bus().interrupt(0, DEVICE, 0xFEE0_0000L, 2)).isEqualTo(InterruptDecision.REMAPPED);
    }

    @Test
    void eventsThatNobodyHandlesAreKept() {
        host.attach(DEVICE, domain);
        world.reach(DEVICE, 0x5000, AccessKind.READ);
        host.takeInterrupts();
        assertThat(host.unhandledEvents()).hasSize(1);
        assertThat(host.unhandledEvents().get(0).quadword0() & 0xFFFF).isEqualTo(DEVICE);
        assertThat(host.unhandledEvents().get(0).quadword1()).isEqualTo(0x5000);
        world.bus().forget();
        host.takeInterrupts();
        assertThat(world.bus().lines()).isEmpty();
    }

    @Test
    void theOldestOfTooManyEventsGo() {
        host.attach(DEVICE, domain);
        for (int i = 0; i <= 1024; i++) {
            world.reach(DEVICE, 0x1000L * i, AccessKind.READ);
            host.takeInterrupts();
        }
        assertThat(host.unhandledEvents()).hasSize(1024);
        assertThat(host.unhandledEvents().get(0).quadword1()).isEqualTo(0x1000);
    }

    @Test
    void pageRequestsAreRefused() {
        host.attach(DEVICE, domain, true, entry -> entry.withAts().withPageRequests());
        world.bus().pageRequest(0, DEVICE, -1, 0x5000, 1, 7, false);
        world.bus().pageRequest(0, DEVICE, -1, 0x6000, 1, 7, true);
        world.bus().forget();
        host.takeInterrupts();
        assertThat(world.bus().lines("command", "enter", "leave"))
                .containsExactly("enter 0 ppr 0", "command 0 7", "command 0 1", "leave 0 ppr 0");
    }

    @Test
    void hardwareThatTakesNoCommandsIsTold() {
        world.bus().iommu(0).forceRegister(0x18, 1);
        assertThat(host.unmap(domain, 0x1000, 0x1000)).isEqualTo(Errno.TIMED_OUT);
    }

    @Test
    void aHostWithoutPageRequestsLooksForNone() {
        bus.addIommu(IommuDescription.physical(0x40, 0));
        HostDriver plain = HostDriver.of(
                bus,
                0,
                new PageAllocator(0x100_0000, 0x100_0000),
                HostOptions.linux().driver(DriverOptions.linux().devices(128)));
        plain.boot();
        bus.forget();
        plain.handleLogs();
        assertThat(bus.lines("read 0 0 HOST 2038")).isEmpty();
        assertThat(plain.iommu()).isZero();
        assertThat(plain.options().isNotPresentCached()).isFalse();
    }
}
