package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;
import org.iorewind.model.platform.MemoryRole;

/** The registers and bits of one log (reference 1.4, 1.5, 1.10, 1.11). */
enum LogRegisters {
    EVENTS(
            MemoryRole.EVENT_LOG,
            RegisterDescriptor.EVENT_BASE,
            RegisterDescriptor.EVENT_HEAD,
            RegisterDescriptor.EVENT_TAIL,
            ControlDescriptor.EVENT_LOG_EN,
            StatusDescriptor.EVENT_OVERFLOW,
            StatusDescriptor.EVENT_LOG_INT),
    PAGE_REQUESTS(
            MemoryRole.PPR_LOG,
            RegisterDescriptor.PPR_BASE,
            RegisterDescriptor.PPR_HEAD,
            RegisterDescriptor.PPR_TAIL,
            ControlDescriptor.PPR_LOG_EN,
            StatusDescriptor.PPR_OVERFLOW,
            StatusDescriptor.PPR_INT);

    final MemoryRole role;
    final int base;
    final int head;
    final int tail;
    final long enable;
    final long overflow;
    final long interrupt;

    LogRegisters(MemoryRole role, int base, int head, int tail, long enable, long overflow, long interrupt) {
        this.role = role;
        this.base = base;
        this.head = head;
        this.tail = tail;
        this.enable = enable;
        this.overflow = overflow;
        this.interrupt = interrupt;
    }
}
