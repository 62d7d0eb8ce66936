/**
 * The command ring and its commands.
 *
 * <pre>
 *   tail write ──▶ CommandRing.process
 *                     │ while running and head != tail, at most one ring full
 *                     ├─ fetch 16 bytes ── fails ──▶ COMMAND_HARDWARE_ERROR, CmdBufRun=0
 *                     ├─ reserved bits, feature ───▶ ILLEGAL_COMMAND_ERROR,  CmdBufRun=0, head stays
 *                     ├─ must wait for devices ────▶ head stays until they answer, the ring runs on then
 *                     ├─ CommandExecutor ──┬─ completion stored, page requests answered
 *                     │                    ├─ PendingInvalidations ── at once, or some inputs later ──▶ Invalidations
 *                     │                    ├─ ats.DeviceInvalidations: INVALIDATE_IOTLB_PAGES
 *                     └─ head + 16         └─ Prefetcher
 * </pre>
 *
 * <p>Commands take effect at once and in order, unless the options ask for delayed invalidations: then each of those takes
 * effect by itself, at the latest before a COMPLETION_WAIT behind it completes or the ring stops.
 */
@NullMarked
package org.iorewind.model.iommu.command;

import org.jspecify.annotations.NullMarked;
