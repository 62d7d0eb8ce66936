/**
 * The deterministic model: an IOMMU, and the memory it works on.
 *
 * <pre>
 *   inputs                          model                               effects
 *   MMIO write ──▶ ┌──────────────────────────────────────────┐
 *   DMA request ─▶ │ iommu.Iommu                              │ ──▶ iommu.EffectSink
 *   interrupt ───▶ │   registers, caches, ring, logs          │ ──▶ platform.device: caches of devices
 *   page request ▶ │                                          │
 *   ATS request ─▶ │                                          │
 *                  └──────────────┬───────────────────────────┘
 *                                 ▼
 *                  memory.MemoryPort (memory.SparseMemory)
 * </pre>
 *
 * <p>Nothing here has a clock, a thread, randomness or I/O: the same inputs with the same options give the same effects
 * and the same {@link org.iorewind.model.StateHasher state hash} everywhere.
 */
@NullMarked
package org.iorewind.model;

import org.jspecify.annotations.NullMarked;
