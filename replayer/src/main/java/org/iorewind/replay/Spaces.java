package org.iorewind.replay;

import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.trace.sbe.MmioSpace;
import org.jspecify.annotations.Nullable;

/** Register files: the schema's names of them, and the model's. */
public final class Spaces {
    private Spaces() {}

    /** The register file of the model, or null for one that this version does not know. */
    public static @Nullable RegisterSpace model(MmioSpace space) {
        return switch (space) {
            case HOST -> RegisterSpace.HOST;
            case VF -> RegisterSpace.VF;
            case VF_CONTROL -> RegisterSpace.VF_CONTROL;
            case PCI_CONFIG -> RegisterSpace.PCI_CONFIG;
            default -> null;
        };
    }

    /** The register file as events name it. */
    public static MmioSpace recorded(RegisterSpace space) {
        return switch (space) {
            case HOST -> MmioSpace.HOST;
            case VF -> MmioSpace.VF;
            case VF_CONTROL -> MmioSpace.VF_CONTROL;
            case PCI_CONFIG -> MmioSpace.PCI_CONFIG;
        };
    }
}
