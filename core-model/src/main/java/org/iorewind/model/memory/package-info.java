/**
 * System memory as an IOMMU sees it. Every access can fail, and says how. Its state can be kept and taken back cheaply.
 *
 * <pre>
 *   model ──load/store──▶ MemoryPort ◀── SparseMemory ──┬─ MemoryFailures: ranges, and the n-th access
 *                              │                        └─ PageSet: 4 KiB pages, one validity bit for each byte
 *                              └─▶ MemoryStatus                        │ copied at the first write
 *                                  OK, ABORT,                          ▼ after a snapshot
 *                                  POISON, NOT_RECORDED        MemorySnapshot … MemorySnapshot
 * </pre>
 */
@NullMarked
package org.iorewind.model.memory;

import org.jspecify.annotations.NullMarked;
