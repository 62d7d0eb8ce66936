package org.iorewind.model.platform.guest;

/** Which page tables a guest uses for its DMA. */
public enum TableFormat {
    /** Host (v1) tables: what a software vIOMMU can shadow. */
    V1,
    /** Guest (v2) tables behind a GCR3 table: what a hardware vIOMMU nests. PASIDs need this too. */
    V2
}
