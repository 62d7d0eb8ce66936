package org.iorewind.model.platform.vmm;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.host.HostDomain;
import org.iorewind.model.platform.host.HostDriver;
import org.iorewind.model.platform.host.IoAddressSpace;
import org.jspecify.annotations.Nullable;

/**
 * All of a machine's memory, mapped and pinned in one domain of the host: the second stage below all tables of the guest for the
 * devices behind one physical IOMMU (amd-viommu reference 9.2).
 *
 * @param host driver of that IOMMU
 * @param space mappings
 * @param domain guest physical to physical
 */
public record NestParent(HostDriver host, IoAddressSpace space, HostDomain domain) {
    /** Maps a machine's memory, or gives nothing if the host has no DomainID left. */
    public static @Nullable NestParent of(VirtualMachine machine, HostDriver host) {
        HostDomain domain = host.createDomain();
        if (domain == null) {
            return null;
        }
        IoAddressSpace space = new IoAddressSpace(host, Integer.MAX_VALUE);
        space.add(domain);
        int result = space.map(0, machine.ownerBase(), machine.bytes(), AccessKind.RIGHTS_ALL);
        return result == Errno.OK ? new NestParent(host, space, domain) : null;
    }
}
