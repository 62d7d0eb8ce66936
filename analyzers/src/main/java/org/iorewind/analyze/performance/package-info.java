/**
 * What the traffic of a recording looks like: rates, commands, waits, caches, walks, working sets.
 *
 * <pre>
 *   Replay ── events, effects ─▶ PerformanceWatcher ─┬─ CommandTraffic  commands, doorbells, waits
 *                                                    ├─ CacheTraffic    caches, walk reads, page sizes
 *                                                    ├─ ReuseDistances  other pages between two uses of one
 *                                                    └─ DeviceTraffic   each device: requests, working set over time
 *                                                              ▼
 *                                                        Performance ─▶ reports, each number with a filter for `dump`
 * </pre>
 *
 * <p>Counts of caches and walks are those of the model that replays, which the profile chooses; times are those of the
 * recording.
 */
@NullMarked
package org.iorewind.analyze.performance;

import org.jspecify.annotations.NullMarked;
