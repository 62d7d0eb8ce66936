#define _GNU_SOURCE
#include "guest_ram.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE UINT64_C(4096)
#define FOUR_GIB (UINT64_C(1) << 32)

/* QEMU's q35 splits memory from 2.75 GiB on: 2 GiB stay below. */
#define Q35_LIMIT UINT64_C(0xb0000000)
#define Q35_BELOW UINT64_C(0x80000000)

/* What of QEMU is called when no file is given; both are in all versions since 2.12. */
typedef int (*block_visitor)(void *block, void *opaque);
typedef int (*foreach_block)(block_visitor visit, void *opaque);

struct biggest_block {
    void *(*host)(const void *block);
    uint64_t (*bytes)(const void *block);
    const uint8_t *start;
    uint64_t size;
};

static bool add(struct guest_ram *ram, uint64_t address, uint64_t bytes, const uint8_t *host) {
    if (ram->ranges == GUEST_RAM_RANGES || bytes == 0 || ((address | bytes) & (PAGE - 1)) != 0 || address + bytes < address)
        return false;
    struct guest_range *range = &ram->range[ram->ranges++];
    range->address = address;
    range->bytes = bytes;
    range->host = host;
    range->first_page = ram->pages;
    ram->pages += bytes / PAGE;
    return true;
}

static void unmap(struct guest_ram *ram) {
    for (unsigned i = 0; i < ram->ranges; i++)
        munmap((void *)(uintptr_t)ram->range[i].host, ram->range[i].bytes);
    memset(ram, 0, sizeof *ram);
}

static const char *map_file(struct guest_ram *ram, uint64_t address, uint64_t bytes, uint64_t offset, const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return "cannot open the file of the guest's memory";
    struct stat status;
    const char *problem = NULL;
    /* Beyond its end the file would raise a signal. */
    if (fstat(fd, &status) != 0 || offset + bytes < offset || (uint64_t)status.st_size < offset + bytes) {
        problem = "the file of the guest's memory is shorter than said";
    } else {
        void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, (off_t)offset);
        if (map == MAP_FAILED) {
            problem = "cannot map the file of the guest's memory";
        } else if (!add(ram, address, bytes, map)) {
            munmap(map, bytes);
            problem = "ranges of memory must be whole pages, and at most 16";
        }
    }
    close(fd);
    return problem;
}

static const char *map_files(struct guest_ram *ram, const char *text) {
    char part[4096];
    while (*text) {
        size_t length = strcspn(text, ";");
        if (length >= sizeof part)
            return "a range of memory with too long a path";
        memcpy(part, text, length);
        part[length] = 0;
        text += length + (text[length] == ';');
        char *at = part;
        uint64_t address = strtoull(at, &at, 16);
        uint64_t bytes = *at == '+' ? strtoull(at + 1, &at, 16) : 0;
        uint64_t offset = *at == '@' ? strtoull(at + 1, &at, 16) : 0;
        if (*at != '=' || bytes == 0)
            return "a range of memory is written ADDRESS+BYTES@OFFSET=FILE";
        const char *problem = map_file(ram, address, bytes, offset, at + 1);
        if (problem)
            return problem;
    }
    return NULL;
}

/* Whether all of these bytes are mapped in this process, and can be read. */
static bool is_mapped(uint64_t from, uint64_t end) {
    FILE *maps = fopen("/proc/self/maps", "re");
    if (!maps)
        return false;
    char line[512];
    while (from < end && fgets(line, sizeof line, maps)) {
        char *at = line;
        uint64_t low = strtoull(at, &at, 16);
        uint64_t high = *at == '-' ? strtoull(at + 1, &at, 16) : 0;
        if (low <= from && from < high && at[0] == ' ' && at[1] == 'r')
            from = high;
    }
    fclose(maps);
    return from >= end;
}

static const char *add_from_line(struct guest_ram *ram, char *line) {
    char *at = line;
    uint64_t address = strtoull(at, &at, 16);
    uint64_t bytes = *at == '+' ? strtoull(at + 1, &at, 16) : 0;
    uint64_t host = *at == '=' ? strtoull(at + 1, &at, 16) : 0;
    if (*at != '\n' || bytes == 0 || host == 0 || host + bytes < host)
        return "a line about the guest's memory is written ADDRESS+BYTES=HOST";
    if (!is_mapped(host, host + bytes))
        return "the guest's memory is not where the recorder says";
    return add(ram, address, bytes, (const uint8_t *)(uintptr_t)host)
               ? NULL
               : "ranges of memory must be whole pages, and at most 16";
}

