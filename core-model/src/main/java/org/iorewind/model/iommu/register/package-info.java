/**
 * The registers of the host, in the IOMMU's MMIO window and in configuration space.
 *
 * <pre>
 *    0000h ┌────────────────────────────┐        HostRegisters: access rules, side effects
 *          │ bases, control, features   │              │    └─ RunBits: what CONTROL starts and stops
 *    1000h ├────────────────────────────┤              ▼
 *          │ (reserved)                 │        RegisterFile: the bits ◀── mirrors ──▶ CapabilityBlock: configuration space
 *    2000h ├────────────────────────────┤              ▲
 *          │ heads, tails, status       │              │
 *    4000h ├────────────────────────────┤        …Descriptor: where each field lies
 *          │ counters, with PCSup       │        CompletionWindow, MarcApertures: what registers say of an address
 *   80000h └────────────────────────────┘
 * </pre>
 */
@NullMarked
package org.iorewind.model.iommu.register;

import org.jspecify.annotations.NullMarked;
