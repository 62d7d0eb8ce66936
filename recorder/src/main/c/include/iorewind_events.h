/*
 * iorewind_events.h: event frames in C. Made from iorewind-events.xml, which says what the fields mean; do not edit.
 * After a change of the schema: mvn -pl recorder test -Dtest=EventsHeaderTest -Diorewind.header.write=true
 *
 * A frame is a structure, then each variable field as a 16-bit length and bytes, then zeros up to a multiple of 8:
 *
 *   size_t length = iorewind_frame_length(sizeof(struct iorewind_mark) + 2 + text_bytes);
 *   struct iorewind_mark *mark = iorewind_ring_claim(&ring, IOREWIND_RECORD_EVENT, length);
 *   iorewind_frame_start(mark, IOREWIND_MARK, length);
 *   mark->origin.time_ns = iorewind_ring_now(&ring);
 *   mark->number = 7;
 *   iorewind_frame_data(mark + 1, text, text_bytes);
 *   iorewind_ring_commit(mark);
 *
 * Little-endian, C11 with GCC or Clang.
 */
#ifndef IOREWIND_EVENTS_H
#define IOREWIND_EVENTS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define IOREWIND_PACKED __attribute__((packed))

#define IOREWIND_SCHEMA_ID 17
#define IOREWIND_SCHEMA_VERSION 1
#define IOREWIND_LONGEST_FRAME 524280

enum iorewind_event {
    IOREWIND_SESSION_START = 1,
    IOREWIND_MMIO_WRITE = 2,
    IOREWIND_MMIO_READ = 3,
    IOREWIND_MEMORY_WRITE = 4,
    IOREWIND_DMA_REQUEST = 5,
    IOREWIND_INTERRUPT_REQUEST = 6,
    IOREWIND_ATS_REQUEST = 7,
    IOREWIND_PAGE_REQUEST = 8,
    IOREWIND_INJECTED_EVENT = 10,
    IOREWIND_INVALIDATE_RESPONSE = 11,
    IOREWIND_IOMMU_START = 12,
    IOREWIND_MMIO_READ_VALUE = 32,
    IOREWIND_COMMAND_CONSUMED = 33,
    IOREWIND_TRANSLATION = 34,
    IOREWIND_LOG_ENTRY = 35,
    IOREWIND_COMPLETION_STORE = 36,
    IOREWIND_INTERRUPT_DELIVERED = 37,
    IOREWIND_VM_EXIT = 38,
    IOREWIND_PAGE_RESPONSE = 39,
    IOREWIND_DRIVER_CALL = 64,
    IOREWIND_PHASE = 65,
    IOREWIND_CONSOLE_LINE = 66,
    IOREWIND_MARK = 67,
    IOREWIND_GAP = 96,
    IOREWIND_STATE_HASH = 97,
    IOREWIND_CHECKPOINT = 98,
    IOREWIND_SESSION_END = 99
};

enum iorewind_event_flags {
    IOREWIND_EVENT_FLAGS_GUEST_PRESENT = 1 << 0,
    IOREWIND_EVENT_FLAGS_INFERRED = 1 << 1,
    IOREWIND_EVENT_FLAGS_DIRECTION_UNKNOWN = 1 << 2,
    IOREWIND_EVENT_FLAGS_REQUESTER_TRUNCATED = 1 << 3,
    IOREWIND_EVENT_FLAGS_LATE = 1 << 4,
    IOREWIND_EVENT_FLAGS_VALUE_UNKNOWN = 1 << 5
};

enum iorewind_device_options {
    IOREWIND_DEVICE_OPTIONS_DMA_REMAPPING_OFF = 1 << 0,
    IOREWIND_DEVICE_OPTIONS_INTERRUPT_REMAPPING_OFF = 1 << 1,
    IOREWIND_DEVICE_OPTIONS_INVALIDATION_RESPONSES_RECORDED = 1 << 2
};

enum iorewind_iommu_options {
    IOREWIND_IOMMU_OPTIONS_NOT_PRESENT_CACHED = 1 << 0,
    IOREWIND_IOMMU_OPTIONS_EVENTS_TO_HOST_FIRST = 1 << 1,
    IOREWIND_IOMMU_OPTIONS_DMA_REMAPPING_OFF = 1 << 2,
    IOREWIND_IOMMU_OPTIONS_INTERRUPT_REMAPPING_OFF = 1 << 3,
    IOREWIND_IOMMU_OPTIONS_INVALIDATION_RESPONSES_RECORDED = 1 << 4
};

