/**
 * Address translation services (reference 3.3, 7.1): what passes between the IOMMU and the caches of devices.
 *
 * <pre>
 *   device ── translation request ──▶ translate.TranslationRequests ── answer: page, size, R W U N X ──▶ device's cache
 *   device ◀── invalidation request ── DeviceInvalidations ◀── INVALIDATE_IOTLB_PAGES
 *   device ─── invalidation response ─▶ DeviceInvalidations ──▶ a waiting ring goes on
 *                  (or time-out)                  └─ IOTLB_INV_TIMEOUT
 * </pre>
 *
 * <p>The caches of devices are no part of the IOMMU: {@code model.platform.device} has one.
 */
@NullMarked
package org.iorewind.model.iommu.ats;

import org.jspecify.annotations.NullMarked;
