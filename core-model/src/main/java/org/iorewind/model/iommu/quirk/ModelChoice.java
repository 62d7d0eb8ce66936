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
    MC_14("CompletionWindow", "Under SNP a completion store outside of the window fails like one that nobody answers."),
    /** Pointers beyond the ring. */
    MC_15("CommandRing", "Pointers beyond the ring count modulo its size."),
    /** Wide destinations. */
    MC_16("RemappedMessage", "Destination bits 31:8 of a delivered message stand in its address bits 63:40."),
    /** Aborted interrupts. */
    MC_17(
            "InterruptRemapper",
            "An interrupt aborted by IntCtl=00b leaves no event, except in the HyperTransport range."),
    /** Data accesses in the MSI window. */
    MC_18("SpecialRanges", "A write to the MSI window that comes as data is aborted without an event."),
    /** DeviceIDs beyond the table. */
    MC_19("DeviceTable", "A DeviceID beyond the table gives IO_PAGE_FAULT with PR=0; the request is dropped."),
    /** Exclusion range. */
    MC_20("Translator", "The exclusion range counts for every device and before TV=0."),
    /** Wide addresses. */
    MC_21("FaultCause", "An address wider than Mode gives IO_PAGE_FAULT with PR=0."),
    /** Directory cache. */
    MC_22(
            "DirectoryCache",
            "PDE=1 drops every cached directory that serves any of the range, and the GCR3 result; PDE=0 none."),
    /** All-ones ranges. */
    MC_23("CommandDescriptor", "An invalidation range of all ones is the whole address space."),
    /** IoCtl. */
    MC_24("FaultCause", "IoCtl=11b gives ILLEGAL_DEV_TABLE_ENTRY with RZ=0."),
    /** Unreadable interrupt table entries. */
    MC_25("InterruptRemapper", "An unreadable interrupt table entry gives PAGE_TAB_HARDWARE_ERROR with I=1."),
    /** RW without PR. */
    MC_26("MemoryRequest", "RW is reported even when PR=0."),
    /** Requests with PASID. */
    MC_27("Translator", "A request with a PASID gives IO_PAGE_FAULT with GN=1, PR=0 unless GTEn and GV are set."),
    /** Reserved GLX and GuestPagingMode. */
    MC_40("FaultCause", "GLX or GuestPagingMode beyond EFR with GV=1 gives ILLEGAL_DEV_TABLE_ENTRY with RZ=0."),
    /** Reserved GATS and GLXSup. */
    MC_41("FeatureDescriptor", "Reserved codes of GATS and GLXSup count as 5 guest and 3 GCR3 levels."),
    /** Faults of the PASID. */
    MC_42("FaultCause", "A PASID out of range and a GCR3 entry with V=0 give IO_PAGE_FAULT with PR=0."),
    /** US of events. */
    MC_43("MemoryRequest", "US is 1 in events with GN=1 unless the request claims supervisor privilege under USSup."),
    /** Canonical addresses. */
    MC_44(
            "GuestEntryDescriptor",
            "PASID 0, with GIoV or not, takes zero-extended addresses, all others sign-extended."),
    /** Reserved bits of guest entries. */
    MC_45(
            "GuestEntryDescriptor",
            "Reserved v2 bits: PS above level 3, low address bits of large pages, NX without NXSup."),
    /** U/S violations. */
    MC_46("MemoryRequest", "A violation of U/S or NX aborts the request; supervisor requests may use user pages."),
    /** Host stage of nested walks. */
    MC_47(
            "GuestPhysicalCache",
            "Host translations of guest table addresses are cached by DomainID; those of final addresses are not."),
    /** Rights of table reads. */
    MC_48("HostStage", "Reads of guest tables need IR of the host's tables, not IR of the device table entry."),
    /** Pointers in GCR3 tables. */
    MC_49("GuestWalk", "Pointers in GCR3 tables are guest physical whatever GCR3TRPMode says of the root."),
    /** Guest rights at the leaf. */
    MC_50("GuestWalk", "Guest rights are checked at the page, not at each level, and before its host stage."),
    /** Exclusion range and guests. */
    MC_51("Translator", "The exclusion range does not count for requests that name a guest address space."),
    /** Host faults of nested walks. */
    MC_52(
            "FaultReporter",
            "A host-stage fault of a guest walk is reported with GN=1, PASID and guest virtual address."),
    /** Accessed and dirty bits of guest entries. */
    MC_53(
            "GuestWalkState",
            "A of v2 entries and D of v2 pages are set before the final host stage; GCR3 entries have neither."),
    /** Combined entries. */
    MC_54("Invalidations", "03h with GN=0 drops all nested translations of the DomainID, whatever its range."),
    /** When A and D are set. */
    MC_55("WalkState", "A and D of host entries are set when a walk has found its page; a walk that faults sets none."),
    /** HADUpdate. */
    MC_56(
            "WalkState",
            "HADUpdate is not looked at: HAD, HASup and HDSup alone decide about A and D, each bit by itself."),
    /** Sizes of segments. */
    MC_60("SpecifiedRegisterRules", "The Size field of a segment base keeps the bits its largest size needs."),
    /** Device-specific registers. */
    MC_62("SpecifiedRegisterRules", "DSCX and DSSX keep their 24 implementation bits; DSFX and the revisions read 0."),
    /** SmiFLock. */
    MC_63("SpecifiedRegisterRules", "A set SmiFLock keeps its SMI filter register unchanged until reset."),
    /** What the SMI filter lets through. */
    MC_64("SmiFilter", "Under SmiFEn an SMI passes if a valid filter register names its DeviceID."),
    /** Refused SMIs. */
    MC_65("InterruptRemapper", "A refused SMI is reported under SmiFLogEn, as IO_PAGE_FAULT with PR=0."),
    /** Which requests of a group are answered. */
    MC_66(
            "PageRequests",
            "What the IOMMU answers by itself goes out with the last request of a group, mask-gen or not."),
    /** PprAutoRspAon. */
    MC_67("PageRequests", "With PprAutoRspEn and PprAutoRspAon all page requests are answered and none is logged."),
    /** DTE[PPR] without EPHSup. */
    MC_68("PageRequests", "Without EPHSup, DTE[PPR] is reserved and not needed for page requests."),
    /** Page requests through a bad device table entry. */
    MC_69("PageRequests", "A bad device table entry is reported as for memory and answered with code 15 (failure)."),
    /** Early overflow. */
    MC_70("PageRequestLog", "PprOverflowEarly: bit 31 of 2088h enables it, bit 30 its interrupt, the unit is entries."),
    /** Restart of the optional logs. */
    MC_71("RunBits", "PprLogEn and GALogEn going from 0 to 1 clear their overflow bits."),
    /** Size of the guest APIC log. */
    MC_72("GuestApicLog", "A length code L of the guest APIC log stands for 2^L * 16 bytes: 512 entries for code 8."),
    /** Copy of the tail. */
    MC_73("GuestApicLog", "A guest APIC log tail address of 0 stands for no copy; a failed store is not reported."),
    /** Base of the guest APIC log. */
    MC_74("HostRegisters", "Writing the guest APIC log base resets its head and tail."),
    /** Guest pages that fail. */
    MC_75("InterruptRemapper", "A vAPIC page that cannot be used gives PAGE_TAB_HARDWARE_ERROR with I=1."),
    /** Codes of GAMEn. */
    MC_76("InterruptRemapper", "GAMEn other than 001b makes an entry with GuestMode=1 illegal."),
    /** Chain of capabilities. */
    MC_80(
            "CapabilityDescriptor",
            "The capabilities stand at 40h (IOMMU), 64h (MSI) and 74h (MSI mapping), chained in this order."),
    /** Enable of the capability block. */
    MC_81("CapabilityBlock", "The MMIO window answers whatever Enable and the base of the capability block say."),
    /** Message numbers. */
    MC_82("CapabilityBlock", "A message number beyond the messages that software granted counts modulo their number."),
    /** Own interrupts without MSI. */
    MC_83("OwnMessages", "An own interrupt is told while MSI is off too, then without a message."),
    /** Masked own interrupts. */
    MC_84("OwnMessages", "With IntCapXTEn, a register of 0 masks its interrupts: they are not told."),
    /** Codes of dual logs. */
    MC_85(
            "DualLogDescriptor",
            "DualEventLogEn and DualPprLogEn: 0 log A, 1 log B, 2 and 3 automatic swap beginning with A."),
    /** Support of dual logs. */
    MC_86("DualLogDescriptor", "Any code of DualEventLogSup and DualPprLogSup but 0 offers log B and the swap."),
    /** Swap of logs. */
    MC_87(
            "DualLog",
            "A swap needs a full log and another that can run, has not overflowed and has a free place; it sets the overflow bit of the full log and loses nothing."),
    /** Types of INVALID_DEVICE_REQUEST. */
    MC_88(
            "InvalidRequestDescriptor",
            "Types of INVALID_DEVICE_REQUEST other than 5 follow the likely causes of the reference's table."),
    /** US of INVALID_DEVICE_REQUEST. */
    MC_89("InvalidRequestDescriptor", "US of INVALID_DEVICE_REQUEST is dw1 bit 18, as in the common layout."),
    /** Start of dual logs. */
    MC_90("RunBits", "A log begins with the buffer its code names when it is enabled and when the code changes."),
    /** Report registers. */
    MC_91(
            "CounterDescriptor",
            "Report register of a counter: bit 63 enables EVENT_COUNTER_ZERO, bits 51:0 are its note."),
    /** Bit 31 of sources. */
    MC_92(
            "CounterDescriptor",
            "Bit 31 of a counter's source is storage; a counter counts when CSOURCE names an event."),
    /** Matches of counters. */
    MC_93(
            "CounterDescriptor",
            "Set mask bits of a match register are compared; an event without such an id passes no enabled match."),
    /** Bank locks. */
    MC_94(
            "PerformanceCounters",
            "Bit n of a bank lock register keeps the match registers of that kind in bank n; it can be cleared."),
    /** Nested and guest reads. */
    MC_95(
            "CountingSink",
            "Reads of host tables count as nested reads, those of GCR3 and v2 tables as guest reads, both in the total."),
    /** TLB misses. */
    MC_96("CountingSink", "A TLB miss is a request not answered from the TLB for which a table entry was read."),
    /** Passed requests. */
    MC_97(
            "CountingSink",
            "A request that passes counts once: as excluded, as pre-translated, or else as untranslated."),
    /** Relocation. */
    MC_98(
            "MarcApertures",
            "A relocated address is system physical and not translated; relocation comes after address classes, before TV."),
    /** MarcSup. */
    MC_99("MarcDescriptor", "Any code of MarcSup but 0 offers four apertures."),
    /** Completion window not set up. */
    MC_100("CompletionWindow", "Under SNP a completion-store base of 0 stands for no window."),
    /** Commands counted. */
    MC_101("CountingSink", "Every fetched command counts, legal or not; commands have no id to match."),
    /** Interrupts counted. */
    MC_102(
            "CountingSink",
            "Events 15h and 16h: interrupts remapped by a 128-bit entry with GuestMode=0, and posted ones."),
    /** Directory look-ups counted. */
    MC_103(
            "CountingSink",
            "Events 08h and 09h count look-ups of host and guest directories, several in a nested walk."),
    /** Limits of apertures. */
    MC_104(
            "Translator",
            "Apertures relocate no guest virtual address; a write to a read-only one gives IO_PAGE_FAULT with PR=1, PE=1."),
    /** Order of delayed invalidations. */
    MC_110(
            "PendingInvalidations",
            "A delayed invalidation may be overtaken by a later one that is not COMPLETION_WAIT."),
    /** The unit of delays. */
    MC_111("PendingInvalidations", "Delays count inputs: what devices ask or answer, register reads and writes."),
    /** How many invalidations wait. */
    MC_112("PendingInvalidations", "At most 64 invalidations wait; one more makes the oldest take effect."),
    /** A ring that stops. */
    MC_113("CommandRing", "Invalidations that wait take effect before CmdBufRun drops, by error or by CmdBufEn."),
    /** What becomes a cached directory. */
    MC_120("WalkState", "Directories are cached, with the rights so far, when the walk that read them ends at a page."),
    /** Host invalidations and guest directories. */
    MC_121(
            "WalkCaches",
            "03h with GN=0 drops all guest directories of the DomainID that nested walks read, whatever its range and PDE."),
    /** A of cached directories. */
    MC_122("WalkState", "A of a cached directory is not set again."),
    /** Which directories are asked. */
    MC_123(
            "WalkState",
            "A walk begins at the lowest cached directory of its DomainID below Mode, whatever root led there."),
    /** Faults below cached directories. */
    MC_124(
            "SpecifiedHostWalk",
            "A fault found below a cached directory stands; the walk is not begun again from the root."),
    /** NpCache. */
    MC_125(
            "SetAssociativeTlb",
            "With NpCache a 4 KiB frame found not present, in either stage, is cached so, and whatever a request wants, it"
                    + " meets that before any right of the tables; refused rights are not cached."),
    /** GDUpdateDis. */
    MC_126(
            "GuestSwitches",
            "GDUpdateDis stops the update of D in guest entries, not that of A; no feature bit is asked for."),
    /** Marking of guest entries. */
    MC_127(
            "GuestWalkState",
            "Setting A or D of a guest entry is a write in the host stage, which needs IW there and sets D there."),
    /** Replicated entries. */
    MC_128("WalkState", "Of the copies of an entry with NextLevel 7 the one that was read gets A and D."),
    /** Refused translation requests. */
    MC_151(
            "InvalidRequest",
            "A device that may not ask is answered \"unsupported request\", a range without translations \"completer abort\"."),
    /** HyperTransport ranges. */
    MC_152("AddressClass", "The HyperTransport ranges have the boundaries that the reference lists."),
    /** Ranges without a type. */
    MC_153(
            "SpecialRanges",
            "Acknowledge cycles count as reserved interrupt space; ranges without a type of their own leave no event."),
    /** INTx messages. */
    MC_154(
            "SpecialRanges",
            "Under SysMgt=10b every posted write to the system management range counts as an INTx message."),
    /** SysMgt=11b. */
    MC_155(
            "SpecialRanges",
            "SysMgt=11b with TV=0 gives INVALID_DEVICE_REQUEST type 7; other faults there are those of memory."),
    /** HtAtsResv. */
    MC_156("SpecialRanges", "With HtAtsResv=0 the range of ATS responses is ordinary memory."),
    /** Errors of prefetches. */
    MC_158(
            "FaultReporter",
            "A table that PREFETCH_IOMMU_PAGES cannot read is reported as a data error, whatever the failure was."),
    /** A and D of translation requests. */
    MC_159("Translator", "A translation request sets A, and D too when the right to write is granted."),
    /** V=0 and ATS. */
    MC_160(
            "Admission",
            "With V=0, translation requests and translated requests are refused like those of a device with I=0."),
    /** PASID of 04h. */
    MC_161("CommandDescriptor", "The PASID of INVALIDATE_IOTLB_PAGES is split as current Linux splits it."),
    /** Waiting rings. */
    MC_162(
            "DeviceInvalidations",
            "A COMPLETION_WAIT waits for every invalidation response that is due, and no later command starts before it."),
    /** MaxPend. */
    MC_163(
            "DeviceInvalidations",
            "MaxPend=0 stands for 1; a command beyond MaxPend, 32 tags or 256 in all waits in the ring."),
    /** Time-outs. */
    MC_164(
            "DeviceInvalidations",
            "An invalidation that times out is reported by IOTLB_INV_TIMEOUT and counts as complete."),
    /** InvTimeOut. */
    MC_165(
            "DeviceInvalidations",
            "InvTimeOut=0 waits for ever; all other codes, 7 too, only allow time-outs to happen."),
    /** Long translation requests. */
    MC_166(
            "TranslationRequests",
            "A translation request is answered for the one page that holds its address, whatever its length."),
    /** NW. */
    MC_167("TranslationRequests", "A translation request with NW=1 is granted no right to write."),
    /** Attributes of answers. */
    MC_168(
            "TranslationRequests",
            "N of an answer is FC of the host page, or Mode0FC with Mode 0; U and Global are U and G of the page."),
    /** What answers ignore. */
    MC_169("TranslationRequests", "DTE[Cache], SD and PrivAbrtEn do not matter to translation requests."),
    /** Prefetch. */
    MC_170("Prefetch", "PREFETCH_IOMMU_PAGES does nothing unless an option says that the hint is taken."),
    /** PFCount. */
    MC_171(
            "Prefetcher",
            "A prefetch takes PFCount pages of 4 KiB from the start of the range, at least 1, until one has no translation."),
    /** Type of 04h. */
    MC_172(
            "DeviceAtc",
            "Type=01b of INVALIDATE_IOTLB_PAGES drops the pages of all PASIDs; the other types are like 00b."),
    /** PASIDs of device caches. */
    MC_173(
            "DeviceAtc",
            "An invalidation without a PASID drops what was asked without one, one with a PASID global pages too."),
    /** Unsupported requests. */
    MC_174("DeviceAtc", "A device whose translation request is unsupported sends untranslated requests until reset."),
    /** INVALIDATE_IOTLB_PAGES and delays. */
    MC_176(
            "CommandExecutor",
            "INVALIDATE_IOTLB_PAGES is never delayed, and invalidations before it take effect before it is sent."),
    /** Translation requests counted. */
    MC_177(
            "CountingSink",
            "Translation requests count like requests that are translated; a completer abort counts as target abort."),
    /** Stop markers. */
    MC_175("PageRequests", "A stop marker that is not blocked is logged as a page request, with code 1."),
    /** SNP and Mode 0. */
    MC_210(
            "FaultCause",
            "SNP is enabled where an option says so; then V=1, TV=1, Mode 0 gives ILLEGAL_DEV_TABLE_ENTRY with RZ=0."),
    /** HATS=3. */
    MC_211("FaultCause", "With HATS=3, V=1, TV=1 and a host root give ILLEGAL_DEV_TABLE_ENTRY with RZ=0."),
    /** Reset value of 0028h. */
    MC_212("SpecifiedRegisterRules", "The low 12 bits of 0028h read as ones after reset too, before any write."),
    /** Prefetches counted. */
    MC_213(
            "CountingSink",
            "A prefetch counts what it looks up and reads, but not as a request that passes, is translated or aborted."),
    /** Inval of prefetches. */
    MC_214(
            "Prefetcher",
            "Inval drops translations of the range for the PASID meant, that of GIoV too; no directories."),
    /** Dirty status. */
    MC_V1(
            "PrivateSpaceDescriptor",
            "Dirty status of a ring: 32 bytes for each GuestID[7:0]; 1 while its head is not its tail."),
    /** ID map entries. */
    MC_V2("MapDescriptor", "An entry of an ID map has Valid in bit 0 and the host's ID in bits 39:24; the rest is 0."),
    /** Map-control writes. */
    MC_V3("IdMaps", "A map-control write takes effect at once, and commit reads 0."),
    /** Legality in guests' rings. */
    MC_V4("GuestCommand", "Opcodes 9 and Ah are illegal in a guest's ring; 8 covers the guest's domains and devices."),
    /** Unmapped IDs. */
    MC_V5(
            "GuestCommand",
            "An ID without an entry gives ILLEGAL_COMMAND_ERROR with vCmd and the GuestID to the host, and stops the ring."),
    /** Routing. */
    MC_V6(
            "GuestLogs",
            "Faults of a guest's tables and errors of its commands go to its log under DIRECT and EventLogEn, else to the host's."),
    /** Body of INSERT_GUEST_EVENT. */
    MC_V7(
            "CommandDescriptor",
            "The event of INSERT_GUEST_EVENT stands in the next place of the ring, and the head moves by two."),
    /** Flags of RESET_VMMIO. */
    MC_V8(
            "CommandDescriptor",
            "RESET_VMMIO: vPpr is bit 30, vEvent bit 29; each resets its pointers and status bits; all clears all but the maps."),
    /** VNR. */
    MC_V9("EventDescriptor", "VNR: the error has stopped the guest's ring."),
    /** New events. */
    MC_V10(
            "GuestEventDescriptor",
            "GUEST_EVENT_FAULT has flags for each reason; Source of VIOMMU_HARDWARE_ERROR: 0 registers, 1 ring, 2 event log, 3 PPR log."),
    /** Arbitration. */
    MC_V11("GuestRings", "The host's ring first, then rounds of one command of each guest, in the order of GuestIDs."),
    /** EFR2 bit 4. */
    MC_V12("FeatureDescriptor", "Bit 4 of EFR2 is GstBufferTRPModeSup."),
    /** Reserved bits of map control. */
    MC_V13("MapDescriptor", "Bits 62 and 45:30 of the map-control registers are reserved and read 0."),
    /** Reset of guests' registers. */
    MC_V14(
            "GuestControlDescriptor",
            "VF pages and VF-control slots are 0 after reset; what is not listed reads 0 and ignores writes."),
    /** Host pages in guests' rings. */
    MC_V15("GuestCommand", "INVALIDATE_IOMMU_PAGES with GN=0 of a guest drops everything of the host's DomainID."),
    /** Unmapped semaphore. */
    MC_V16(
            "GuestCommand",
            "A completion store that is not mapped gives IO_PAGE_FAULT of the translate DeviceID with vCmd to the host."),
    /** Illegal guest commands. */
    MC_V17("GuestCommand", "A bad opcode or reserved bit goes to the guest's log and stops its ring."),
    /** Caching of ID maps. */
    MC_V18("IdMapCache", "ID map entries are cached; a map-control write drops its entry."),
    /** vImuEn without the feature. */
    MC_V19(
            "DeviceEntryDescriptor",
            "vImuEn, GDeviceID and GuestID are reserved without vIommuSup, for interrupts, and ignored while vIommuEn=0."),
    /** Devices of guests that do not answer. */
    MC_V20(
            "DeviceInvalidations",
            "A ring waits for its own device invalidations; a guest has at most 16, and leaves the host 64 places and 16 tags."),
    /** Vendor-specific capability. */
    MC_V21(
            "CapabilityDescriptor",
            "The vendor-specific capability stands at 78h, last in the chain; type, VSC_ID and VSC_Rev are 0; its BARs are read-only."),
    /** Backing of guests' registers. */
    MC_V22(
            "GuestRegisters",
            "Guests' registers live in the IOMMU; an access needs their backing mapped, else VIOMMU_HARDWARE_ERROR with Source 0."),
    /** Pointers of guests' rings. */
    MC_V23(
            "GuestRegisters",
            "A changed base or length in VF-control resets the pointers of that ring or log; the same value does not."),
    /** What is a guest's. */
    MC_V24("IdOwners", "A host ID is of the guest whose entry named it last, while any does; ID 0 is of no guest."),
    /** Interrupts of completion. */
    MC_V25(
            "GuestSignals",
            "COMPLETION_WAIT of a guest uses the extended interrupt of its event log; a missing entry posts nothing."),
    /** RESET_VMMIO and caches. */
    MC_V26("HostCommands", "RESET_VMMIO drops what is cached of the guest's ID maps; the maps in memory stay."),
    /** Caching of private translations. */
    MC_V27(
            "PrivateCache",
            "Translations of hardware vIOMMU itself are cached by DeviceID and frame; 02h and 03h drop them."),
    /** Device caches and PASID 0. */
    MC_V40(
            "Invalidator",
            "A driver invalidates what a device caches without PASID by GN=0, on v2 tables too; Linux names PASID 0."),
    /** Parts of pages. */
    MC_V41("RadixPageTable", "An unmap or a change of rights leaves pages that reach beyond its range as they are."),
    /** Groups of page requests. */
    MC_V42("SharedSpaces", "A page request group is answered by the worst of its requests."),
    /** Second tries. */
    MC_V43("SharingDevice", "After the answer to its page request a device tries once more, then its work fails."),
    /** Patience of drivers. */
    MC_V44(
            "CommandQueue",
            "A driver looks 16 times at what COMPLETION_WAIT stores, or at the head of a full ring, then its call fails."),
    /** GuestIDs. */
    MC_V50(
            "GuestIds",
            "A guest has its machine's number as GuestID where that is free, else the highest free one, first those without bit 15."),
    /** Ended map entries. */
    MC_V51(
            "GuestMaps",
            "A DomainID of a guest that ends leads to the nest parent's; a DeviceID that ends becomes invalid, or 0 with maps initialised at once."),
    /** Recovery. */
    MC_V52(
            "GuestSlot",
            "After RESET_VMMIO the host writes the guest's settings again, the ring last; all pointers begin at 0."),
    /** Logs at fixed addresses. */
    MC_V53("GuestBuffers", "With GstBufferTRPMode=0 the host maps a guest's log when the guest writes its base."),
    /** Translate DeviceIDs. */
    MC_V54(
            "ViommuDriver",
            "A translate DeviceID is the highest free one in the upper half of the device table, not FFFFh."),
    /** Events of guests in the host's log. */
    MC_V55("EventRelay", "The host hands faults of either stage on to the guest, if the guest's event log is on."),
    /** EFR of guests. */
    MC_V56("HardwareViommu", "A guest of hardware vIOMMU sees IASup as the host has it."),
    /** Reads of shadowing. */
    MC_V57(
            "GuestTableScan",
            "A VMM that shadows tables reads at most 2^20 entries at a time, and maps what it has found by then."),
    /** Places that a guest cannot find. */
    MC_V70(
            "SlotPlan",
            "A topology with a device below a port in another slot than 0, or a function above 0 without a function 0, is refused."),
    /** Functions of instances. */
    MC_V71("SlotPlan", "The function of an instance stands on pcie.0, unless pci-id= names one."),
    /** intremap where nothing is said. */
    MC_V72(
            "PlannedInstance",
            "Without intremap=, an amd-iommu remaps interrupts where the interrupt controller allows it, an amd-viommu does not."),
    /** IOAPIC and HPET. */
    MC_V73(
            "IvrsPlan",
            "IOAPIC and HPET belong to one instance that remaps interrupts, the amd-iommu first, with the DeviceID 00:14.0.");

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
