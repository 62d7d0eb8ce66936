/**
 * Hardware vIOMMU (amd-viommu reference 1 to 6): guests ring their own doorbells, and the IOMMU does for them what it does
 * for the host, with the host's IDs in place of theirs.
 *
 * <pre>
 *   host ──VF-control──▶ GuestRegisters ◀──VF page── guest
 *              │ map control   │ enable, tail
 *              ▼               ▼
 *           IdMaps ◀──IDs── GuestRings ─▶ GuestCommand ──▶ command.CommandExecutor      host's caches and devices
 *              │               │              │ bad command          │
 *              ▼               ▼              ▼                      ▼
 *           PrivateSpace: own device table entry, or that of the translate DeviceID ──▶ memory
 *              ▲
 *           GuestLogs ◀── fault of a guest's tables, page request of a guest's device, HostCommands ◀── host's ring
 *              │
 *              ▼
 *           GuestSignals ──▶ interrupt for the guest
 * </pre>
 *
 * <p>{@link org.iorewind.model.iommu.virtual.VirtualIommus} is the only entrance. What fails while hardware works for a guest
 * ends in the host's event log; nothing that a guest does stops the host's ring or touches another guest. "amd-viommu
 * reference n.m" means the section of the project's reference on this feature; ids MC-V1 to MC-V18 are its model choices MC1
 * to MC18.
 */
@NullMarked
package org.iorewind.model.iommu.virtual;

import org.jspecify.annotations.NullMarked;
