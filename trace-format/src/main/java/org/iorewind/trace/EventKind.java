package org.iorewind.trace;

import static org.iorewind.trace.EventClass.BOOK_KEEPING;
import static org.iorewind.trace.EventClass.INPUT;
import static org.iorewind.trace.EventClass.MARKER;
import static org.iorewind.trace.EventClass.OBSERVATION;

import org.jspecify.annotations.Nullable;

/** Every event type of this schema version. Names and ids are those of {@code iorewind-events.xml}. */
public enum EventKind {
    SESSION_START(1, "SessionStart", INPUT),
    MMIO_WRITE(2, "MmioWrite", INPUT),
    MMIO_READ(3, "MmioRead", INPUT),
    MEMORY_WRITE(4, "MemoryWrite", INPUT),
    DMA_REQUEST(5, "DmaRequest", INPUT),
    INTERRUPT_REQUEST(6, "InterruptRequest", INPUT),
    ATS_REQUEST(7, "AtsRequest", INPUT),
    PAGE_REQUEST(8, "PageRequest", INPUT),
    INJECTED_EVENT(10, "InjectedEvent", INPUT),
    INVALIDATE_RESPONSE(11, "InvalidateResponse", INPUT),
    IOMMU_START(12, "IommuStart", INPUT),
    MMIO_READ_VALUE(32, "MmioReadValue", OBSERVATION),
    COMMAND_CONSUMED(33, "CommandConsumed", OBSERVATION),
    TRANSLATION(34, "Translation", OBSERVATION),
    LOG_ENTRY(35, "LogEntry", OBSERVATION),
    COMPLETION_STORE(36, "CompletionStore", OBSERVATION),
    INTERRUPT_DELIVERED(37, "InterruptDelivered", OBSERVATION),
    VM_EXIT(38, "VmExit", OBSERVATION),
    PAGE_RESPONSE(39, "PageResponse", OBSERVATION),
    DRIVER_CALL(64, "DriverCall", MARKER),
    PHASE(65, "Phase", MARKER),
    CONSOLE_LINE(66, "ConsoleLine", MARKER),
    MARK(67, "Mark", MARKER),
    GAP(96, "Gap", BOOK_KEEPING),
    STATE_HASH(97, "StateHash", BOOK_KEEPING),
    CHECKPOINT(98, "Checkpoint", BOOK_KEEPING),
    SESSION_END(99, "SessionEnd", BOOK_KEEPING);

    private static final EventKind[] BY_TEMPLATE_ID = new EventKind[128];

    static {
        for (EventKind kind : values()) {
            BY_TEMPLATE_ID[kind.templateId] = kind;
        }
    }

    private final int templateId;
    private final String label;
    private final EventClass eventClass;

    EventKind(int templateId, String label, EventClass eventClass) {
        this.templateId = templateId;
        this.label = label;
        this.eventClass = eventClass;
    }

    /** The kind with this template id, or null when this schema version does not know it. */
    public static @Nullable EventKind of(int templateId) {
        return templateId >= 0 && templateId < BY_TEMPLATE_ID.length ? BY_TEMPLATE_ID[templateId] : null;
    }

    /** The SBE template id. */
    public int templateId() {
        return templateId;
    }

    /** The schema's name of the message, as printed and as used in filters and JSON. */
    public String label() {
        return label;
    }

    /** Whether events of this kind are inputs, observations, markers or book-keeping. */
    public EventClass eventClass() {
        return eventClass;
    }
}
