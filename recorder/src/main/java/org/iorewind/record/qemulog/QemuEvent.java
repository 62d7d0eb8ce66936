package org.iorewind.record.qemulog;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The trace events of QEMU's {@code amd-iommu}, versions 7.2 to 11.x, with the text of their arguments as the log backend
 * prints it (reference 12.3). The names and formats are QEMU's; spelling mistakes in them are part of the format.
 */
enum QemuEvent {
    EVNTLOG_FAIL("amdvi_evntlog_fail", "error: fail to write at addr 0x%x +  offset 0x%x"),
    CACHE_UPDATE("amdvi_cache_update", " update iotlb domid 0x%x devid: %x:%x.%x gpa 0x%x hpa 0x%x"),
    COMPLETION_WAIT_FAIL("amdvi_completion_wait_fail", "error: fail to write at address 0x%x"),
    MMIO_WRITE("amdvi_mmio_write", "%s write addr 0x%x, size %d, val 0x%x, offset 0x%x"),
    MMIO_READ("amdvi_mmio_read", "%s read addr 0x%x, size %d offset 0x%x"),
    MMIO_READ_INVALID("amdvi_mmio_read_invalid", "error: addr outside region (max 0x%x): read addr 0x%x, size %d"),
    COMMAND_ERROR("amdvi_command_error", "error: Executing commands with command buffer disabled 0x%x"),
    COMMAND_READ_FAIL("amdvi_command_read_fail", "error: fail to access memory at 0x%x + 0x%x"),
    COMMAND_EXEC(
            "amdvi_command_exec",
            "command buffer head at 0x%x command buffer tail at 0x%x command buffer base at 0x%x"),
    UNHANDLED_COMMAND("amdvi_unhandled_command", "unhandled command 0x%x"),
    INTR_INVAL("amdvi_intr_inval", "Interrupt table invalidated"),
    IOTLB_INVAL("amdvi_iotlb_inval", "IOTLB pages invalidated"),
    PREFETCH_PAGES("amdvi_prefetch_pages", "Pre-fetch of AMD-Vi pages requested"),
    PAGES_INVAL("amdvi_pages_inval", "AMD-Vi pages for domain 0x%x invalidated"),
    ALL_INVAL("amdvi_all_inval", "Invalidation of all AMD-Vi cache requested "),
    PPR_EXEC("amdvi_ppr_exec", "Execution of PPR queue requested "),
    DEVTAB_INVAL("amdvi_devtab_inval", "device table entry for devid: %x:%x.%x invalidated"),
    COMPLETION_WAIT("amdvi_completion_wait", "completion wait requested with store address 0x%x and store data 0x%x"),
    CONTROL_STATUS("amdvi_control_status", "MMIO_STATUS state 0x%x"),
    IOTLB_RESET("amdvi_iotlb_reset", "IOTLB exceed size limit - reset "),
    DTE_GET_FAIL("amdvi_dte_get_fail", "error: failed to access Device Entry devtab 0x%x offset 0x%x"),
    INVALID_DTE("amdvi_invalid_dte", "PTE entry at 0x%x is invalid "),
    GET_PTE_HWERROR("amdvi_get_pte_hwerror", "hardware error eccessing PTE at addr 0x%x"),
    MODE_INVALID("amdvi_mode_invalid", "error: translation level 0x%x translating addr 0x%x"),
    PAGE_FAULT("amdvi_page_fault", "error: page fault accessing guest physical address 0x%x"),
    IOTLB_HIT("amdvi_iotlb_hit", "hit iotlb devid %x:%x.%x gpa 0x%x hpa 0x%x"),
    TRANSLATION_RESULT("amdvi_translation_result", "devid: %x:%x.%x gpa 0x%x hpa 0x%x"),
    MEM_IR_WRITE_REQ("amdvi_mem_ir_write_req", "addr 0x%x data 0x%x size 0x%x"),
    MEM_IR_WRITE("amdvi_mem_ir_write", "addr 0x%x data 0x%x"),
    IR_REMAP_MSI_REQ("amdvi_ir_remap_msi_req", "addr 0x%x data 0x%x devid 0x%x"),
    IR_REMAP_MSI("amdvi_ir_remap_msi", "(addr 0x%x, data 0x%x) -> (addr 0x%x, data 0x%x)"),
    ERR("amdvi_err", "%s"),
    IR_ERR("amdvi_ir_err", "%s"),
    IR_TARGET_ABORT("amdvi_ir_target_abort", "%s"),
    IR_DELIVERY_MODE("amdvi_ir_delivery_mode", "%s"),
    IR_IRTE("amdvi_ir_irte", "addr 0x%x offset 0x%x"),
    IR_IRTE_VAL("amdvi_ir_irte_val", "data 0x%x"),
    IR_INTCTL("amdvi_ir_intctl", "int_ctl 0x%x"),
    IR_IRTE_GA_VAL("amdvi_ir_irte_ga_val", "hi 0x%x lo 0x%x"),
    GENERATE_MSI("amdvi_generate_msi_interrupt", "Mode: %s");

    private static final Map<String, QemuEvent> BY_NAME = new HashMap<>();

    static {
        for (QemuEvent event : values()) {
            BY_NAME.put(event.label, event);
        }
    }

    private final String label;
    private final byte[] labelBytes;
    private final PrintedFormat format;

    QemuEvent(String label, String format) {
        this.label = label;
        this.labelBytes = label.getBytes(StandardCharsets.US_ASCII);
        this.format = new PrintedFormat(format);
    }

    /** The event with QEMU's name, or null. */
    static @Nullable QemuEvent named(String label) {
        return BY_NAME.get(label);
    }

    /** QEMU's name of the event. */
    String label() {
        return label;
    }

    /** The same in bytes, which the caller does not change. */
    byte[] labelBytes() {
        return labelBytes;
    }

    /** How its arguments are printed. */
    PrintedFormat format() {
        return format;
    }
}
