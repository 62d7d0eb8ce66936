/* What of AMD's IOMMU is in memory and registers, as far as the recording side must know it to find its tables. */
#ifndef IOREWIND_AMDVI_H
#define IOREWIND_AMDVI_H

#include <stdint.h>

#define AMDVI_MMIO_BASE UINT64_C(0xfed80000)
#define AMDVI_MMIO_BYTES 0x4000u

#define AMDVI_DEVICE_TABLE 0x00u
#define AMDVI_COMMAND_BUFFER 0x08u
#define AMDVI_EVENT_LOG 0x10u
#define AMDVI_CONTROL 0x18u
#define AMDVI_PPR_LOG 0x38u

#define AMDVI_ADDRESS UINT64_C(0x000ffffffffff000) /* [51:12] of base registers, DTEs and page table entries */
#define AMDVI_COMMAND_BYTES 16u
#define AMDVI_DTE_BYTES 32u
#define AMDVI_DTE_VALID 3u     /* V and TV, bits 0 and 1 of the first quadword */
#define AMDVI_PRESENT 1u       /* bit 0 of a page table entry */
#define AMDVI_LEVELS 6

/* Interrupt remapping, third quadword of a DTE. */
#define AMDVI_INTERRUPTS_VALID 1u
#define AMDVI_INTERRUPT_TABLE UINT64_C(0x000fffffffffffc0) /* [51:6] */
#define AMDVI_LONGEST_IRTE 16u

/* Mode of a DTE, next level of a page table entry: bits 11:9. */
static inline unsigned amdvi_level(uint64_t entry) { return entry >> 9 & 7; }

static inline uint64_t amdvi_interrupt_entries(uint64_t dte2) { return UINT64_C(1) << (dte2 >> 1 & 15); }

#endif
