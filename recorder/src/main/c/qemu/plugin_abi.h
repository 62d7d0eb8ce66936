/*
 * What this library uses of QEMU's interface for TCG plug-ins, declared here because no package has QEMU's own header.
 * Version 4 (QEMU 9.2 to 10.0) to 7 (QEMU 11). Everything is weak: a QEMU without plug-ins runs with the tap alone.
 */
#ifndef IOREWIND_PLUGIN_ABI_H
#define IOREWIND_PLUGIN_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLUGIN_OLDEST_API 4
#define PLUGIN_NEWEST_API 7

enum { PLUGIN_NO_REGISTERS = 0 };
enum { PLUGIN_LOADS = 1, PLUGIN_STORES = 2, PLUGIN_LOADS_AND_STORES = 3 };

struct plugin_block;
struct plugin_instruction;
struct plugin_address;

struct plugin_info {
    const char *target;
    struct {
        int oldest;
        int current;
    } api;
    bool whole_system;
    int cpus;
    int most_cpus;
};

/* Returned by value, so its size counts: 24 bytes. */
struct plugin_value {
    uint32_t log2_bytes;
    union {
        uint8_t of1;
        uint16_t of2;
        uint32_t of4;
        uint64_t of8;
        struct {
            uint64_t low;
            uint64_t high;
        } of16;
    } data;
};

_Static_assert(sizeof(struct plugin_value) == 24, "by value");

typedef void (*plugin_on_access)(unsigned cpu, uint32_t access, uint64_t address, void *context);
/* Version 4 calls it with (plug-in, block), version 7 with (block, context). */
typedef void (*plugin_on_block)(const void *first, const void *second);
typedef void (*plugin_on_exit)(const void *first, const void *second);

#define PLUGIN_WEAK __attribute__((weak))

PLUGIN_WEAK void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t plugin, plugin_on_block call, void *context);
PLUGIN_WEAK void qemu_plugin_register_atexit_cb(uint64_t plugin, plugin_on_exit call, void *context);
PLUGIN_WEAK size_t qemu_plugin_tb_n_insns(const struct plugin_block *block);
PLUGIN_WEAK struct plugin_instruction *qemu_plugin_tb_get_insn(const struct plugin_block *block, size_t index);
PLUGIN_WEAK uint64_t qemu_plugin_insn_vaddr(const struct plugin_instruction *instruction);
PLUGIN_WEAK void qemu_plugin_register_vcpu_mem_cb(
        struct plugin_instruction *instruction, plugin_on_access call, int registers, int accesses, void *context);
PLUGIN_WEAK struct plugin_address *qemu_plugin_get_hwaddr(uint32_t access, uint64_t address);
PLUGIN_WEAK bool qemu_plugin_hwaddr_is_io(const struct plugin_address *address);
PLUGIN_WEAK uint64_t qemu_plugin_hwaddr_phys_addr(const struct plugin_address *address);
PLUGIN_WEAK struct plugin_value qemu_plugin_mem_get_value(uint32_t access);
PLUGIN_WEAK bool qemu_plugin_mem_is_store(uint32_t access);
PLUGIN_WEAK unsigned qemu_plugin_mem_size_shift(uint32_t access);
/* Only looked for: they tell the version. */
PLUGIN_WEAK void qemu_plugin_register_vcpu_discon_cb(void);
PLUGIN_WEAK void qemu_plugin_set_pc(void);

#endif
