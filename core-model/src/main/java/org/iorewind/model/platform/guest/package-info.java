/**
 * A guest's driver of its IOMMU, after Linux's: the DMA API on v1 or v2 tables, shared virtual memory, interrupts, faults. It does
 * not know whether its IOMMU is hardware, emulated, or both in turn: it only has a
 * {@link org.iorewind.model.platform.DriverPort}.
 *
 * <pre>
 *   GuestDriver ── GuestOptions: TableFormat, FlushPolicy, NpCache, DriverBugs
 *     ├── Attachments ──▶ device table entries;  DmaDomain ──▶ IoPageTable, IovaAllocator
 *     ├── Invalidator ──▶ commands after each change
 *     ├── SharedSpaces ─▶ ProcessSpace by PASID; PPR log
 *     ├── InterruptTables
 *     └── FaultLedger ◀── event log
 * </pre>
 */
@NullMarked
package org.iorewind.model.platform.guest;

import org.jspecify.annotations.NullMarked;
