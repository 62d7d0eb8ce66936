/* The guest's memory, readable from inside QEMU. */
#ifndef IOREWIND_GUEST_RAM_H
#define IOREWIND_GUEST_RAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUEST_RAM_RANGES 16

struct guest_range {
    uint64_t address; /* guest physical */
    uint64_t bytes;
    const uint8_t *host;
    uint64_t first_page; /* number of its first page among the pages of all ranges */
};

struct guest_ram {
    struct guest_range range[GUEST_RAM_RANGES];
    unsigned ranges;
    uint64_t pages;
};

/*
 * Maps what `text` says: ADDRESS+BYTES@OFFSET=FILE, several joined by ';', numbers in hexadecimal with or without 0x; or asks
 * QEMU itself when it is NULL, empty or "auto" (then `below_4g` is how much of it lies below 4 GiB; 0: as QEMU's q35 does);
 * or, with "at:FILE", takes what the recorder has written there: lines ADDRESS+BYTES=HOST, where HOST is an address in this
 * process; guest_ram_untold as long as there is no such file.
 * Returns NULL, or what is wrong; then there are no ranges, and it may be tried again later.
 */
const char *guest_ram_map(struct guest_ram *ram, const char *text, uint64_t below_4g);

extern const char guest_ram_untold[];

/* Number of the page among all pages, or UINT64_MAX if it is not in memory. */
uint64_t guest_ram_page(const struct guest_ram *ram, uint64_t address);

/* Reads bytes that lie in one page; false, and zeros, if they are not in memory. */
bool guest_ram_read(const struct guest_ram *ram, uint64_t address, void *to, size_t bytes);

/* Reads an aligned quadword as one. */
bool guest_ram_quadword(const struct guest_ram *ram, uint64_t address, uint64_t *to);

#endif
