package org.iorewind.model.platform.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.iorewind.model.iommu.virtual.MapDescriptor;
import org.iorewind.model.iommu.virtual.PrivateSpaceDescriptor;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.vmm.NestParent;

/** amd-viommu reference 14.3, 1 to 3: what holds after each call, whatever a VMM asks for and in which order. */
class ViommuInvariantPropertyTest {
    private static final int DEVICES = 4;
    private static final int FIRST_DEVICE = 0x40;

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void idsAndEntriesBelongTogether(@ForAll @Size(min = 20, max = 60) List<@IntRange(max = 0xFFFF) Integer> steps) {
        VirtualWorld world = VirtualWorld.booted();
        NestParent parent = world.parent(world.machine(1));
        for (int step : steps) {
            int result = call(world, parent, step);
            assertThat(result).isBetween(-200, 0xFFFF);
            check(world);
        }
    }

    private static int call(VirtualWorld world, NestParent parent, int step) {
        ViommuCalls calls = world.calls();
        int guest = 1 + (step >>> 4 & 1);
        int host = FIRST_DEVICE + (step >>> 5 & DEVICES - 1);
        int device = step >>> 7 & 3;
        int domain = step >>> 9 & 3;
        return switch (step & 15) {
            case 0, 1 -> world.driver().guest(guest) == null ? calls.vmInit(guest, parent.domain()) : Errno.OK;
            case 2 -> calls.vmDestroy(guest);
            case 3, 4, 5 -> calls.deviceAttach(guest, host, device);
            case 6 -> calls.deviceDetach(guest, device);
            case 7, 8 -> calls.domainAttach(guest, device, domain);
            case 9 -> calls.domainDetach(guest, device, domain);
            case 10 -> calls.attachParent(guest, device);
            case 11 -> calls.attachBlocked(guest, device);
            case 12 -> world.host().map(parent.domain(), 1L << 40, 0, 0x1000, 3);
            default -> calls.attachNested(guest, device, DeviceEntryImage.guest(domain, 0x20_0000, 1, 4, true));
        };
    }

    private static void check(VirtualWorld world) {
        // 1. No two guests share a DomainID of the host.
        List<Integer> domains = new ArrayList<>();
        for (Viommu guest : world.driver().guests()) {
            for (int domain = 0; domain < 4; domain++) {
                int host = guest.hostDomain(domain);
                if (host >= 0) {
                    assertThat(domains).doesNotContain(host);
                    domains.add(host);
                }
            }
            // 3. The translate entry leads to the parent's tables.
            DeviceEntryImage translate = world.host().driver().deviceTable().get(guest.translateDevice());
            assertThat(translate).isEqualTo(guest.parent().entry());
        }
        // 2. An entry with vImuEn names a guest that lives, whose map leads back.
        for (int device = FIRST_DEVICE; device < FIRST_DEVICE + DEVICES; device++) {
            long q3 = world.host().driver().deviceTable().get(device).quadword3();
            if ((q3 >>> 15 & 1) != 0) {
                int guest = (int) (q3 >>> 32) & 0xFFFF;
                int guestDevice = (int) (q3 >>> 16) & 0xFFFF;
                assertThat(world.driver().guest(guest)).isNotNull();
                long at = world.driver().privateAddress(PrivateSpaceDescriptor.deviceEntry(guest, guestDevice));
                long entry = world.bus().load(at);
                assertThat(MapDescriptor.isValid(entry)).isTrue();
                assertThat(MapDescriptor.hostId(entry)).isEqualTo(device);
            }
        }
    }
}
