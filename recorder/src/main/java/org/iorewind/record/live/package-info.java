/**
 * A recording while it is made.
 *
 * <pre>
 *   QEMU ──▶ named pipe ──▶ LogReceiver ──▶ LiveQemuLog ──▶ MeteredAppender ──▶ trace
 *     ▲                       (thread)       (thread)            │
 *     └── QmpClient ◀── LiveRecording ◀──────────────────────────┘
 *                         │   (the caller's thread)
 *                         └─▶ RecordingStatus ─▶ RecordingListener: status line, OpenMetrics file
 * </pre>
 *
 * <p>Back-pressure goes from right to left: a trace that is slow makes QEMU wait in its own log line; nothing is dropped.
 */
@NullMarked
package org.iorewind.record.live;

import org.jspecify.annotations.NullMarked;
