package org.iorewind.analyze.protocol;

import static org.iorewind.analyze.rule.Fidelity.FULL;
import static org.iorewind.analyze.rule.Fidelity.LOG;
import static org.iorewind.analyze.rule.Fidelity.OBSERVED;
import static org.iorewind.analyze.rule.Severity.ERROR;
import static org.iorewind.analyze.rule.Severity.INFO;
import static org.iorewind.analyze.rule.Severity.WARNING;

import java.util.List;
import org.iorewind.analyze.rule.Rule;

/** All rules of the protocol. Sections are those of the hardware reference; those with a V are of hardware vIOMMU. */
public final class ProtocolRules {
    static final Rule STALE_TRANSLATION = new Rule(
            "stale-translation",
            ERROR,
            "A device used a translation after it was taken away",
            "The tables no longer map the address so, but a cached copy let the device reach the old page.",
            "Send INVALIDATE_IOMMU_PAGES for the range and its DomainID, then COMPLETION_WAIT, and give page and"
                    + " address away only then. If the driver did so, the device used a buffer that it had given back"
                    + " (reference 3.3, 11.2).",
            FULL);
    static final Rule MISSING_INVALIDATION = new Rule(
            "missing-invalidation",
            ERROR,
            "A mapping changed and was never invalidated",
            "The address was mapped anew, or younger changes were flushed, while caches may hold the old translation.",
            "Send INVALIDATE_IOMMU_PAGES that covers the range, for every DomainID that uses the table (reference 3.3,"
                    + " 11.2).",
            FULL);
    static final Rule LATE_INVALIDATION = new Rule(
            "late-invalidation",
            WARNING,
            "A page was used again before its old mapping was flushed",
            "Between the unmap and its flush the page was mapped elsewhere: the first device can still reach it."
                    + " Deferred flushing accepts this window; there it is a note.",
            "Flush and wait before the page is given away, as strict mode does (reference 11.2).",
            FULL);
    static final Rule WIDE_INVALIDATION = new Rule(
            "wide-invalidation",
            INFO,
            "Invalidations drop far more than has changed",
            "Translations of other pages are lost too, and have to be walked again.",
            "Name the changed range in INVALIDATE_IOMMU_PAGES (S and address, reference 3.2).",
            FULL);
    static final Rule REDUNDANT_INVALIDATION = new Rule(
            "redundant-invalidation",
            INFO,
            "The same range is invalidated again though nothing changed",
            "Each costs a command, and the translations in the range have to be walked again.",
            "Send one invalidation for each change (reference 11.2).",
            FULL);
    static final Rule WRONG_DOMAIN = new Rule(
            "wrong-domain-invalidation",
            ERROR,
            "An invalidation named another domain",
            "The range that had changed was invalidated under a DomainID in which nothing had changed: the old"
                    + " translation stays cached.",
            "Use the DomainID of the device table entry through which the tables are reached (reference 2.2, 3.3).",
            FULL);
    static final Rule WAIT_OMITTED = new Rule(
            "wait-omitted",
            ERROR,
            "Nobody waited for an invalidation",
            "Commands may take effect late: until a COMPLETION_WAIT behind them is complete, the old translation may be"
                    + " used.",
            "Put COMPLETION_WAIT behind the invalidation, and wait for its store, before the address is mapped anew"
                    + " (reference 3.1, 3.3).",
            FULL);
    static final Rule WAIT_MISORDERED = new Rule(
            "wait-misordered",
            ERROR,
            "The wait stands before the invalidation",
            "COMPLETION_WAIT says that the commands before it are complete; it says nothing of those behind it.",
            "Put COMPLETION_WAIT behind the invalidation (reference 3.1, 3.3).",
            FULL);
    static final Rule TABLE_WITHOUT_PDE = new Rule(
            "table-without-pde",
            WARNING,
            "A page-table page was taken away without flushing directories",
            "The invalidation that covered it had PDE=0: a cached directory entry may still lead to the freed page.",
            "Set PDE in INVALIDATE_IOMMU_PAGES when tables are freed (reference 3.3, 11.2).",
            FULL);
    static final Rule TABLE_REUSED = new Rule(
            "table-reused",
            ERROR,
            "A freed page-table page was used again while it could still be reached",
            "A walk that goes on from a cached directory entry reads what is now in the page as page table entries.",
            "Unlink the page, invalidate with PDE=1, wait, and free it only then (reference 3.3, 11.2).",
            FULL);
    static final Rule DEVICE_TLB_NOT_INVALIDATED = new Rule(
            "device-tlb-not-invalidated",
            ERROR,
            "A device was not told that a translation it holds is gone",
            "It got the translation by ATS and may go on to use it: its translated requests pass the tables by.",
            "Send INVALIDATE_IOTLB_PAGES for the range to every device with ATS enabled, behind"
                    + " INVALIDATE_IOMMU_PAGES, and wait (reference 3.3, 9.2).",
            FULL);
    static final Rule MAP_NOT_INVALIDATED = new Rule(
            "map-not-invalidated",
            WARNING,
            "A mapping was used before it was invalidated, where absence is cached",
            "With NpCache=1 the IOMMU may keep that nothing is mapped at an address: a request meets a fault though"
                    + " the tables map it.",
            "With NpCache=1 send INVALIDATE_IOMMU_PAGES after mapping too, and wait (reference 1.1, 9.2).",
            FULL);
    static final Rule DEVICE_ENTRY_NOT_INVALIDATED = new Rule(
            "device-entry-not-invalidated",
            ERROR,
            "A device table entry changed without its invalidation",
            "The IOMMU may go on with the copy it has: the device stays in its old domain.",
            "Send INVALIDATE_DEVTAB_ENTRY for the DeviceID and wait (reference 2.6, 3.3).",
            FULL);
    static final Rule INTERRUPT_ENTRY_NOT_INVALIDATED = new Rule(
            "interrupt-entry-not-invalidated",
            ERROR,
            "An interrupt table entry changed without its invalidation",
            "The IOMMU may go on with the copy it has: interrupts go where they went before.",
            "Send INVALIDATE_INTERRUPT_TABLE for the DeviceID and wait (reference 3.3, 11.2).",
            FULL);
    static final Rule ALIAS_FORGOTTEN = new Rule(
            "alias-forgotten",
            WARNING,
            "Requests arrive under an ID that nobody set up",
            "Another device of the same bus maps the very address and never issues a request itself: most likely the"
                    + " requests carry an alias.",
            "Give the alias, which IVRS names, the same device table entry (reference 2.1, 10.3).",
            FULL);
    static final Rule SHARED_DOMAIN_ID = new Rule(
            "shared-domain-id",
            ERROR,
            "Two page tables under one DomainID",
            "Caches are tagged with the DomainID: a device can hit the other one's translations.",
            "Use a DomainID of its own for each root on an IOMMU (reference 2.2, 9.1).",
            FULL);
    static final Rule OPEN_BY_DEFAULT = new Rule(
            "open-by-default",
            WARNING,
            "Device table entries let everything pass",
            "An entry with V=0 forwards all requests untranslated: a device that nobody set up reaches all of memory.",
            "Set V=1, TV=1, Mode=0, IR=IW=0 in every entry before the IOMMU is enabled (reference 2.4, 11.1).",
            FULL);
    static final Rule OPEN_ENTRY_USED = new Rule(
            "open-entry-used",
            WARNING,
            "A request passed through an entry with V=0",
            "It reached memory without translation and without a check.",
            "Give the device a domain, or block it (reference 2.4).",
            FULL);
    static final Rule MORE_WRITABLE = new Rule(
            "more-writable-than-used",
            INFO,
            "Pages may be written that are only read",
            "A device that goes astray can change what it only has to read.",
            "Map buffers to the device for reading only: IW=0 in the entry (reference 6.1).",
            FULL);
    static final Rule WIDER_THAN_USED = new Rule(
            "wider-than-used",
            INFO,
            "Pages are mapped that the device never uses",
            "Each is memory that a device that goes astray can reach.",
            "Map what the device needs, as long as it needs it (reference 6.1).",
            FULL);
    static final Rule TABLES_REACHABLE = new Rule(
            "tables-reachable",
            ERROR,
            "A device can write tables, rings or logs",
            "It can give itself any mapping, forge commands, or hide what it did.",
            "Never map pages that hold tables, rings or logs (reference 2.1, 6.1).",
            FULL);
    static final Rule RESERVED_BITS = new Rule(
            "reserved-bits",
            ERROR,
            "Reserved bits are set",
            "The IOMMU refuses the entry or the command, or a later one gives the bits a meaning.",
            "Write reserved bits as 0 (reference 2.3, 3.4, 6.1).",
            FULL);
    static final Rule RING_OVERRUN = new Rule(
            "ring-overrun",
            ERROR,
            "The command ring was overrun",
            "Commands were written over others that the IOMMU had not taken, or the tail passed the head: commands are"
                    + " lost.",
            "Read the head and leave a place free before a command is written (reference 1.10, 11.2).",
            OBSERVED);
    static final Rule TAIL_WHILE_STOPPED = new Rule(
            "tail-while-stopped",
            WARNING,
            "Commands were given to a ring that does not run",
            "Nothing takes them: what waits for their completion waits for ever.",
            "Set CmdBufEn and IommuEn first; after an error set CmdBufEn to 0 and to 1 again (reference 3.1).",
            OBSERVED);
    static final Rule BASE_WHILE_RUNNING = new Rule(
            "base-while-running",
            WARNING,
            "A ring or log was moved while it runs",
            "What becomes of the entries on their way is undefined.",
            "Clear the enable bit, wait until the run bit is 0, and change base and pointers then (reference 1.4).",
            OBSERVED);
    static final Rule POINTER_OUT_OF_RING = new Rule(
            "pointer-out-of-ring",
            WARNING,
            "A pointer leads beyond its ring",
            "What the IOMMU makes of it is undefined.",
            "Keep head and tail below the size that the base register says (reference 1.10).",
            OBSERVED);
    static final Rule LOG_OVERFLOW = new Rule(
            "log-overflow",
            WARNING,
            "A log overflowed: entries are lost",
            "Nobody took entries away in time; what happened until the log was started again is not in it.",
            "Read the log at each interrupt; after an overflow restart it, and take its length larger (reference 4.5).",
            OBSERVED);
    static final Rule EVENTS_NOT_LOGGED = new Rule(
            "events-not-logged",
            INFO,
            "Events happened while the log was off",
            "Faults that nobody can see.",
            "Enable the event log before devices work (reference 4.4, 11.1).",
            OBSERVED);
    static final Rule RECORDING_GAP = new Rule(
            "recording-gap",
            INFO,
            "The recording has a gap",
            "Invalidations may have happened in it: what was pending before it is not judged.",
            "Record again with a larger buffer, or without other load.",
            LOG);
    static final Rule INTERRUPT_HOLE = new Rule(
            "interrupt-hole",
            WARNING,
            "Interrupts pass without remapping",
            "Other devices' interrupts are remapped, this one's are not: it can raise any vector on any processor.",
            "Set IV=1 and IntCtl=10b with a table in every device table entry (reference 2.2, 8.2).",
            OBSERVED);
    static final Rule INTERRUPTS_OPEN = new Rule(
            "interrupts-open",
            INFO,
            "Interrupt remapping is not used",
            "Every device can raise any interrupt.",
            "Turn interrupt remapping on, where the platform permits (reference 8, 11.1).",
            OBSERVED);
    static final Rule DOMAIN_MAP_SHARED = new Rule(
            "domain-map-shared",
            ERROR,
            "Two domains of guests are one of the host",
            "Their translations share a tag: one guest's device can hit the other's pages.",
            "Map every live pair of GuestID and DomainID to a DomainID of its own (reference V4.3, V14.3 rule 1).",
            OBSERVED);
    static final Rule DEVICE_MAP_SHARED = new Rule(
            "device-map-shared",
            ERROR,
            "A device of the host belongs to two guests",
            "The commands of one guest act on the other's device.",
            "Clear the entry of the old owner first (reference V4.1, V14.3 rule 2).",
            OBSERVED);
    static final Rule DEVICE_MAP_MISMATCH = new Rule(
            "device-map-mismatch",
            ERROR,
            "A device table entry and the guest's DeviceID map disagree",
            "Faults and page requests go to a guest, under an ID whose commands act on another device.",
            "Set GDeviceID and GuestID in the entry as the map has them (reference V4.1, V14.3 rule 2).",
            FULL);
    static final Rule VIEWS_DIFFER = new Rule(
            "guest-host-view",
            ERROR,
            "Guest and host see another address space for a device",
            "The guest's device table leads to tables that the host's entry does not use: the device works in what the"
                    + " guest believes is gone.",
            "Merge the guest's entry anew at each of its INVALIDATE_DEVTAB_ENTRY (reference 11.5, V10.4).",
            FULL);