enum iorewind_mmio_space {
    IOREWIND_MMIO_SPACE_HOST = 0,
    IOREWIND_MMIO_SPACE_VF = 1,
    IOREWIND_MMIO_SPACE_VF_CONTROL = 2,
    IOREWIND_MMIO_SPACE_PCI_CONFIG = 3
};

enum iorewind_fidelity {
    IOREWIND_FIDELITY_LOG = 0,
    IOREWIND_FIDELITY_OBSERVED = 1,
    IOREWIND_FIDELITY_FULL = 2
};

enum iorewind_start_state {
    IOREWIND_START_STATE_RESET = 0,
    IOREWIND_START_STATE_ATTACHED = 1,
    IOREWIND_START_STATE_UNKNOWN = 2
};

enum iorewind_memory_origin {
    IOREWIND_MEMORY_ORIGIN_CPU_STORE = 0,
    IOREWIND_MEMORY_ORIGIN_SNAPSHOT = 1,
    IOREWIND_MEMORY_ORIGIN_WITNESS = 2,
    IOREWIND_MEMORY_ORIGIN_DEVICE = 3
};

enum iorewind_memory_region {
    IOREWIND_MEMORY_REGION_UNSPECIFIED = 0,
    IOREWIND_MEMORY_REGION_TABLE_LEVEL_1 = 1,
    IOREWIND_MEMORY_REGION_TABLE_LEVEL_2 = 2,
    IOREWIND_MEMORY_REGION_TABLE_LEVEL_3 = 3,
    IOREWIND_MEMORY_REGION_TABLE_LEVEL_4 = 4,
    IOREWIND_MEMORY_REGION_TABLE_LEVEL_5 = 5,
    IOREWIND_MEMORY_REGION_TABLE_LEVEL_6 = 6,
    IOREWIND_MEMORY_REGION_DEVICE_TABLE = 7,
    IOREWIND_MEMORY_REGION_COMMAND_RING = 8,
    IOREWIND_MEMORY_REGION_EVENT_LOG = 9,
    IOREWIND_MEMORY_REGION_PPR_LOG = 10,
    IOREWIND_MEMORY_REGION_INTERRUPT_TABLE = 11,
    IOREWIND_MEMORY_REGION_GUEST_TABLE = 12,
    IOREWIND_MEMORY_REGION_GCR3_TABLE = 13,
    IOREWIND_MEMORY_REGION_HOST_TABLE = 14,
    IOREWIND_MEMORY_REGION_PRIVATE = 15
};

enum iorewind_dma_access {
    IOREWIND_DMA_ACCESS_UNKNOWN = 0,
    IOREWIND_DMA_ACCESS_READ = 1,
    IOREWIND_DMA_ACCESS_WRITE = 2,
    IOREWIND_DMA_ACCESS_ATOMIC = 3,
    IOREWIND_DMA_ACCESS_READ_TRANSLATED = 4,
    IOREWIND_DMA_ACCESS_WRITE_TRANSLATED = 5,
    IOREWIND_DMA_ACCESS_ATOMIC_TRANSLATED = 6
};

enum iorewind_page_rights {
    IOREWIND_PAGE_RIGHTS_READ = 1 << 0,
    IOREWIND_PAGE_RIGHTS_WRITE = 1 << 1,
    IOREWIND_PAGE_RIGHTS_EXECUTE = 1 << 2,
    IOREWIND_PAGE_RIGHTS_PRIVILEGED = 1 << 3,
    IOREWIND_PAGE_RIGHTS_GLOBAL = 1 << 4,
    IOREWIND_PAGE_RIGHTS_UNTRANSLATED_ONLY = 1 << 5,
    IOREWIND_PAGE_RIGHTS_SNOOPED = 1 << 6,
    IOREWIND_PAGE_RIGHTS_KNOWN = 1 << 7
};

enum iorewind_injected_action {
    IOREWIND_INJECTED_ACTION_RESET = 0,
    IOREWIND_INJECTED_ACTION_FORCE_REGISTER = 1,
    IOREWIND_INJECTED_ACTION_MEMORY_ABORT = 2,
    IOREWIND_INJECTED_ACTION_MEMORY_POISON = 3,
    IOREWIND_INJECTED_ACTION_MEMORY_HEAL = 4,
    IOREWIND_INJECTED_ACTION_DEVICE_TIMEOUT = 5,
    IOREWIND_INJECTED_ACTION_FORCE_LOG_ENTRY = 6
};

