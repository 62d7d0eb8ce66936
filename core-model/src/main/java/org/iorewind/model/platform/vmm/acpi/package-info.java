/**
 * The ACPI table that tells a guest of its IOMMUs: I/O Virtualization Reporting Structure (amd-iommu reference 10).
 *
 * <pre>
 *  topology.Topology ─ IvrsPlan ─▶ IvrsTable ─ IvrsWriter ─▶ bytes ─▶ the guest, or ACPICA
 *                                      ▲                       │
 *                                      └────── IvrsReader ◀────┘ any firmware's
 *                                      │           │
 *                                      ▼           ▼
 *                                  IvrsCheck ─▶ IvrsFinding: what is wrong, and where
 *
 *  header 36 │ IVinfo 4 │ reserved 8 │ IVHD: unit 0 │ IVHD: unit 1 │ … │ IVMD │ …
 *                                      type 10h, 11h or 40h            20h, 21h, 22h
 * </pre>
 *
 * <p>A table of a firmware may be anything: the reader throws at nothing, and its work is bounded by the table's size.
 */
@NullMarked
package org.iorewind.model.platform.vmm.acpi;

import org.jspecify.annotations.NullMarked;
