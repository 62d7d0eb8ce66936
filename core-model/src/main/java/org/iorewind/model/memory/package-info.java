/**
 * System memory as an IOMMU sees it. Every access can fail, and says how.
 *
 * <pre>
 *   model ──load/store──▶ MemoryPort ◀── SparseMemory ── 4 KiB pages, one validity bit for each byte
 *                              │
 *                              └─▶ MemoryStatus: OK, ABORT, POISON, NOT_RECORDED
 * </pre>
 */
@NullMarked
package org.iorewind.model.memory;

import org.jspecify.annotations.NullMarked;