enum iorewind_register_report {
    IOREWIND_REGISTER_REPORT_READ = 0,
    IOREWIND_REGISTER_REPORT_REPORTED = 1
};

enum iorewind_translation_outcome {
    IOREWIND_TRANSLATION_OUTCOME_TRANSLATED = 0,
    IOREWIND_TRANSLATION_OUTCOME_FAULT = 1,
    IOREWIND_TRANSLATION_OUTCOME_PASSED = 2,
    IOREWIND_TRANSLATION_OUTCOME_NO_RIGHTS = 3
};

enum iorewind_invalidation_outcome {
    IOREWIND_INVALIDATION_OUTCOME_ANSWERED = 0,
    IOREWIND_INVALIDATION_OUTCOME_TIMED_OUT = 1
};

enum iorewind_cache_answer {
    IOREWIND_CACHE_ANSWER_UNKNOWN = 0,
    IOREWIND_CACHE_ANSWER_MISS = 1,
    IOREWIND_CACHE_ANSWER_HIT = 2
};

enum iorewind_log_kind {
    IOREWIND_LOG_KIND_EVENT = 0,
    IOREWIND_LOG_KIND_PPR = 1,
    IOREWIND_LOG_KIND_GUEST_APIC = 2
};

enum iorewind_interrupt_outcome {
    IOREWIND_INTERRUPT_OUTCOME_REMAPPED = 0,
    IOREWIND_INTERRUPT_OUTCOME_PASSED = 1,
    IOREWIND_INTERRUPT_OUTCOME_DROPPED = 2,
    IOREWIND_INTERRUPT_OUTCOME_IOMMU_OWN = 3,
    IOREWIND_INTERRUPT_OUTCOME_POSTED = 4
};

enum iorewind_exit_reason {
    IOREWIND_EXIT_REASON_UNSPECIFIED = 0,
    IOREWIND_EXIT_REASON_MMIO = 1,
    IOREWIND_EXIT_REASON_TABLE_WRITE = 2,
    IOREWIND_EXIT_REASON_INTERRUPT = 3,
    IOREWIND_EXIT_REASON_CONTROL_CALL = 4
};

enum iorewind_call_phase {
    IOREWIND_CALL_PHASE_POINT = 0,
    IOREWIND_CALL_PHASE_ENTER = 1,
    IOREWIND_CALL_PHASE_EXIT = 2
};

enum iorewind_gap_reason {
    IOREWIND_GAP_REASON_UNSPECIFIED = 0,
    IOREWIND_GAP_REASON_QUEUE_FULL = 1,
    IOREWIND_GAP_REASON_SOURCE_LOST = 2,
    IOREWIND_GAP_REASON_DAMAGED = 3,
    IOREWIND_GAP_REASON_RECORDER_STOPPED = 4
};

enum iorewind_end_reason {
    IOREWIND_END_REASON_CLEAN = 0,
    IOREWIND_END_REASON_INTERRUPTED = 1,
    IOREWIND_END_REASON_DISK_FULL = 2,
    IOREWIND_END_REASON_SOURCE_ENDED = 3,
    IOREWIND_END_REASON_FAILED = 4
};

struct IOREWIND_PACKED iorewind_header {
    uint16_t block_length;
    uint16_t template_id;
    uint8_t schema_id;
    uint8_t version;
    uint16_t frame_words;
};

struct IOREWIND_PACKED iorewind_origin {
    int64_t time_ns;
    uint8_t source;
    uint8_t iommu;
    uint16_t guest;
    uint8_t flags;
};
_Static_assert(offsetof(struct iorewind_origin, time_ns) == 0, "schema");
_Static_assert(offsetof(struct iorewind_origin, source) == 8, "schema");
_Static_assert(offsetof(struct iorewind_origin, iommu) == 9, "schema");
_Static_assert(offsetof(struct iorewind_origin, guest) == 10, "schema");
_Static_assert(offsetof(struct iorewind_origin, flags) == 12, "schema");
_Static_assert(sizeof(struct iorewind_origin) == 13, "schema");

