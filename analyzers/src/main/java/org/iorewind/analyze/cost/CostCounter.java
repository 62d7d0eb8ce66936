package org.iorewind.analyze.cost;

import java.util.Optional;

/** What is counted (amd-viommu reference 9.1). */
public enum CostCounter {
    /** Exits of guests' processors. */
    VM_EXITS("vmExits", "X", "VM exits"),
    /** Calls of the VMM to the host's kernel. */
    HOST_CALLS("hostCalls", "S", "calls to the host"),
    /** Commands on the ring of a physical IOMMU. */
    HOST_COMMANDS("hostCommands", "Ch", "host commands"),
    /** Commands on guests' rings, whoever executes them. */
    GUEST_COMMANDS("guestCommands", "Cg", "guest commands"),
    /** Entries of page tables written by guests. */
    GUEST_TABLE_WRITES("guestTableWrites", "Wg", "page table entries, guest"),
    /** Entries of page tables written by the host or a VMM. */
    HOST_TABLE_WRITES("hostTableWrites", "Wh", "page table entries, host"),
    /** Stores to device tables. */
    DEVICE_TABLE_WRITES("deviceTableWrites", "Wd", "device table stores"),
    /** Stores to GCR3 tables. */
    GCR3_WRITES("gcr3Writes", "W3", "GCR3 table stores"),
    /** Stores to interrupt remapping tables. */
    INTERRUPT_TABLE_WRITES("interruptTableWrites", "Wi", "interrupt table stores"),
    /** Pages of tables, rings and logs filled with zeros. */
    PAGES_CLEARED("pagesCleared", "Z", "pages cleared"),
    /** Pages of guests pinned by the host. */
    PINS("pins", "P", "pages pinned"),
    /** Pages given free again. */
    UNPINS("unpins", "U", "pages unpinned"),
    /** Reads of page table, GCR3 and device table entries by a physical IOMMU. */
    WALK_READS("walkReads", "R", "reads by hardware walks"),
    /** Reads of such entries by an emulated IOMMU, which is software. */
    EMULATED_WALK_READS("emulatedWalkReads", "Re", "reads by emulated walks"),
    /** Quadwords of tables, rings and logs that software reads. */
    SOFTWARE_READS("softwareReads", "Rs", "reads by software"),
    /** Entries written to logs of the host. */
    HOST_LOG_WRITES("hostLogWrites", "Lh", "log entries, host"),
    /** Entries written to logs of guests, by hardware or by a VMM. */
    GUEST_LOG_WRITES("guestLogWrites", "Lg", "log entries, guest"),
    /** Stores of COMPLETION_WAIT, of host and guests. */
    COMPLETION_STORES("completionStores", "Sem", "completion stores"),
    /** Interrupts that a physical IOMMU raises for the host. */
    HOST_INTERRUPTS("hostInterrupts", "Ih", "interrupts of the host"),
    /** Interrupts for guests. */
    GUEST_INTERRUPTS("guestInterrupts", "I", "interrupts of guests"),
    /** Accesses of the host to registers of a physical IOMMU. */
    HOST_REGISTERS("hostRegisterAccesses", "Mh", "register accesses, host"),
    /** Accesses of guests to registers of a physical IOMMU, without an exit. */
    GUEST_REGISTERS("guestRegisterAccesses", "Mg", "register accesses, guest");

    private final String key;
    private final String symbol;
    private final String words;

    CostCounter(String key, String symbol, String words) {
        this.key = key;
        this.symbol = symbol;
        this.words = words;
    }

    /** Name in JSON. */
    public String key() {
        return key;
    }

    /** Letter in tables. */
    public String symbol() {
        return symbol;
    }

    /** What it counts, for people. */
    public String words() {
        return words;
    }

    /** The counter with this name in JSON. */
    public static Optional<CostCounter> ofKey(String key) {
        for (CostCounter counter : values()) {
            if (counter.key.equals(key)) {
                return Optional.of(counter);
            }
        }
        return Optional.empty();
    }

    /** The counter with this name in JSON or this letter in tables. */
    public static Optional<CostCounter> ofName(String name) {
        for (CostCounter counter : values()) {
            if (counter.key.equals(name) || counter.symbol.equals(name)) {
                return Optional.of(counter);
            }
        }
        return Optional.empty();
    }
}
