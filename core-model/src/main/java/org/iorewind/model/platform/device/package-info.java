/**
 * Models of devices: what they send depends on what the IOMMU and memory told them, and on nothing else but a seed. They reach the
 * machine by a {@link org.iorewind.model.platform.DevicePort}.
 *
 * <pre>
 *   RingNic          descriptors, payload, write-back         ┐
 *   NvmeController   queues, lists of pages, completions      │
 *   InterruptSource  messages                                 ├──▶ DevicePort ──▶ SystemBus ──▶ Iommu
 *   RogueDevice      what no device should do                 │
 *   SharingDevice    PASIDs, page requests                    │
 *     └─ DeviceAtc ── translation request ────────────────────┘
 *          │  └───── translated request ──▶ passes without a walk
 *          ◀──────── invalidation request, answer ── Iommu
 * </pre>
 *
 * <p>A work of a device is bounded by what the caller asked, not by what memory holds.
 */
@NullMarked
package org.iorewind.model.platform.device;

import org.jspecify.annotations.NullMarked;