struct IOREWIND_PACKED iorewind_session_start {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t fidelity;
    uint8_t start_state;
    uint8_t iommu_count;
    uint64_t session_id_high;
    uint64_t session_id_low;
    int64_t start_unix_ns;
    uint64_t mmio_base;
    uint64_t extended_features;
    uint64_t extended_features2;
    uint64_t observes;
    uint8_t device_options;
}; /* then: profile, tool, platform, contract */
_Static_assert(offsetof(struct iorewind_session_start, fidelity) == 21, "schema");
_Static_assert(offsetof(struct iorewind_session_start, start_state) == 22, "schema");
_Static_assert(offsetof(struct iorewind_session_start, iommu_count) == 23, "schema");
_Static_assert(offsetof(struct iorewind_session_start, session_id_high) == 24, "schema");
_Static_assert(offsetof(struct iorewind_session_start, session_id_low) == 32, "schema");
_Static_assert(offsetof(struct iorewind_session_start, start_unix_ns) == 40, "schema");
_Static_assert(offsetof(struct iorewind_session_start, mmio_base) == 48, "schema");
_Static_assert(offsetof(struct iorewind_session_start, extended_features) == 56, "schema");
_Static_assert(offsetof(struct iorewind_session_start, extended_features2) == 64, "schema");
_Static_assert(offsetof(struct iorewind_session_start, observes) == 72, "schema");
_Static_assert(offsetof(struct iorewind_session_start, device_options) == 80, "schema");
_Static_assert(sizeof(struct iorewind_session_start) == 81, "schema");

struct IOREWIND_PACKED iorewind_mmio_write {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t space;
    uint8_t size;
    uint32_t register_offset;
    uint64_t value;
};
_Static_assert(offsetof(struct iorewind_mmio_write, space) == 21, "schema");
_Static_assert(offsetof(struct iorewind_mmio_write, size) == 22, "schema");
_Static_assert(offsetof(struct iorewind_mmio_write, register_offset) == 23, "schema");
_Static_assert(offsetof(struct iorewind_mmio_write, value) == 27, "schema");
_Static_assert(sizeof(struct iorewind_mmio_write) == 35, "schema");

struct IOREWIND_PACKED iorewind_mmio_read {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t space;
    uint8_t size;
    uint32_t register_offset;
};
_Static_assert(offsetof(struct iorewind_mmio_read, space) == 21, "schema");
_Static_assert(offsetof(struct iorewind_mmio_read, size) == 22, "schema");
_Static_assert(offsetof(struct iorewind_mmio_read, register_offset) == 23, "schema");
_Static_assert(sizeof(struct iorewind_mmio_read) == 27, "schema");

struct IOREWIND_PACKED iorewind_memory_write {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t from;
    uint8_t region;
    uint64_t address;
}; /* then: data */
_Static_assert(offsetof(struct iorewind_memory_write, from) == 21, "schema");
_Static_assert(offsetof(struct iorewind_memory_write, region) == 22, "schema");
_Static_assert(offsetof(struct iorewind_memory_write, address) == 23, "schema");
_Static_assert(sizeof(struct iorewind_memory_write) == 31, "schema");

struct IOREWIND_PACKED iorewind_dma_request {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t access;
    uint16_t requester;
    uint64_t address;
    uint32_t length;
    uint32_t pasid;
};
_Static_assert(offsetof(struct iorewind_dma_request, access) == 21, "schema");
_Static_assert(offsetof(struct iorewind_dma_request, requester) == 22, "schema");
_Static_assert(offsetof(struct iorewind_dma_request, address) == 24, "schema");
_Static_assert(offsetof(struct iorewind_dma_request, length) == 32, "schema");
_Static_assert(offsetof(struct iorewind_dma_request, pasid) == 36, "schema");
_Static_assert(sizeof(struct iorewind_dma_request) == 40, "schema");

struct IOREWIND_PACKED iorewind_interrupt_request {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint16_t requester;
    uint64_t address;
    uint32_t data;
};
_Static_assert(offsetof(struct iorewind_interrupt_request, requester) == 21, "schema");
_Static_assert(offsetof(struct iorewind_interrupt_request, address) == 23, "schema");
_Static_assert(offsetof(struct iorewind_interrupt_request, data) == 31, "schema");
_Static_assert(sizeof(struct iorewind_interrupt_request) == 35, "schema");