    private static final List<Rule> ALL = List.of(
            STALE_TRANSLATION,
            MISSING_INVALIDATION,
            LATE_INVALIDATION,
            WIDE_INVALIDATION,
            REDUNDANT_INVALIDATION,
            WRONG_DOMAIN,
            WAIT_OMITTED,
            WAIT_MISORDERED,
            TABLE_WITHOUT_PDE,
            TABLE_REUSED,
            DEVICE_TLB_NOT_INVALIDATED,
            MAP_NOT_INVALIDATED,
            DEVICE_ENTRY_NOT_INVALIDATED,
            INTERRUPT_ENTRY_NOT_INVALIDATED,
            ALIAS_FORGOTTEN,
            SHARED_DOMAIN_ID,
            OPEN_BY_DEFAULT,
            OPEN_ENTRY_USED,
            MORE_WRITABLE,
            WIDER_THAN_USED,
            TABLES_REACHABLE,
            RESERVED_BITS,
            RING_OVERRUN,
            TAIL_WHILE_STOPPED,
            BASE_WHILE_RUNNING,
            POINTER_OUT_OF_RING,
            LOG_OVERFLOW,
            EVENTS_NOT_LOGGED,
            RECORDING_GAP,
            INTERRUPT_HOLE,
            INTERRUPTS_OPEN,
            DOMAIN_MAP_SHARED,
            DEVICE_MAP_SHARED,
            DEVICE_MAP_MISMATCH,
            VIEWS_DIFFER);

    private ProtocolRules() {}

    /** All of them. */
    public static List<Rule> all() {
        return ALL;
    }
}
