/**
 * What a driver of an AMD IOMMU does, whatever machine it runs on: the host's and a guest's driver are made of it. It
 * reaches memory and registers by a {@link org.iorewind.model.platform.DriverPort} only; addresses are that port's physical
 * ones.
 *
 * <pre>
 *                        IommuDriver (boot)
 *     ┌──────────────┬────────┴────────┬───────────────────┐
 *  CommandQueue  EventLogReader   DeviceTableWriter    IoPageTable: HostPageTable (v1), GuestPageTable (v2)
 *   Command      PageRequestLog-   DeviceEntryImage    Gcr3Table: PASID ──▶ root of a v2 table
 *   AddressSpan      Reader                            DomainIds
 *     │              ▲                 │                   │
 *     ▼              │                 ▼                   ▼
 *   ring, tail   log, head, tail     table               tables          registers and memory of a DriverPort
 * </pre>
 *
 * <p>The bits stand in the descriptors of {@code model.iommu}; this package only uses them. What it allocates it clears before
 * hardware may read it.
 */
@NullMarked
package org.iorewind.model.platform.driver;

import org.jspecify.annotations.NullMarked;
