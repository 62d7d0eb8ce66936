#define _GNU_SOURCE
#include "tables.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "amdvi.h"
#include "guest_ram.h"
#include "output.h"
#include "text.h"

#define PAGE UINT64_C(4096)
#define WORDS 512
#define COMMAND_TAIL 0x2008u
#define CHECK_EVERY 64
/* 256 MiB of copies; a guest with more tables than that translates terabytes. */
#define MOST_COPIES 65536u

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct tables_options options;
static struct guest_ram ram;
static bool ready;
static uint8_t *_Atomic kinds; /* by page number; 0: not followed */
static uint32_t *references;
static uint64_t **copies;
static uint32_t copies_held;
static uint64_t registers[AMDVI_MMIO_BYTES / 8];
static struct text line;
static uint64_t stores, accesses, missed;

static void follow(uint64_t address, char kind);
static void leave(uint64_t address);

static void emit(void) {
    if (!line.cut)
        output_line(IOREWIND_STREAM_STORES, line.bytes, line.length);
}

static void begin(const char *what, char kind, uint64_t address) {
    text_start(&line);
    text_string(&line, what);
    text_add(&line, &kind, 1);
    text_add(&line, " ", 1);
    text_hex(&line, address, 1);
}

static void number(uint64_t value) {
    text_add(&line, " ", 1);
    text_hex(&line, value, 1);
}

static int level_of(char kind) { return kind >= '1' && kind <= '6' ? kind - '0' : 0; }

static bool leads_on(char kind) { return level_of(kind) >= 2 || kind == 'D'; }

/* A page that serves as two things is followed as the one that leads further. */
static int rank(char kind) { return kind == 'D' ? 7 : level_of(kind); }

static void child(uint64_t entry, int level, bool add) {
    unsigned next = amdvi_level(entry);
    /* Levels only go down, so that a guest cannot lead us in circles; 0 and 7 are leaves. */
    if (!(entry & AMDVI_PRESENT) || next == 0 || (int)next >= level)
        return;
    if (add)
        follow(entry & AMDVI_ADDRESS, (char)('0' + next));
    else
        leave(entry & AMDVI_ADDRESS);
}

static void device_entry(uint64_t quadword0, uint64_t quadword2, bool add) {
    unsigned mode = amdvi_level(quadword0);
    if ((quadword0 & AMDVI_DTE_VALID) == AMDVI_DTE_VALID && mode >= 1 && mode <= AMDVI_LEVELS) {
        if (add)
            follow(quadword0 & AMDVI_ADDRESS, (char)('0' + mode));
        else
            leave(quadword0 & AMDVI_ADDRESS);
    }
    if (quadword2 & AMDVI_INTERRUPTS_VALID) {
        uint64_t table = quadword2 & AMDVI_INTERRUPT_TABLE;
        uint64_t end = table + amdvi_interrupt_entries(quadword2) * AMDVI_LONGEST_IRTE;
        for (uint64_t page = table & ~(PAGE - 1); page < end; page += PAGE) {
            if (add)
                follow(page, 'I');
            else
                leave(page);
        }
    }
}

static void children(const uint64_t *words, char kind, bool add) {
    if (kind == 'D') {
        for (int i = 0; i < WORDS; i += 4)
            device_entry(words[i], words[i + 2], add);
    } else if (level_of(kind) >= 2) {
        for (int i = 0; i < WORDS; i++)
            child(words[i], level_of(kind), add);
    }
}

static void tell_content(uint64_t address, char kind, const uint64_t *words) {
    unsigned count = 0;
    for (int i = 0; i < WORDS; i++)
        count += words[i] != 0;
    begin("mem P ", kind, address);
    text_add(&line, " ", 1);
    char decimal[4];
    unsigned at = sizeof decimal;
    do {
        decimal[--at] = (char)('0' + count % 10);
        count /= 10;
    } while (count > 0);
    text_add(&line, decimal + at, sizeof decimal - at);
    for (int i = 0; i < WORDS; i++)
        if (words[i] != 0) {
            number((uint64_t)i);
            text_add(&line, "=", 1);
            text_hex(&line, words[i], 1);
        }
    emit();
}

/* A copy of the page, to know what a store replaced. NULL if there are too many. */
static uint64_t *copy_of(uint64_t page, const uint64_t *words) {
    uint64_t *copy = copies_held < MOST_COPIES ? malloc(PAGE) : NULL;
    if (!copy) {
        static bool told;
        if (!told)
            output_note("too many tables to follow: stores to some of them will be missing");
        told = true;
        return NULL;
    }
    memcpy(copy, words, PAGE);
    copies[page] = copy;
    copies_held++;
    return copy;
}

