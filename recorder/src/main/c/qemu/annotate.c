#define _GNU_SOURCE
#include "annotate.h"

#include <pthread.h>
#include <stdlib.h>

#include "amdvi.h"
#include "guest_ram.h"
#include "output.h"

/*
 *   amdvi_command_exec …        | cmd=QWORD,QWORD
 *   amdvi_translation_result …  | dte@ADDRESS=QWORD,QWORD,QWORD,QWORD L3@ADDRESS=QWORD L2@… L1@…
 *   amdvi_devtab_inval …        | dte@ADDRESS=…
 *   amdvi_ir_remap_msi_req …    | dte@ADDRESS=…
 *   amdvi_ir_irte …             | irte@ADDRESS=QWORD,QWORD       the aligned 16 bytes around the entry
 *   amdvi_page_fault …          | log@ADDRESS=QWORD,QWORD        an entry of the event log that appeared
 *
 * A word that the reader knows already is not told again: most walks meet the same tables as the one before.
 */

#define TOLD_WORDS (1u << 16)
#define TRIES_TO_MAP_EVERY 64

struct told {
    uint64_t address; /* of the word, plus 1: 0 is nothing */
    uint64_t value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct guest_ram ram;
static bool mapped;
static bool never; /* nothing is to be read */
static unsigned until_next_try;
static struct told told[TOLD_WORDS];
static uint64_t told_generation;
static uint64_t registers[AMDVI_PPR_LOG / 8 + 1];
static uint64_t log_next; /* offset at which the next entry of the event log is expected */

static bool map_memory(void) {
    if (mapped)
        return true;
    if (never)
        return false;
    if (until_next_try > 0) {
        until_next_try--;
        return false;
    }
    const char *files = getenv("IOREWIND_RAM");
    const char *below = getenv("IOREWIND_BELOW_4G");
    const char *problem = guest_ram_map(&ram, files, below ? strtoull(below, NULL, 0) : 0);
    /* A guest that is still held at its start reads no tables; once it is let go, no line may be missed. */
    if (problem == guest_ram_untold)
        return false;
    until_next_try = TRIES_TO_MAP_EVERY;
    static const char *last_problem;
    if (problem && problem != last_problem)
        output_note(problem);
    last_problem = problem;
    mapped = !problem;
    return mapped;
}

/* Whether the reader does not know that this word has this value; from now on it does. */
static bool is_news(uint64_t address, uint64_t value) {
    uint64_t generation = output_generation();
    if (generation != told_generation) {
        memset(told, 0, sizeof told);
        told_generation = generation;
    }
    struct told *entry = &told[(address >> 3 ^ address >> 19) & (TOLD_WORDS - 1)];
    if (entry->address == address + 1 && entry->value == value)
        return false;
    entry->address = address + 1;
    entry->value = value;
    return true;
}

/* "NAME@ADDRESS=Q,Q" if any of the words is news. False if they are not in memory. */
static bool words(struct text *line, bool *first, const char *name, uint64_t address, uint64_t *value, unsigned count) {
    bool news = false;
    for (unsigned i = 0; i < count; i++)
        if (!guest_ram_quadword(&ram, address + 8 * i, &value[i]))
            return false;
    for (unsigned i = 0; i < count; i++)
        news |= is_news(address + 8 * i, value[i]);
    if (!news)
        return true;
    text_string(line, *first ? " | " : " ");
    *first = false;
    text_string(line, name);
    text_add(line, "@", 1);
    text_hex(line, address, 1);
    for (unsigned i = 0; i < count; i++) {
        text_add(line, i == 0 ? "=" : ",", 1);
        text_hex(line, value[i], 1);
    }
    return true;
}

static bool number_after(const struct text *line, const char *key, uint64_t *value) {
    const char *at = memmem(line->bytes, line->length, key, strlen(key));
    if (!at)
        return false;
    at += strlen(key);
    const char *end = line->bytes + line->length;
    const char *first = at;
    uint64_t result = 0;
    for (; at < end && at - first < 17; at++) {
        unsigned c = (unsigned char)*at | 0x20;
        unsigned digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
        if (digit == 16)
            break;
        result = result << 4 | digit;
    }
    *value = result;
    return at > first;
}

/* "00:06.0" behind the key. */
static bool device_after(const struct text *line, const char *key, uint64_t *device) {
    const char *at = memmem(line->bytes, line->length, key, strlen(key));
    if (!at || line->bytes + line->length - at < (ptrdiff_t)strlen(key) + 7)
        return false;
    char part[8];
    memcpy(part, at + strlen(key), 7);
    part[7] = 0;
    if (part[2] != ':' || part[5] != '.')
        return false;
    *device = strtoul(part, NULL, 16) << 8 | (strtoul(part + 3, NULL, 16) & 31) << 3 | (strtoul(part + 6, NULL, 16) & 7);
    return true;
}

static void register_written(const struct text *line) {
    uint64_t address, value;
    const char *size = memmem(line->bytes, line->length, "size ", 5);
    if (!size || !number_after(line, "addr 0x", &address) || !number_after(line, "val 0x", &value))
        return;
    unsigned bytes = (unsigned)size[5] - '0';
    if (bytes > 8 || address >= sizeof registers || address + bytes > sizeof registers)
        return;
    memcpy((uint8_t *)registers + address, &value, bytes);
    if (address < AMDVI_CONTROL && address + bytes > AMDVI_EVENT_LOG)
        log_next = 0;
}

/* Nothing is known before the guest, or the reader, has said where the table is. */
static uint64_t device_table(void) {
    uint64_t value = registers[AMDVI_DEVICE_TABLE / 8];
    return (value ? value : output_device_table()) & AMDVI_ADDRESS;
}

static void command(struct text *line) {
    uint64_t head, base, value[2];
    if (!number_after(line, "head at 0x", &head) || !number_after(line, "base at 0x", &base))
        return;
    if (!guest_ram_quadword(&ram, base + head, &value[0]) || !guest_ram_quadword(&ram, base + head + 8, &value[1]))
        return;
    /* Always: a command belongs to its line. */
    is_news(base + head, value[0]);
    is_news(base + head + 8, value[1]);
    text_string(line, " | cmd=");
    text_hex(line, value[0], 1);
    text_add(line, ",", 1);
    text_hex(line, value[1], 1);
}

static bool device_entry(struct text *line, bool *first, uint64_t device, uint64_t entry[4]) {
    uint64_t table = device_table();
    return table != 0 && words(line, first, "dte", table + device * AMDVI_DTE_BYTES, entry, 4);
}

static void walk(struct text *line) {
    uint64_t device, iova, entry[4], value;
    bool first = true;
    if (!device_after(line, "devid: ", &device) || !number_after(line, "gpa 0x", &iova)
        || !device_entry(line, &first, device, entry))
        return;
    value = entry[0];
    unsigned level = (value & AMDVI_DTE_VALID) == AMDVI_DTE_VALID ? amdvi_level(value) : 0;
    /* Levels only go down: a table that names its own level, or a higher one, ends the walk. */
    while (level >= 1 && level <= AMDVI_LEVELS) {
        char name[3] = {'L', (char)('0' + level), 0};
        uint64_t index = level == AMDVI_LEVELS ? iova >> 57 : iova >> (12 + 9 * (level - 1)) & 511;
        if (!words(line, &first, name, (value & AMDVI_ADDRESS) + index * 8, &value, 1) || !(value & AMDVI_PRESENT))
            return;
        unsigned next = amdvi_level(value);
        if (next >= level)
            return;
        level = next;
    }
}

static void invalidated_entry(struct text *line) {
    uint64_t device, entry[4];
    bool first = true;
    if (device_after(line, "devid: ", &device))
        device_entry(line, &first, device, entry);
}

/* The line has only the low 8 bits of the device's number: right for bus 0, where the IOAPIC is too. */
static void interrupt_request(struct text *line) {
    uint64_t device, entry[4];
    bool first = true;
    if (number_after(line, "devid 0x", &device))
        device_entry(line, &first, device & 0xff, entry);
}

static void interrupt_entry(struct text *line) {
    uint64_t table, offset, value[2];
    bool first = true;
    if (number_after(line, "addr 0x", &table) && number_after(line, "offset 0x", &offset))
        words(line, &first, "irte", (table + offset) & ~UINT64_C(15), value, 2);
}

/* Entries that appeared at the tail: their type is not zero, and they are not what was there before. */
static void event_log(struct text *line) {
    uint64_t base = registers[AMDVI_EVENT_LOG / 8];
    uint64_t bytes = UINT64_C(16) << (base >> 56 & 15);
    uint64_t value[2];
    bool first = true;
    if ((base & AMDVI_ADDRESS) == 0 || log_next >= bytes || !map_memory())
        return;
    uint64_t address = (base & AMDVI_ADDRESS) + log_next;
    if (!guest_ram_quadword(&ram, address, &value[0]) || value[0] >> 60 == 0)
        return;
    if (words(line, &first, "log", address, value, 2) && !first)
        log_next = (log_next + 16) & (bytes - 1);
}

static bool starts(const struct text *line, size_t from, const char *name) {
    size_t length = strlen(name);
    return line->length - from >= length && memcmp(line->bytes + from, name, length) == 0;
}

void annotate(struct text *line) {
    if (never)
        return;
    const char *name = memmem(line->bytes, line->length, "amdvi_", 6);
    if (!name)
        return;
    size_t from = (size_t)(name - line->bytes) + 6;
    pthread_mutex_lock(&lock);
    if (starts(line, from, "mmio_write "))
        register_written(line);
    else if (starts(line, from, "page_fault ") || starts(line, from, "generate_msi_interrupt "))
        /* The device stores them, not a CPU: the other half does not see it. */
        event_log(line);
    else if (atomic_load_explicit(&output_stores_recorded, memory_order_relaxed) || !map_memory())
        ;
    else if (starts(line, from, "command_exec "))
        command(line);
    else if (starts(line, from, "translation_result "))
        walk(line);
    else if (starts(line, from, "devtab_inval "))
        invalidated_entry(line);
    else if (starts(line, from, "ir_remap_msi_req "))
        interrupt_request(line);
    else if (starts(line, from, "ir_irte "))
        interrupt_entry(line);
    pthread_mutex_unlock(&lock);
}

void annotate_start(void) {
    const char *files = getenv("IOREWIND_RAM");
    never = files && strcmp(files, "none") == 0;
    if (files && *files && strcmp(files, "auto") != 0 && strncmp(files, "at:", 3) != 0 && !never) {
        pthread_mutex_lock(&lock);
        map_memory();
        pthread_mutex_unlock(&lock);
    }
}
