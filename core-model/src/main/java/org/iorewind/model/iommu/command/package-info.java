/**
 * The command ring and its commands.
 *
 * <pre>
 *   tail write ──▶ CommandRing.process
 *                     │ while running and head != tail, at most one ring full
 *                     ├─ fetch 16 bytes ── fails ──▶ COMMAND_HARDWARE_ERROR, CmdBufRun=0
 *                     ├─ reserved bits, feature ───▶ ILLEGAL_COMMAND_ERROR,  CmdBufRun=0, head stays
 *                     ├─ CommandExecutor: caches dropped, completion stored
 *                     └─ head + 16
 * </pre>
 *
 * <p>Commands take effect at once, in order: this model has no delay between fetch and effect.
 */
@NullMarked
package org.iorewind.model.iommu.command;

import org.jspecify.annotations.NullMarked;
