/**
 * The VMM's software: virtual machines, and the IOMMUs that they see.
 *
 * <pre>
 *   options ─▶ topology.Topology ─▶ acpi.IvrsWriter ─▶ IVRS of the guest
 *
 *   guest's driver ──▶ GuestPort ──▶ VirtualMachine (memory)      VirtualIommu (registers)
 *                                       │ stores to tables that      │
 *                                       │ the VMM intercepts         ├─ SoftwareViommu: emulated; ShadowTable for passthrough
 *                                       └───────────────────────────▶└─ HardwareViommu: host's ViommuCalls, VF page
 * </pre>
 *
 * <p>A machine may have several of both kinds; a device is behind the one that it was attached to. A machine's owner is the host or
 * another machine: its VMM then runs there, by the same code.
 */
@NullMarked
package org.iorewind.model.platform.vmm;

import org.jspecify.annotations.NullMarked;