static void follow(uint64_t address, char kind) {
    uint64_t page = guest_ram_page(&ram, address);
    if (page == UINT64_MAX || references[page] == UINT32_MAX)
        return;
    char before = (char)kinds[page];
    if (references[page]++ > 0 && (rank(kind) <= rank(before)))
        return;
    uint64_t words[WORDS];
    uint64_t start = address & ~(PAGE - 1);
    /* From here on stores are seen: those between are in the content, and once more as a store, in their order. */
    atomic_thread_fence(memory_order_seq_cst);
    kinds[page] = (uint8_t)kind;
    atomic_thread_fence(memory_order_seq_cst);
    guest_ram_read(&ram, start, words, PAGE);
    tell_content(start, kind, words);
    if ((leads_on(kind) || options.check) && (copies[page] || copy_of(page, words)))
        children(words, kind, true);
}

static void leave(uint64_t address) {
    uint64_t page = guest_ram_page(&ram, address);
    if (page == UINT64_MAX || references[page] == 0 || --references[page] > 0)
        return;
    char kind = (char)kinds[page];
    uint64_t *copy = copies[page];
    kinds[page] = 0;
    copies[page] = NULL;
    begin("mem U ", kind, address & ~(PAGE - 1));
    emit();
    if (copy) {
        children(copy, kind, false);
        free(copy);
        copies_held--;
    }
}

/* What the quadwords around a store lead to has changed. */
static void update(uint64_t *copy, char kind, uint64_t offset, const uint8_t *value, unsigned bytes) {
    uint64_t step = kind == 'D' ? AMDVI_DTE_BYTES : 8;
    uint64_t first = offset & ~(step - 1);
    uint64_t end = (offset + bytes + step - 1) & ~(step - 1);
    uint64_t before[12], now[12];
    size_t count = (end - first) / 8;
    memcpy(before, copy + first / 8, count * 8);
    memcpy((uint8_t *)copy + offset, value, bytes);
    /* A page that leads to itself may end with this store, and its copy with it: it is not looked at again. */
    memcpy(now, copy + first / 8, count * 8);
    /* The new ones first: what both lead to stays followed. */
    for (size_t i = 0; kind == 'D' && i < count; i += 4)
        if (memcmp(before + i, now + i, AMDVI_DTE_BYTES) != 0) {
            device_entry(now[i], now[i + 2], true);
            device_entry(before[i], before[i + 2], false);
        }
    for (size_t i = 0; level_of(kind) >= 2 && i < count; i++)
        if (before[i] != now[i]) {
            child(now[i], level_of(kind), true);
            child(before[i], level_of(kind), false);
        }
}

bool tables_follow(uint64_t address) {
    const uint8_t *all = atomic_load_explicit(&kinds, memory_order_acquire);
    if (!all)
        return false;
    uint64_t page = guest_ram_page(&ram, address);
    return page != UINT64_MAX && all[page] != 0;
}

void tables_store(uint64_t address, unsigned bytes, uint64_t low, uint64_t high) {
    pthread_mutex_lock(&lock);
    uint64_t page = guest_ram_page(&ram, address);
    char kind = page == UINT64_MAX ? 0 : (char)kinds[page];
    uint64_t offset = address & (PAGE - 1);
    if (kind && bytes >= 1 && bytes <= 16) {
        /* Of a store across pages only the first part is known to lie where its address says. */
        if (bytes > PAGE - offset)
            bytes = (unsigned)(PAGE - offset);
        uint64_t value[2] = {low, high};
        if (bytes < 8)
            value[0] &= (UINT64_C(1) << bytes * 8) - 1;
        stores++;
        begin("mem S ", kind, address);
        number(bytes);
        text_add(&line, " ", 1);
        if (bytes > 8) {
            uint64_t upper = bytes == 16 ? value[1] : value[1] & ((UINT64_C(1) << (bytes - 8) * 8) - 1);
            text_hex(&line, upper, 2 * (bytes - 8));
            text_hex(&line, value[0], 16);
        } else {
            text_hex(&line, value[0], 1);
        }
        emit();
        if (copies[page])
            update(copies[page], kind, offset, (const uint8_t *)value, bytes);
    }
    pthread_mutex_unlock(&lock);
}

static void *zeros(uint64_t bytes) {
    void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return map == MAP_FAILED ? NULL : map;
}