const char guest_ram_untold[] = "the recorder has not said yet where the guest's memory is";

/* What the recorder found out by asking QEMU's monitor: where in this process the memory is, whatever it is made of. */
static const char *read_places(struct guest_ram *ram, const char *path) {
    FILE *file = fopen(path, "re");
    if (!file)
        return guest_ram_untold;
    char line[128];
    const char *problem = NULL;
    while (!problem && fgets(line, sizeof line, file))
        problem = add_from_line(ram, line);
    fclose(file);
    if (!problem && ram->ranges == 0)
        problem = "the recorder knows of no memory";
    if (problem)
        memset(ram, 0, sizeof *ram);
    return problem;
}

static int look_at_block(void *block, void *opaque) {
    struct biggest_block *biggest = opaque;
    uint64_t bytes = biggest->bytes(block);
    if (bytes > biggest->size) {
        biggest->size = bytes;
        biggest->start = biggest->host(block);
    }
    return 0;
}

/* The pointer to a function that the running program may or may not have. */
static void find(const char *name, void *function) {
    void *symbol = dlsym(RTLD_DEFAULT, name);
    memcpy(function, &symbol, sizeof symbol);
}

/* The biggest block is the memory of a machine with one backend; QEMU keeps it mapped as long as it runs. */
static const char *ask_qemu(struct guest_ram *ram, uint64_t below_4g) {
    struct biggest_block biggest = {0};
    foreach_block foreach = NULL;
    find("qemu_ram_foreach_block", &foreach);
    find("qemu_ram_get_host_addr", &biggest.host);
    find("qemu_ram_get_used_length", &biggest.bytes);
    if (!foreach || !biggest.host || !biggest.bytes)
        return "this QEMU does not export its memory: give it -object memory-backend-file,share=on";
    foreach (look_at_block, &biggest);
    if (!biggest.start || biggest.size < PAGE)
        return "QEMU has no memory yet";
    uint64_t below = below_4g ? below_4g : biggest.size >= Q35_LIMIT ? Q35_BELOW : biggest.size;
    if (below > biggest.size)
        below = biggest.size;
    bool taken = add(ram, 0, below, biggest.start)
                 && (biggest.size == below || add(ram, FOUR_GIB, biggest.size - below, biggest.start + below));
    if (!taken)
        memset(ram, 0, sizeof *ram);
    return taken ? NULL : "QEMU's memory is not made of whole pages";
}

const char *guest_ram_map(struct guest_ram *ram, const char *text, uint64_t below_4g) {
    memset(ram, 0, sizeof *ram);
    if (!text || !*text || strcmp(text, "auto") == 0)
        return ask_qemu(ram, below_4g);
    if (strncmp(text, "at:", 3) == 0)
        return read_places(ram, text + 3);
    const char *problem = map_files(ram, text);
    if (problem)
        unmap(ram);
    return problem;
}

static const struct guest_range *range_of(const struct guest_ram *ram, uint64_t address) {
    for (unsigned i = 0; i < ram->ranges; i++)
        if (address - ram->range[i].address < ram->range[i].bytes)
            return &ram->range[i];
    return NULL;
}

uint64_t guest_ram_page(const struct guest_ram *ram, uint64_t address) {
    const struct guest_range *range = range_of(ram, address);
    return range ? range->first_page + (address - range->address) / PAGE : UINT64_MAX;
}

bool guest_ram_read(const struct guest_ram *ram, uint64_t address, void *to, size_t bytes) {
    const struct guest_range *range = range_of(ram, address);
    if (!range || bytes > PAGE - (address & (PAGE - 1))) {
        memset(to, 0, bytes);
        return false;
    }
    memcpy(to, range->host + (address - range->address), bytes);
    return true;
}

bool guest_ram_quadword(const struct guest_ram *ram, uint64_t address, uint64_t *to) {
    const struct guest_range *range = (address & 7) == 0 ? range_of(ram, address) : NULL;
    *to = range ? __atomic_load_n((const uint64_t *)(const void *)(range->host + (address - range->address)), __ATOMIC_ACQUIRE)
                : 0;
    return range != NULL;
}
