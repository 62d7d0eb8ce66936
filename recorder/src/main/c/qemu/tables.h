/*
 * Which pages of memory the IOMMU looks at, found from its registers: device table ─▶ page tables, interrupt tables; rings.
 * Tells of a page when it becomes reachable (its content), of each store to it, and when it is no longer reachable.
 *
 *   mem P KIND PA N INDEX=QWORD …   content of a page; quadwords that are not named are zero
 *   mem S KIND PA SIZE VALUE        a store
 *   mem U KIND PA                   the page is not followed any longer
 *   mem I W|R OFFSET SIZE VALUE     an access to a register
 *   mem X KIND PA SHADOW RAM        a store that nobody saw (only looked for when asked to)
 *
 * KIND: D device table, 1..6 page table of that level, I interrupt table, C command ring, E event log, Q PPR log. All numbers
 * are hexadecimal. Thread-safe. A guest can make this slow for itself; it cannot make it loop or grow without bound.
 */
#ifndef IOREWIND_TABLES_H
#define IOREWIND_TABLES_H

#include <stdbool.h>
#include <stdint.h>

struct tables_options {
    const char *ram;   /* as for guest_ram_map */
    uint64_t below_4g; /* likewise */
    bool check;        /* compare with memory at every 64th write of the command ring's tail */
};

void tables_start(const struct tables_options *options);

/* Whether stores to the page of this address are of interest. No lock: called for each store of the guest. */
bool tables_follow(uint64_t address);

/* A CPU has stored the low `bytes` (1 to 16) of high:low at an address that tables_follow. */
void tables_store(uint64_t address, unsigned bytes, uint64_t low, uint64_t high);

/* A CPU has accessed a register of the IOMMU: offset below AMDVI_MMIO_BYTES, 1 to 8 bytes. */
void tables_register(uint32_t offset, unsigned bytes, bool write, uint64_t value);

/* Figures, for the end of the recording. */
void tables_end(uint64_t callbacks);

#endif
