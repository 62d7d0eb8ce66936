package org.iorewind.model.platform;

/** Names of calls in recordings: promises, since costs are counted by them. */
public final class CallNames {
    /** DMA API: maps a range; iova, physical, size, device. */
    public static final String MAP = "map";
    /** DMA API: unmaps a range; iova, size, device. */
    public static final String UNMAP = "unmap";
    /** DMA API: changes the rights of a mapped range; iova, size, device. */
    public static final String PROTECT = "protect";
    /** Invalidation and wait that a lazy policy put off. */
    public static final String FLUSH = "flush";
    /** A device gets a domain; device. */
    public static final String ATTACH = "attach";
    /** A device loses its domain; device. */
    public static final String DETACH = "detach";
    /** A driver handles the entries of its event log. */
    public static final String FAULT = "fault";
    /** A driver handles the entries of its PPR log. */
    public static final String PAGE_REQUEST = "ppr";
    /** A driver gives a process's address space to a device; physical is the PASID, device. */
    public static final String BIND = "bind";
    /** A driver takes it away; physical is the PASID, device. */
    public static final String UNBIND = "unbind";
    /** A driver sets up or changes interrupt remapping; size is the index, device. */
    public static final String INTERRUPT_SET_UP = "interrupt";
    /** A driver sets itself up. */
    public static final String BOOT = "boot";

    /** VIOMMU_VM_INIT; size is the GuestID afterwards. */
    public static final String VM_INIT = "VIOMMU_VM_INIT";
    /** VIOMMU_VM_DESTROY. */
    public static final String VM_DESTROY = "VIOMMU_VM_DESTROY";
    /** VIOMMU_DEVICE_ATTACH: requester is the host's, iova the guest's DeviceID. */
    public static final String DEVICE_ATTACH = "VIOMMU_DEVICE_ATTACH";
    /** VIOMMU_DEVICE_DETACH. */
    public static final String DEVICE_DETACH = "VIOMMU_DEVICE_DETACH";
    /** VIOMMU_DOMAIN_ATTACH: iova is the guest's, physical the host's DomainID. */
    public static final String DOMAIN_ATTACH = "VIOMMU_DOMAIN_ATTACH";
    /** VIOMMU_DOMAIN_DETACH. */
    public static final String DOMAIN_DETACH = "VIOMMU_DOMAIN_DETACH";
    /** VIOMMU_MMIO_ACCESS: iova is the offset, physical the value, size 1 for a write. */
    public static final String MMIO_ACCESS = "VIOMMU_MMIO_ACCESS";
    /** VIOMMU_CMDBUF_MAP_UPDATE: iova is the guest physical address, size in bytes. */
    public static final String CMDBUF_MAP_UPDATE = "VIOMMU_CMDBUF_MAP_UPDATE";
    /** VFIO or iommufd: maps guest memory into the host's table; iova, physical, size. */
    public static final String HOST_MAP = "IOAS_MAP";
    /** VFIO or iommufd: unmaps; iova, size. */
    public static final String HOST_UNMAP = "IOAS_UNMAP";
    /** Any other call to iommufd: the name of its object follows. */
    public static final String IOMMUFD_PREFIX = "iommufd.";

    /** The host pins memory; size in pages. */
    public static final String PIN = "pin";
    /** The host unpins memory; size in pages. */
    public static final String UNPIN = "unpin";
    /** Software reads tables, rings or logs in memory; size is the number of quadwords. */
    public static final String SOFTWARE_READ = "software-read";
    /** The VMM brings its shadow table up to date; iova, size. */
    public static final String SHADOW_SYNC = "shadow-sync";
    /** The VMM injects an interrupt into the guest. */
    public static final String INJECT_INTERRUPT = "inject-interrupt";

    private CallNames() {}
}