static bool get_ready(void) {
    if (ready)
        return true;
    const char *problem = guest_ram_map(&ram, options.ram, options.below_4g);
    if (!problem) {
        references = zeros(ram.pages * sizeof *references);
        copies = zeros(ram.pages * sizeof *copies);
        uint8_t *all = zeros(ram.pages);
        if (references && copies && all) {
            atomic_store_explicit(&kinds, all, memory_order_release);
            ready = true;
            return true;
        }
        problem = "no memory to follow the tables";
    }
    static const char *told;
    if (told != problem && problem != guest_ram_untold)
        output_note(problem);
    told = problem;
    return false;
}

static uint64_t extent(uint64_t base, char kind) {
    if (base == 0)
        return 0;
    return kind == 'D' ? ((base & 0x1ff) + 1) * PAGE : UINT64_C(16) << (base >> 56 & 15);
}

static void base_register(uint64_t before, uint64_t now, char kind) {
    uint64_t start = now & AMDVI_ADDRESS, end = start + extent(now, kind);
    for (uint64_t page = start; page < end; page += PAGE)
        follow(page, kind);
    start = before & AMDVI_ADDRESS;
    end = start + extent(before, kind);
    for (uint64_t page = start; page < end; page += PAGE)
        leave(page);
}

/* All copies against memory; logs are written by the device. */
static void check(void) {
    static unsigned calls;
    if (!ready || calls++ % CHECK_EVERY != 0)
        return;
    for (unsigned r = 0; r < ram.ranges; r++) {
        const struct guest_range *range = &ram.range[r];
        for (uint64_t i = 0; i < range->bytes / PAGE; i++) {
            uint64_t page = range->first_page + i;
            uint64_t *copy = copies[page];
            char kind = (char)kinds[page];
            const uint64_t *now = (const uint64_t *)(const void *)(range->host + i * PAGE);
            if (!copy || kind == 'E' || kind == 'Q' || memcmp(copy, now, PAGE) == 0)
                continue;
            for (int w = 0; w < WORDS; w++)
                if (copy[w] != now[w]) {
                    missed++;
                    begin("mem X ", kind, range->address + i * PAGE + 8 * (uint64_t)w);
                    number(copy[w]);
                    number(now[w]);
                    emit();
                    copy[w] = now[w];
                }
        }
    }
}

void tables_register(uint32_t offset, unsigned bytes, bool write, uint64_t value) {
    if (offset >= AMDVI_MMIO_BYTES || bytes < 1 || bytes > 8 || bytes > AMDVI_MMIO_BYTES - offset)
        return;
    if (bytes < 8)
        value &= (UINT64_C(1) << bytes * 8) - 1;
    pthread_mutex_lock(&lock);
    accesses++;
    text_start(&line);
    text_string(&line, write ? "mem I W" : "mem I R");
    number(offset);
    number(bytes);
    number(value);
    emit();
    if (write) {
        static const struct { uint32_t offset; char kind; } bases[] = {
            {AMDVI_DEVICE_TABLE, 'D'}, {AMDVI_COMMAND_BUFFER, 'C'}, {AMDVI_EVENT_LOG, 'E'}, {AMDVI_PPR_LOG, 'Q'}};
        uint64_t before[4];
        for (int i = 0; i < 4; i++)
            before[i] = registers[bases[i].offset / 8];
        memcpy((uint8_t *)registers + offset, &value, bytes);
        for (int i = 0; i < 4; i++) {
            uint64_t now = registers[bases[i].offset / 8];
            if (now != before[i] && get_ready()) {
                base_register(before[i], now, bases[i].kind);
                atomic_store(&output_stores_recorded, true);
            }
        }
        if (options.check && offset == COMMAND_TAIL)
            check();
    }
    pthread_mutex_unlock(&lock);
}

void tables_start(const struct tables_options *wanted) {
    options = *wanted;
    /* Files may have lost their names when the first store comes. */
    if (options.ram && *options.ram && strcmp(options.ram, "auto") != 0)
        get_ready();
}

void tables_end(uint64_t callbacks) {
    pthread_mutex_lock(&lock);
    text_start(&line);
    text_string(&line, "mem END callbacks=");
    text_hex(&line, callbacks, 1);
    text_string(&line, " stores=");
    text_hex(&line, stores, 1);
    text_string(&line, " registers=");
    text_hex(&line, accesses, 1);
    text_string(&line, " missed=");
    text_hex(&line, missed, 1);
    emit();
    pthread_mutex_unlock(&lock);
}
