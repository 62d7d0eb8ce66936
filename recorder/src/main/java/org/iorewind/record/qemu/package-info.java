/**
 * QEMU as a program: what it can do, how to start it so that it can be recorded, and how to talk to it.
 *
 * <pre>
 *   the user's words ─▶ QemuCommand ─┐
 *   QemuProbe ─▶ Capabilities ───────┼─▶ RecordingPlan ─▶ QemuProcess ──▶ QEMU
 *   PlanOptions ─────────────────────┘   what is added,        │           ▲
 *                                        why, and what can     └ QmpClient ┘
 *                                        still be missed
 * </pre>
 *
 * <p>Nothing is added to a command line without a reason that is shown, and nothing that cannot be recorded is left out
 * without its name.
 */
@NullMarked
package org.iorewind.record.qemu;

import org.jspecify.annotations.NullMarked;
