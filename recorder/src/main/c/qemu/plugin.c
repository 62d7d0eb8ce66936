/*
 * The plug-in: under TCG, QEMU calls it for each store of the guest. What goes to tables of the IOMMU or to its registers is
 * recorded, with its value, into the same ring as the lines of the tap.
 *
 *   -plugin libiorewind-qemu.so,reads=on,check=on,code=LOW-HIGH,mmio=ADDRESS,ring=FILE,ram=…,below4g=BYTES
 *
 * all of which may be left out: ring, ram and below4g default to the environment (IOREWIND_RING, IOREWIND_RAM,
 * IOREWIND_BELOW_4G). code= (up to 8 times) watches only instructions at these virtual addresses.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "amdvi.h"
#include "output.h"
#include "plugin_abi.h"
#include "tables.h"

#define EXPORT __attribute__((visibility("default")))
#define MOST_CODE_RANGES 8

/* Read by QEMU before anything is called; set by the constructor below to what this QEMU accepts. */
EXPORT int qemu_plugin_version = PLUGIN_NEWEST_API;
EXPORT int qemu_plugin_install(uint64_t plugin, const struct plugin_info *info, int count, char **arguments);

static struct {
    uint64_t low, high;
} code[MOST_CODE_RANGES];
static unsigned code_ranges;
static uint64_t mmio_base = AMDVI_MMIO_BASE;
static int accesses = PLUGIN_STORES;
static char own_context;
static _Atomic uint64_t callbacks;

__attribute__((constructor)) static void choose_version(void) {
    const char *wanted = getenv("IOREWIND_PLUGIN_API");
    if (wanted)
        qemu_plugin_version = atoi(wanted);
    else if (!qemu_plugin_register_vcpu_discon_cb)
        qemu_plugin_version = PLUGIN_OLDEST_API;
    else if (!qemu_plugin_set_pc)
        qemu_plugin_version = 5;
}

static void on_access(unsigned cpu, uint32_t access, uint64_t address, void *context) {
    (void)cpu;
    (void)context;
    const struct plugin_address *where = qemu_plugin_get_hwaddr(access, address);
    if (!where)
        return;
    uint64_t physical = qemu_plugin_hwaddr_phys_addr(where);
    if (qemu_plugin_hwaddr_is_io(where)) {
        if (physical - mmio_base < AMDVI_MMIO_BYTES) {
            struct plugin_value value = qemu_plugin_mem_get_value(access);
            unsigned bytes = 1u << (value.log2_bytes & 7);
            tables_register((uint32_t)(physical - mmio_base), bytes, qemu_plugin_mem_is_store(access), value.data.of8);
        }
        return;
    }
    if (!tables_follow(physical) || !qemu_plugin_mem_is_store(access))
        return;
    struct plugin_value value = qemu_plugin_mem_get_value(access);
    unsigned bytes = 1u << (value.log2_bytes & 7);
    tables_store(physical, bytes, value.data.of16.low, bytes == 16 ? value.data.of16.high : 0);
    atomic_fetch_add_explicit(&callbacks, 1, memory_order_relaxed);
}

static bool is_watched(uint64_t address) {
    for (unsigned i = 0; i < code_ranges; i++)
        if (address - code[i].low < code[i].high - code[i].low)
            return true;
    return code_ranges == 0;
}

static void on_block(const void *first, const void *second) {
    const struct plugin_block *block = second == &own_context ? first : second;
    size_t count = qemu_plugin_tb_n_insns(block);
    for (size_t i = 0; i < count; i++) {
        struct plugin_instruction *instruction = qemu_plugin_tb_get_insn(block, i);
        if (is_watched(qemu_plugin_insn_vaddr(instruction)))
            qemu_plugin_register_vcpu_mem_cb(instruction, on_access, PLUGIN_NO_REGISTERS, accesses, NULL);
    }
}

static void on_exit_of_qemu(const void *first, const void *second) {
    (void)first;
    (void)second;
    tables_end(atomic_load(&callbacks));
}

static const char *value_of(const char *argument, const char *name) {
    size_t length = strlen(name);
    return strncmp(argument, name, length) == 0 && argument[length] == '=' ? argument + length + 1 : NULL;
}

static bool is_on(const char *value) { return strcmp(value, "on") == 0 || strcmp(value, "true") == 0; }

static void complain(const char *what, const char *about) {
    (void)!write(STDERR_FILENO, "iorewind: ", 10);
    (void)!write(STDERR_FILENO, what, strlen(what));
    (void)!write(STDERR_FILENO, about, strlen(about));
    (void)!write(STDERR_FILENO, "\n", 1);
}

static bool argument(const char *text, const char **ring, struct tables_options *options) {
    const char *value;
    char *end = NULL;
    if ((value = value_of(text, "ring")))
        *ring = value;
    else if ((value = value_of(text, "ram")))
        options->ram = value;
    else if ((value = value_of(text, "below4g")))
        options->below_4g = strtoull(value, NULL, 0);
    else if ((value = value_of(text, "mmio")))
        mmio_base = strtoull(value, NULL, 0);
    else if ((value = value_of(text, "reads")))
        accesses = is_on(value) ? PLUGIN_LOADS_AND_STORES : PLUGIN_STORES;
    else if ((value = value_of(text, "check")))
        options->check = is_on(value);
    else if ((value = value_of(text, "code")) && code_ranges < MOST_CODE_RANGES) {
        code[code_ranges].low = strtoull(value, &end, 0);
        code[code_ranges].high = *end == '-' ? strtoull(end + 1, NULL, 0) : 0;
        if (code[code_ranges].high <= code[code_ranges].low)
            return false;
        code_ranges++;
    } else
        return false;
    return true;
}

int qemu_plugin_install(uint64_t plugin, const struct plugin_info *info, int count, char **arguments) {
    const char *below = getenv("IOREWIND_BELOW_4G");
    struct tables_options options = {getenv("IOREWIND_RAM"), below ? strtoull(below, NULL, 0) : 0, false};
    const char *ring = NULL;
    for (int i = 0; i < count; i++)
        if (!argument(arguments[i], &ring, &options)) {
            complain("the plug-in does not understand its argument ", arguments[i]);
            return 1;
        }
    if (!qemu_plugin_mem_get_value || strcmp(info->target, "x86_64") != 0) {
        complain("the plug-in needs QEMU 9.2 or later for x86_64, this is for ", info->target);
        return 1;
    }
    if (!output_start(ring))
        return 1;
    tables_start(&options);
    qemu_plugin_register_vcpu_tb_trans_cb(plugin, on_block, &own_context);
    qemu_plugin_register_atexit_cb(plugin, on_exit_of_qemu, &own_context);
    return 0;
}
