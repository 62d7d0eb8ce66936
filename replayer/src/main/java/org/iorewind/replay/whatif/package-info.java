/**
 * What if: a replay with other options of the model, without some of the inputs or commands, or with inputs that never were.
 *
 * <pre>
 *   trace ──▶ EventFilter: dropped? ──▶ Injection: something before it? ──▶ CommandFilter: blank commands ──▶ Playback
 *                                                                                                             │
 *                                                        what was recorded, compared with what would have been ◀─┘
 * </pre>
 */
@NullMarked
package org.iorewind.replay.whatif;

import org.jspecify.annotations.NullMarked;
