/**
 * The rules of the protocol between software, tables and the IOMMU.
 *
 * <pre>
 *   events, effects ─▶ ProtocolAnalyzer ─┬─▶ Shadow: device tables, page tables, GCR3 tables ─┬─▶ InvalidationRules
 *                                        │     (what memory says, entry by entry)             ├─▶ DeviceEntryRules
 *                                        │                                                    ├─▶ ReachRules, UseRules
 *                                        ├─▶ RingRules, InterruptRules                        └─▶ …
 *                                        └─▶ GuestRules
 * </pre>
 *
 * <p>The shadow knows tables by memory alone: it does not matter whether the model has cached an entry. Only stores by a
 * processor, in order, are judged; what a source merely found in memory at some time moves the shadow and accuses nobody.
 */
@NullMarked
package org.iorewind.analyze.protocol;

import org.jspecify.annotations.NullMarked;