struct IOREWIND_PACKED iorewind_ats_request {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t no_write;
    uint16_t requester;
    uint64_t address;
    uint32_t length;
    uint32_t pasid;
};
_Static_assert(offsetof(struct iorewind_ats_request, no_write) == 21, "schema");
_Static_assert(offsetof(struct iorewind_ats_request, requester) == 22, "schema");
_Static_assert(offsetof(struct iorewind_ats_request, address) == 24, "schema");
_Static_assert(offsetof(struct iorewind_ats_request, length) == 32, "schema");
_Static_assert(offsetof(struct iorewind_ats_request, pasid) == 36, "schema");
_Static_assert(sizeof(struct iorewind_ats_request) == 40, "schema");

struct IOREWIND_PACKED iorewind_page_request {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t rights;
    uint16_t requester;
    uint64_t address;
    uint32_t pasid;
    uint16_t group;
    uint8_t last;
};
_Static_assert(offsetof(struct iorewind_page_request, rights) == 21, "schema");
_Static_assert(offsetof(struct iorewind_page_request, requester) == 22, "schema");
_Static_assert(offsetof(struct iorewind_page_request, address) == 24, "schema");
_Static_assert(offsetof(struct iorewind_page_request, pasid) == 32, "schema");
_Static_assert(offsetof(struct iorewind_page_request, group) == 36, "schema");
_Static_assert(offsetof(struct iorewind_page_request, last) == 38, "schema");
_Static_assert(sizeof(struct iorewind_page_request) == 39, "schema");

struct IOREWIND_PACKED iorewind_injected_event {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t action;
    uint64_t address;
    uint64_t value;
    uint64_t length;
}; /* then: note */
_Static_assert(offsetof(struct iorewind_injected_event, action) == 21, "schema");
_Static_assert(offsetof(struct iorewind_injected_event, address) == 22, "schema");
_Static_assert(offsetof(struct iorewind_injected_event, value) == 30, "schema");
_Static_assert(offsetof(struct iorewind_injected_event, length) == 38, "schema");
_Static_assert(sizeof(struct iorewind_injected_event) == 46, "schema");

struct IOREWIND_PACKED iorewind_invalidate_response {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t outcome;
    uint16_t requester;
    uint32_t tags;
};
_Static_assert(offsetof(struct iorewind_invalidate_response, outcome) == 21, "schema");
_Static_assert(offsetof(struct iorewind_invalidate_response, requester) == 22, "schema");
_Static_assert(offsetof(struct iorewind_invalidate_response, tags) == 24, "schema");
_Static_assert(sizeof(struct iorewind_invalidate_response) == 28, "schema");

struct IOREWIND_PACKED iorewind_iommu_start {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint16_t options;
    uint64_t extended_features;
    uint64_t extended_features2;
    uint64_t memory_base;
    uint64_t memory_bytes;
}; /* then: profile */
_Static_assert(offsetof(struct iorewind_iommu_start, options) == 21, "schema");
_Static_assert(offsetof(struct iorewind_iommu_start, extended_features) == 23, "schema");
_Static_assert(offsetof(struct iorewind_iommu_start, extended_features2) == 31, "schema");
_Static_assert(offsetof(struct iorewind_iommu_start, memory_base) == 39, "schema");
_Static_assert(offsetof(struct iorewind_iommu_start, memory_bytes) == 47, "schema");
_Static_assert(sizeof(struct iorewind_iommu_start) == 55, "schema");

struct IOREWIND_PACKED iorewind_mmio_read_value {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t space;
    uint8_t size;
    uint8_t report;
    uint32_t register_offset;
    uint64_t value;
};
_Static_assert(offsetof(struct iorewind_mmio_read_value, space) == 21, "schema");
_Static_assert(offsetof(struct iorewind_mmio_read_value, size) == 22, "schema");
_Static_assert(offsetof(struct iorewind_mmio_read_value, report) == 23, "schema");
_Static_assert(offsetof(struct iorewind_mmio_read_value, register_offset) == 24, "schema");
_Static_assert(offsetof(struct iorewind_mmio_read_value, value) == 28, "schema");
_Static_assert(sizeof(struct iorewind_mmio_read_value) == 36, "schema");

