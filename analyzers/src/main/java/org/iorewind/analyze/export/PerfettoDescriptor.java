package org.iorewind.analyze.export;

/**
 * Numbers of fields and enumerations of Perfetto's trace format, as its published protos have them.
 *
 * <pre>
 *     Trace                 packet = 1
 *     TracePacket           timestamp = 8, trusted_packet_sequence_id = 10, track_event = 11, sequence_flags = 13,
 *                           track_descriptor = 60
 *     TrackDescriptor       uuid = 1, name = 2, parent_uuid = 5, counter = 8
 *     CounterDescriptor     unit = 3
 *     TrackEvent            debug_annotations = 4, type = 9, track_uuid = 11, categories = 22, name = 23,
 *                           counter_value = 30, flow_ids = 47 (fixed64), terminating_flow_ids = 48 (fixed64)
 *     DebugAnnotation       uint_value = 3, string_value = 6, pointer_value = 7, name = 10
 * </pre>
 *
 * <p>Files: {@code protos/perfetto/trace/trace.proto}, {@code trace_packet.proto}, {@code track_event/track_event.proto},
 * {@code track_event/track_descriptor.proto}, {@code track_event/counter_descriptor.proto},
 * {@code track_event/debug_annotation.proto}.
 */
final class PerfettoDescriptor {
    static final int PACKET = 1;

    static final int TIMESTAMP = 8;
    static final int SEQUENCE_ID = 10;
    static final int TRACK_EVENT = 11;
    static final int SEQUENCE_FLAGS = 13;
    static final int TRACK_DESCRIPTOR = 60;

    static final int UUID = 1;
    static final int TRACK_NAME = 2;
    static final int PARENT = 5;
    static final int COUNTER = 8;
    static final int UNIT = 3;
    static final int UNIT_COUNT = 2;
    static final int UNIT_BYTES = 3;

    static final int ANNOTATION = 4;
    static final int TYPE = 9;
    static final int TRACK = 11;
    static final int CATEGORY = 22;
    static final int NAME = 23;
    static final int COUNTER_VALUE = 30;
    static final int FLOW = 47;
    static final int LAST_FLOW = 48;

    static final int SLICE_BEGIN = 1;
    static final int SLICE_END = 2;
    static final int INSTANT = 3;
    static final int COUNTER_EVENT = 4;

    static final int UNSIGNED_VALUE = 3;
    static final int TEXT_VALUE = 6;
    static final int POINTER_VALUE = 7;
    static final int ANNOTATION_NAME = 10;

    /** What was said before on this sequence is void: a reader may begin here. */
    static final int STATE_CLEARED = 1;

    private PerfettoDescriptor() {}
}
