/**
 * The host's software: its IOMMU driver, hardware vIOMMU, and the calls by which a VMM uses both.
 *
 * <pre>
 *   VMM ──▶ ViommuCalls (VIOMMU_*, 2020)   Iommufd (objects, today)   IoAddressSpace (IOAS_MAP, IOAS_UNMAP)
 *                 │                             │                            │
 *                 └──────────┬──────────────────┘                            │
 *                            ▼                                               ▼
 *   ViommuDriver ── Viommu (a guest): GuestMaps, GuestDomains,          HostDomain (v1 tables, DomainID,
 *     │    │         GuestBuffers, GuestRegisterMap, GuestSlot            DomainIDs of guests below)
 *     │    └─ EventRelay: faults to guests, recovery                         │
 *     ▼                                                                      ▼
 *   PrivateSpace (IPA ──▶ SPA)        HostDriver ─────────────────────▶ driver.IommuDriver
 * </pre>
 *
 * <p>Calls that a VMM makes answer with errno values of {@link org.iorewind.model.platform.driver.Errno}; none throws.
 */
@NullMarked
package org.iorewind.model.platform.host;

import org.jspecify.annotations.NullMarked;