struct IOREWIND_PACKED iorewind_command_consumed {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint32_t ring_head;
    uint32_t ring_tail;
    uint64_t ring_base;
    uint64_t qword0;
    uint64_t qword0_known;
    uint64_t qword1;
    uint64_t qword1_known;
};
_Static_assert(offsetof(struct iorewind_command_consumed, ring_head) == 21, "schema");
_Static_assert(offsetof(struct iorewind_command_consumed, ring_tail) == 25, "schema");
_Static_assert(offsetof(struct iorewind_command_consumed, ring_base) == 29, "schema");
_Static_assert(offsetof(struct iorewind_command_consumed, qword0) == 37, "schema");
_Static_assert(offsetof(struct iorewind_command_consumed, qword0_known) == 45, "schema");
_Static_assert(offsetof(struct iorewind_command_consumed, qword1) == 53, "schema");
_Static_assert(offsetof(struct iorewind_command_consumed, qword1_known) == 61, "schema");
_Static_assert(sizeof(struct iorewind_command_consumed) == 69, "schema");

struct IOREWIND_PACKED iorewind_translation {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t outcome;
    uint8_t cache;
    uint8_t rights;
    uint16_t requester;
    uint32_t domain;
    uint32_t pasid;
    uint64_t address;
    uint64_t result;
    uint8_t page_shift;
};
_Static_assert(offsetof(struct iorewind_translation, outcome) == 21, "schema");
_Static_assert(offsetof(struct iorewind_translation, cache) == 22, "schema");
_Static_assert(offsetof(struct iorewind_translation, rights) == 23, "schema");
_Static_assert(offsetof(struct iorewind_translation, requester) == 24, "schema");
_Static_assert(offsetof(struct iorewind_translation, domain) == 26, "schema");
_Static_assert(offsetof(struct iorewind_translation, pasid) == 30, "schema");
_Static_assert(offsetof(struct iorewind_translation, address) == 34, "schema");
_Static_assert(offsetof(struct iorewind_translation, result) == 42, "schema");
_Static_assert(offsetof(struct iorewind_translation, page_shift) == 50, "schema");
_Static_assert(sizeof(struct iorewind_translation) == 51, "schema");

struct IOREWIND_PACKED iorewind_log_entry {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t log;
    uint32_t ring_offset;
    uint64_t qword0;
    uint64_t qword0_known;
    uint64_t qword1;
    uint64_t qword1_known;
};
_Static_assert(offsetof(struct iorewind_log_entry, log) == 21, "schema");
_Static_assert(offsetof(struct iorewind_log_entry, ring_offset) == 22, "schema");
_Static_assert(offsetof(struct iorewind_log_entry, qword0) == 26, "schema");
_Static_assert(offsetof(struct iorewind_log_entry, qword0_known) == 34, "schema");
_Static_assert(offsetof(struct iorewind_log_entry, qword1) == 42, "schema");
_Static_assert(offsetof(struct iorewind_log_entry, qword1_known) == 50, "schema");
_Static_assert(sizeof(struct iorewind_log_entry) == 58, "schema");

struct IOREWIND_PACKED iorewind_completion_store {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint64_t address;
    uint64_t data;
};
_Static_assert(offsetof(struct iorewind_completion_store, address) == 21, "schema");
_Static_assert(offsetof(struct iorewind_completion_store, data) == 29, "schema");
_Static_assert(sizeof(struct iorewind_completion_store) == 37, "schema");

struct IOREWIND_PACKED iorewind_interrupt_delivered {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t outcome;
    uint8_t irte_known;
    uint32_t data;
    uint64_t address;
    uint64_t irte_address;
    uint64_t irte_low;
    uint64_t irte_high;
};
_Static_assert(offsetof(struct iorewind_interrupt_delivered, outcome) == 21, "schema");
_Static_assert(offsetof(struct iorewind_interrupt_delivered, irte_known) == 22, "schema");
_Static_assert(offsetof(struct iorewind_interrupt_delivered, data) == 23, "schema");
_Static_assert(offsetof(struct iorewind_interrupt_delivered, address) == 27, "schema");
_Static_assert(offsetof(struct iorewind_interrupt_delivered, irte_address) == 35, "schema");
_Static_assert(offsetof(struct iorewind_interrupt_delivered, irte_low) == 43, "schema");
_Static_assert(offsetof(struct iorewind_interrupt_delivered, irte_high) == 51, "schema");
_Static_assert(sizeof(struct iorewind_interrupt_delivered) == 59, "schema");

