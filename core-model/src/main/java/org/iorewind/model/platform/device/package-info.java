/**
 * Models of devices, as far as what they send depends on what the IOMMU told them.
 *
 * <pre>
 *   DeviceAtc ── translation request ──▶ Iommu ── answer ──▶ DeviceAtc keeps it
 *      │  └───── translated request ───▶ Iommu passes it without a walk
 *      ◀──────── invalidation request ── Iommu
 * </pre>
 */
@NullMarked
package org.iorewind.model.platform.device;

import org.jspecify.annotations.NullMarked;
