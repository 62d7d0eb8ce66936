package org.iorewind.model.iommu.quirk;

/**
 * The choices this model made where sources disagree or are silent. Each is made at one place in the code, which names the
 * id; {@code docs/MODEL.md} lists them all.
 */
public enum ModelChoice {
    /** Accesses that are not aligned 4- or 8-byte ones. */
    MC_1("SpecifiedRegisterRules", "Narrow or misaligned register accesses read 0 and write nothing."),
    /** Length codes below 8. */
    MC_2("SpecifiedRegisterRules", "A ring or log whose length code is below 8 does not run."),
    /** MSI edges. */
    MC_3("SignalRules", "Status bits rise whatever the enable bit says; one message is sent for each rise."),
    /** Bits 6:4 of a device table entry. */
    MC_4("DeviceEntryDescriptor", "Bits 6:4 of a device table entry are reserved (no CXL attribute)."),
    /** Unsupported segment codes. */
    MC_5("DeviceTable", "DevTblSegEn beyond DevTblSegSup counts as the largest supported."),
    /** Large pages in the TLB. */
    MC_6("SetAssociativeTlb", "The TLB keeps 4 KiB frames; a large page takes one entry for each frame used."),
    /** What the interrupt cache keeps. */
    MC_7("InterruptEntryCache", "Only interrupt table entries with RemapEn=1 are cached."),
    /** Reserved Mode. */
    MC_8("FaultCause", "Mode 7 or above HATS gives ILLEGAL_DEV_TABLE_ENTRY with RZ=0."),
    /** Rights of cached entries. */
    MC_9("Translator", "A cached translation whose rights do not suffice faults; the tables are not read again."),
    /** Rights at each level. */
    MC_10("SpecifiedHostWalk", "Rights are checked at each level, so the first entry that forbids is reported."),
    /** Moving rings. */
    MC_11("HostRegisters", "Bases and pointers may be written while a ring runs; the write counts."),
    /** Log store failures. */
    MC_12("EventLog", "An event whose store fails is lost; the tail stays."),
    /** Kinds of aborts. */
    MC_13("EventLog", "A failed access is reported as a master abort, damaged data as a data error."),
    /** The completion-store window. */
    MC_14("CommandExecutor", "Under SNP the completion-store window is named, not enforced."),
    /** Pointers beyond the ring. */
    MC_15("CommandRing", "Pointers beyond the ring count modulo its size."),
    /** Wide destinations. */
    MC_16("RemappedMessage", "Destination bits 31:8 of a delivered message stand in its address bits 63:40."),
    /** Aborted interrupts. */
    MC_17("InterruptRemapper", "An interrupt aborted by IntCtl=00b leaves no event."),
    /** Data accesses in the MSI window. */
    MC_18("Translator", "A data access in the MSI window is aborted without an event."),
    /** DeviceIDs beyond the table. */
    MC_19("DeviceTable", "A DeviceID beyond the table gives IO_PAGE_FAULT with PR=0; the request is dropped."),
    /** Exclusion range. */
    MC_20("Translator", "The exclusion range counts for every device and before TV=0."),
    /** Wide addresses. */
    MC_21("FaultCause", "An address wider than Mode gives IO_PAGE_FAULT with PR=0."),
    /** Directory cache. */
    MC_22("CommandExecutor", "There is no page-directory cache: PDE=1 drops nothing more."),
    /** All-ones ranges. */
    MC_23("CommandDescriptor", "An invalidation range of all ones is the whole address space."),
    /** IoCtl. */
    MC_24("FaultCause", "IoCtl=11b gives ILLEGAL_DEV_TABLE_ENTRY with RZ=0."),
    /** Unreadable interrupt table entries. */
    MC_25("InterruptRemapper", "An unreadable interrupt table entry gives PAGE_TAB_HARDWARE_ERROR with I=1."),
    /** RW without PR. */
    MC_26("Translator", "RW is reported even when PR=0."),
    /** Requests with PASID. */
    MC_27("Translator", "A request with a PASID is not modelled, whatever GV says.");

    private final String holder;
    private final String text;

    ModelChoice(String holder, String text) {
        this.holder = holder;
        this.text = text;
    }

    /** The id, such as {@code MC-3}. */
    public String id() {
        return name().replace('_', '-');
    }

    /** Simple name of the class that makes the choice. */
    public String holder() {
        return holder;
    }

    /** The choice in one sentence. */
    public String text() {
        return text;
    }
}