struct IOREWIND_PACKED iorewind_vm_exit {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint16_t reason;
    uint64_t address;
    uint64_t duration_ns;
};
_Static_assert(offsetof(struct iorewind_vm_exit, reason) == 21, "schema");
_Static_assert(offsetof(struct iorewind_vm_exit, address) == 23, "schema");
_Static_assert(offsetof(struct iorewind_vm_exit, duration_ns) == 31, "schema");
_Static_assert(sizeof(struct iorewind_vm_exit) == 39, "schema");

struct IOREWIND_PACKED iorewind_page_response {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t code;
    uint16_t requester;
    uint16_t group;
    uint32_t pasid;
};
_Static_assert(offsetof(struct iorewind_page_response, code) == 21, "schema");
_Static_assert(offsetof(struct iorewind_page_response, requester) == 22, "schema");
_Static_assert(offsetof(struct iorewind_page_response, group) == 24, "schema");
_Static_assert(offsetof(struct iorewind_page_response, pasid) == 26, "schema");
_Static_assert(sizeof(struct iorewind_page_response) == 30, "schema");

struct IOREWIND_PACKED iorewind_driver_call {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t phase;
    uint16_t requester;
    int32_t result;
    uint64_t iova;
    uint64_t physical;
    uint64_t size;
}; /* then: call, arguments */
_Static_assert(offsetof(struct iorewind_driver_call, phase) == 21, "schema");
_Static_assert(offsetof(struct iorewind_driver_call, requester) == 22, "schema");
_Static_assert(offsetof(struct iorewind_driver_call, result) == 24, "schema");
_Static_assert(offsetof(struct iorewind_driver_call, iova) == 28, "schema");
_Static_assert(offsetof(struct iorewind_driver_call, physical) == 36, "schema");
_Static_assert(offsetof(struct iorewind_driver_call, size) == 44, "schema");
_Static_assert(sizeof(struct iorewind_driver_call) == 52, "schema");

struct IOREWIND_PACKED iorewind_phase {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t phase;
}; /* then: name */
_Static_assert(offsetof(struct iorewind_phase, phase) == 21, "schema");
_Static_assert(sizeof(struct iorewind_phase) == 22, "schema");

struct IOREWIND_PACKED iorewind_console_line {
    struct iorewind_header header;
    struct iorewind_origin origin;
}; /* then: text */
_Static_assert(sizeof(struct iorewind_console_line) == 21, "schema");

struct IOREWIND_PACKED iorewind_mark {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint32_t number;
}; /* then: text */
_Static_assert(offsetof(struct iorewind_mark, number) == 21, "schema");
_Static_assert(sizeof(struct iorewind_mark) == 25, "schema");

struct IOREWIND_PACKED iorewind_gap {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t reason;
    uint64_t count;
    uint64_t span_ns;
}; /* then: note */
_Static_assert(offsetof(struct iorewind_gap, reason) == 21, "schema");
_Static_assert(offsetof(struct iorewind_gap, count) == 22, "schema");
_Static_assert(offsetof(struct iorewind_gap, span_ns) == 30, "schema");
_Static_assert(sizeof(struct iorewind_gap) == 38, "schema");

struct IOREWIND_PACKED iorewind_state_hash {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint64_t hash;
}; /* then: profile */
_Static_assert(offsetof(struct iorewind_state_hash, hash) == 21, "schema");
_Static_assert(sizeof(struct iorewind_state_hash) == 29, "schema");

struct IOREWIND_PACKED iorewind_checkpoint {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint32_t model_version;
    uint64_t hash;
}; /* then: profile, payload */
_Static_assert(offsetof(struct iorewind_checkpoint, model_version) == 21, "schema");
_Static_assert(offsetof(struct iorewind_checkpoint, hash) == 25, "schema");
_Static_assert(sizeof(struct iorewind_checkpoint) == 33, "schema");

struct IOREWIND_PACKED iorewind_session_end {
    struct iorewind_header header;
    struct iorewind_origin origin;
    uint8_t reason;
}; /* then: note */
_Static_assert(offsetof(struct iorewind_session_end, reason) == 21, "schema");
_Static_assert(sizeof(struct iorewind_session_end) == 22, "schema");

