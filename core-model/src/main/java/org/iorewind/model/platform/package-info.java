/**
 * Models of the software around an IOMMU, and of the devices behind it. Software writes memory and registers, nothing else:
 * it reaches the hardware only by a {@link org.iorewind.model.platform.SystemBus}, so that what it does can be recorded
 * and replayed without it.
 *
 * <pre>
 *  guest.*  DMA API, flushing policies ──┐ DriverPort (guest physical)
 *                                        ▼
 *  vmm.*    amd-iommu (emulated, shadowed), amd-viommu, topology, IVRS
 *             │ calls                    │
 *             ▼                          │
 *  host.*   host driver, vIOMMU calls    │       device.*  NIC, NVMe, SVA, misbehaving ones
 *             │ DriverPort (physical)    │           │ DevicePort
 *             ▼                          ▼           ▼
 *        ┌──────────────────────  SystemBus  ─────────────────────┐
 *        │ memory, registers, DMA, interrupts; markers and exits  │ ──▶ iommu.Iommu number 0, 1, …
 *        └────────────────────────────────────────────────────────┘
 *  driver.* what host and guest drivers share: rings, logs, device table, page tables
 * </pre>
 *
 * <p>IOMMU number 0 is the physical one; the emulated ones of VMMs follow. Guests have numbers from 1; 0 is the host.
 */
@NullMarked
package org.iorewind.model.platform;

import org.jspecify.annotations.NullMarked;
