/**
 * The IOMMU as hardware: it knows nothing of drivers, only of registers, tables and requests.
 *
 * <pre>
 *  MMIO ──▶ register.HostRegisters ──doorbell──▶ command.CommandRing ──▶ caches dropped, completion stored
 *                                                     │ bad command
 *                                                     ▼
 *  DMA ───▶ translate.Translator ───── fault ──▶ log.EventLog ──▶ memory, own interrupt
 *             │        │  ▲                           ▲
 *             │  cache │  │ table                     │ fault
 *             ▼        ▼  │                           │
 *           cache.*   table.* walks            interrupt.InterruptRemapper ◀── interrupt request
 *
 *  ATS ────▶ translate.TranslationRequests ──▶ answer         page request ──▶ request.PageRequests ──▶ log.PageRequestLog
 *  invalidation response ──▶ ats.DeviceInvalidations ──▶ a command ring that waited goes on
 *
 *  VF page, VF-control ──▶ virtual.VirtualIommus ──▶ guests' rings, logs and interrupts, by the host's caches and tables
 *
 *  counter.CountingSink counts what is told
 *
 *  quirk.Quirks: what a recorded device does otherwise, one object for each point above
 * </pre>
 *
 * <p>{@link org.iorewind.model.iommu.Iommu} is the only entrance; {@link org.iorewind.model.iommu.EffectSink} the only
 * exit. "Reference n.m" in this package and below means the section of the project's reference on the AMD I/O
 * Virtualization Technology specification (48882); field names are the specification's.
 */
@NullMarked
package org.iorewind.model.iommu;

import org.jspecify.annotations.NullMarked;
