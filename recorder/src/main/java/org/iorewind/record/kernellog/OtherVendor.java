package org.iorewind.record.kernellog;

import org.jspecify.annotations.Nullable;

/** IOMMUs that iorewind knows by name and whose faults it cannot explain. */
enum OtherVendor {
    INTEL("Intel VT-d (DMAR)"),
    ARM("Arm SMMU");

    private final String label;

    OtherVendor(String label) {
        this.label = label;
    }

    /** For people. */
    String label() {
        return label;
    }

    /** Whose IOMMU a line is about; null if it is none of these. */
    static @Nullable OtherVendor of(String text) {
        if (text.startsWith("DMAR") || text.contains(": DMAR") || text.startsWith("dmar_fault")) {
            return INTEL;
        }
        return text.startsWith("arm-smmu") || text.startsWith("arm_smmu") ? ARM : null;
    }

    /** Whether a line of this vendor reports a fault. */
    boolean isFault(String text) {
        return switch (this) {
            case INTEL ->
                text.contains("fault addr")
                        || text.contains("[fault reason")
                        || text.contains("INTR-REMAP: Request device");
            case ARM ->
                text.contains("Unhandled context fault")
                        || text.contains("Unexpected global fault")
                        || text.contains(": event 0x")
                        || text.contains("event: F_")
                        || text.contains("event: C_");
        };
    }
}
