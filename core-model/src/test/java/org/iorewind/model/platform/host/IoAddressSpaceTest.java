package org.iorewind.model.platform.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.Errno;
import org.junit.jupiter.api.Test;

/** What VFIO and iommufd map: pins, limits and errors (amd-viommu reference 9.2, 9.4). */
class IoAddressSpaceTest {
    private static final int DEVICE = 0x20;
    private final VirtualWorld world = VirtualWorld.booted();
    private final HostDriver host = world.host();
    private final HostDomain domain = Objects.requireNonNull(host.createDomain());
    private final IoAddressSpace space = new IoAddressSpace(host, 3);

    IoAddressSpaceTest() {
        space.add(domain);
        host.attach(DEVICE, domain);
        world.bus().forget();
    }

    @Test
    void aMappingIsPinnedAndReachedUntilItIsUnmapped() {
        assertThat(space.map(0x1000, 0x80_0000, 0x3000, 3)).isEqualTo(Errno.OK);
        assertThat(world.bus().lines("enter", "leave", "note"))
                .containsExactly("enter 0 IOAS_MAP 1000", "note 0 pin 3", "leave 0 IOAS_MAP 0");
        assertThat(world.reach(DEVICE, 0x3008, AccessKind.WRITE)).isEqualTo(0x80_2008);
        assertThat(space.translate(0x3FFF)).isEqualTo(0x80_2FFF);
        assertThat(space.translate(0x4000)).isEqualTo(-1);
        assertThat(space.translate(0)).isEqualTo(-1);
        world.bus().forget();
        assertThat(space.unmap(0, 0x10_000)).isEqualTo(Errno.OK);
        // One flush of its own DomainID and one wait: amd-viommu reference 9.2, Ch=2.
        assertThat(world.bus().lines("enter", "leave", "note", "command"))
                .containsExactly(
                        "enter 0 IOAS_UNMAP 0", "command 0 3", "command 0 1", "note 0 unpin 3", "leave 0 IOAS_UNMAP 0");
        assertThat(world.reach(DEVICE, 0x3008, AccessKind.WRITE)).isEqualTo(-1);
    }

    @Test
    void hardwareThatTakesNoCommandsIsTold() {
        space.map(0x1000, 0x80_0000, 0x1000, 3);
        space.map(0x8000, 0x80_0000, 0x1000, 3);
        world.bus().iommu(0).forceRegister(0x18, 1);
        assertThat(space.unmap(0x8000, 0x1000)).isEqualTo(Errno.TIMED_OUT);
    }

    @Test
    void rightsAreKept() {
        space.map(0x1000, 0x80_0000, 0x1000, 1);
        assertThat(world.reach(DEVICE, 0x1000, AccessKind.READ)).isEqualTo(0x80_0000);
        assertThat(world.reach(DEVICE, 0x1000, AccessKind.WRITE)).isEqualTo(-1);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(space.map(0x1001, 0, 0x1000, 3)).isEqualTo(Errno.INVALID);
        assertThat(space.map(0x1000, 0, 0, 3)).isEqualTo(Errno.INVALID);
        assertThat(space.map(0x1000, 0, -0x1000, 3)).isEqualTo(Errno.INVALID);
        assertThat(space.unmap(0x1000, 0)).isEqualTo(Errno.INVALID);
        assertThat(space.unmap(0x1000, 0x1000)).isEqualTo(Errno.NO_ENTRY);
        space.map(0x1000, 0x80_0000, 0x3000, 3);
        assertThat(space.map(0x3000, 0x90_0000, 0x1000, 3)).isEqualTo(Errno.EXISTS);
        assertThat(space.unmap(0x2000, 0x4000)).isEqualTo(Errno.INVALID);
        assertThat(space.unmap(0, 0x2000)).isEqualTo(Errno.INVALID);
        assertThat(space.size()).isEqualTo(1);
    }

    @Test
    void beyondTheLimitNothingIsMapped() {
        for (int i = 0; i < 3; i++) {
            assertThat(space.map(0x1000L * i, 0x80_0000, 0x1000, 3)).isEqualTo(Errno.OK);
        }
        assertThat(space.map(0x10_000, 0x80_0000, 0x1000, 3)).isEqualTo(Errno.NO_SPACE);
        assertThat(IoAddressSpace.DMA_ENTRY_LIMIT).isEqualTo(65_535);
    }

    @Test
    void aDomainThatJoinsGetsWhatIsMapped() {
        space.map(0x1000, 0x80_0000, 0x1000, 3);
        HostDomain other = Objects.requireNonNull(host.createDomain());
        assertThat(space.add(other)).isEqualTo(Errno.OK);
        assertThat(space.domains()).containsExactly(domain, other);
        host.attach(DEVICE + 1, other);
        assertThat(world.reach(DEVICE + 1, 0x1000, AccessKind.READ)).isEqualTo(0x80_0000);
        space.remove(other);
        assertThat(space.domains()).containsExactly(domain);
    }

    @Test
    void whatOneDomainCannotTakeIsInNone() {
        HostDomain other = Objects.requireNonNull(host.createDomain());
        host.map(other, 0x1000, 0x90_0000, 0x1000, 3);
        space.add(other);
        world.bus().forget();
        assertThat(space.map(0x1000, 0x80_0000, 0x1000, 3)).isEqualTo(Errno.EXISTS);
        assertThat(world.bus().lines("note")).containsExactly("note 0 pin 1", "note 0 unpin 1");
        assertThat(world.reach(DEVICE, 0x1000, AccessKind.READ)).isEqualTo(-1);
        assertThat(space.size()).isZero();
    }

    @Test
    void aDomainThatCannotTakeWhatIsMappedDoesNotJoin() {
        space.map(0x1000, 0x80_0000, 0x1000, 3);
        HostDomain other = Objects.requireNonNull(host.createDomain());
        host.map(other, 0x1000, 0x90_0000, 0x1000, 3);
        assertThat(space.add(other)).isEqualTo(Errno.EXISTS);
        assertThat(space.domains()).containsExactly(domain);
    }
}
