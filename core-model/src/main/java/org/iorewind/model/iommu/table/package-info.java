/**
 * Layouts of the tables in memory, and the reading of device table entries.
 *
 * <pre>
 *   0000h base ──▶ device table ──DeviceID──▶ DTE ──root, Mode──▶ page tables (walks: package translate)
 *                                              └───root, IntTabLen──▶ interrupt table (package interrupt)
 * </pre>
 */
@NullMarked
package org.iorewind.model.iommu.table;

import org.jspecify.annotations.NullMarked;
