/**
 * The MMIO register file of the host: the first and the third 4 KiB of the IOMMU's window.
 *
 * <pre>
 *   0000h ┌────────────────────────────┐        HostRegisters: access rules, side effects
 *         │ bases, control, features   │              │
 *   1000h ├────────────────────────────┤              ▼
 *         │ (reserved)                 │        RegisterFile: the bits
 *   2000h ├────────────────────────────┤              ▲
 *         │ heads, tails, status       │              │
 *   3000h └────────────────────────────┘        …Descriptor: where each field lies
 * </pre>
 */
@NullMarked
package org.iorewind.model.iommu.register;

import org.jspecify.annotations.NullMarked;