static inline uint16_t iorewind_block_length(enum iorewind_event event) {
    switch (event) {
    case IOREWIND_SESSION_START: return 73;
    case IOREWIND_MMIO_WRITE: return 27;
    case IOREWIND_MMIO_READ: return 19;
    case IOREWIND_MEMORY_WRITE: return 23;
    case IOREWIND_DMA_REQUEST: return 32;
    case IOREWIND_INTERRUPT_REQUEST: return 27;
    case IOREWIND_ATS_REQUEST: return 32;
    case IOREWIND_PAGE_REQUEST: return 31;
    case IOREWIND_INJECTED_EVENT: return 38;
    case IOREWIND_INVALIDATE_RESPONSE: return 20;
    case IOREWIND_IOMMU_START: return 47;
    case IOREWIND_MMIO_READ_VALUE: return 28;
    case IOREWIND_COMMAND_CONSUMED: return 61;
    case IOREWIND_TRANSLATION: return 43;
    case IOREWIND_LOG_ENTRY: return 50;
    case IOREWIND_COMPLETION_STORE: return 29;
    case IOREWIND_INTERRUPT_DELIVERED: return 51;
    case IOREWIND_VM_EXIT: return 31;
    case IOREWIND_PAGE_RESPONSE: return 22;
    case IOREWIND_DRIVER_CALL: return 44;
    case IOREWIND_PHASE: return 14;
    case IOREWIND_CONSOLE_LINE: return 13;
    case IOREWIND_MARK: return 17;
    case IOREWIND_GAP: return 30;
    case IOREWIND_STATE_HASH: return 21;
    case IOREWIND_CHECKPOINT: return 25;
    case IOREWIND_SESSION_END: return 14;
    }
    return 0;
}

static inline uint8_t iorewind_event_version(enum iorewind_event event) {
    switch (event) {
    case IOREWIND_SESSION_START: return 0;
    case IOREWIND_MMIO_WRITE: return 0;
    case IOREWIND_MMIO_READ: return 0;
    case IOREWIND_MEMORY_WRITE: return 0;
    case IOREWIND_DMA_REQUEST: return 0;
    case IOREWIND_INTERRUPT_REQUEST: return 0;
    case IOREWIND_ATS_REQUEST: return 0;
    case IOREWIND_PAGE_REQUEST: return 0;
    case IOREWIND_INJECTED_EVENT: return 0;
    case IOREWIND_INVALIDATE_RESPONSE: return 0;
    case IOREWIND_IOMMU_START: return 1;
    case IOREWIND_MMIO_READ_VALUE: return 0;
    case IOREWIND_COMMAND_CONSUMED: return 0;
    case IOREWIND_TRANSLATION: return 0;
    case IOREWIND_LOG_ENTRY: return 0;
    case IOREWIND_COMPLETION_STORE: return 0;
    case IOREWIND_INTERRUPT_DELIVERED: return 0;
    case IOREWIND_VM_EXIT: return 0;
    case IOREWIND_PAGE_RESPONSE: return 0;
    case IOREWIND_DRIVER_CALL: return 0;
    case IOREWIND_PHASE: return 0;
    case IOREWIND_CONSOLE_LINE: return 0;
    case IOREWIND_MARK: return 0;
    case IOREWIND_GAP: return 0;
    case IOREWIND_STATE_HASH: return 0;
    case IOREWIND_CHECKPOINT: return 0;
    case IOREWIND_SESSION_END: return 0;
    }
    return 0;
}

/* Length of a frame whose fields need so many bytes. */
static inline size_t iorewind_frame_length(size_t bytes) { return (bytes + 7) & ~(size_t)7; }

/* Writes the header of a frame whose memory is zero, as that of a claimed record is. */
static inline void iorewind_frame_start(void *frame, enum iorewind_event event, size_t length) {
    struct iorewind_header *header = frame;
    header->block_length = iorewind_block_length(event);
    header->template_id = (uint16_t)event;
    header->schema_id = IOREWIND_SCHEMA_ID;
    header->version = iorewind_event_version(event);
    header->frame_words = (uint16_t)(length / 8);
}

/* Writes one variable field; returns where the next one starts. */
static inline void *iorewind_frame_data(void *at, const void *bytes, uint16_t length) {
    memcpy(at, &length, 2);
    memcpy((uint8_t *)at + 2, bytes, length);
    return (uint8_t *)at + 2 + length;
}

#endif
