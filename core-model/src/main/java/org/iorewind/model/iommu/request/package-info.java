/**
 * Peripheral page requests.
 *
 * <pre>
 *   request ─▶ PprEn? ─▶ DTE ─▶ DTE[PPR]? ─▶ PASID allowed? ─▶ stop marker? ─▶ PPR log ─▶ software ─▶ COMPLETE_PPR_REQUEST
 *                 │                │               │               │             │ full, stopped          │
 *              INVALID          INVALID         INVALID         BLOCKED          └─▶ automatic response   └─▶ pageResponse
 * </pre>
 */
@NullMarked
package org.iorewind.model.iommu.request;

import org.jspecify.annotations.NullMarked;
