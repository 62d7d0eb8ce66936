/**
 * Measurements, each next to a peer where there is one.
 *
 * <pre>
 *   benchmarks/run [NAME…] ─▶ Figures ─▶ JMH (throughput, one thread) or a direct measurement (sizes)
 *                                 └─▶ name value unit [peer peerValue ratio]
 *   benchmarks/run hitrate ─▶ HitRate ─▶ docs/hit-rate.svg, docs/benchmarks.md
 * </pre>
 */
@NullMarked
package org.iorewind.bench;

import org.jspecify.annotations.NullMarked;
