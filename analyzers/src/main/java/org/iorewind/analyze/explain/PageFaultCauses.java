package org.iorewind.analyze.explain;

import static org.iorewind.analyze.explain.Cause.Likelihood.LIKELY;
import static org.iorewind.analyze.explain.Cause.Likelihood.POSSIBLE;
import static org.iorewind.analyze.explain.Cause.Likelihood.UNLIKELY;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.explain.Cause.Likelihood;
import org.iorewind.analyze.text.Notation;

/** Why an access to memory, or an interrupt, may have been refused: IO_PAGE_FAULT. Reference 4.4, 7.2, 11.2. */
final class PageFaultCauses {
    /** An interrupt message goes here; no memory ever lies there. Reference 7.2. */
    private static final long MSI_START = 0xFEE0_0000L;

    private static final long MSI_END = 0xFEEF_FFFFL;
    private static final long HOLE_START = 0xFD_0000_0000L;
    private static final long HOLE_END = 0xFF_FFFF_FFFFL;
    private static final long NEAR_ZERO = 0x1_0000;
    private static final long CANONICAL_HIGH = 0xFFFF_8000_0000_0000L;
    /** Linux gives a PCI device addresses from here downwards first. */
    private static final long TOP_OF_32_BITS = 0x1_0000_0000L;

    private static final long LIKELY_FROM_DMA_API = 0x4000_0000L;
    private static final long RING_STRIDE = 256;

    private final String device;
    private final int flags;
    private final int domain;
    private final FaultRun run;
    private final Surroundings around;
    private final boolean addressTold;
    private final List<Cause> causes = new ArrayList<>();

    private PageFaultCauses(
            String device, int flags, int domain, FaultRun run, boolean addressTold, Surroundings around) {
        this.device = device;
        this.flags = flags;
        this.domain = domain;
        this.run = run;
        this.addressTold = addressTold;
        this.around = around;
    }

    /**
     * The causes, most likely first.
     *
     * @param domain -1 if not told
     * @param addressTold whether the entry's address means anything
     */
    static List<Cause> of(
            String device, int flags, int domain, FaultRun run, boolean addressTold, Surroundings around) {
        PageFaultCauses rules = new PageFaultCauses(device, flags, domain, run, addressTold, around);
        if (rules.has(FlagWords.I) && !around.qemu()) {
            rules.interrupt();
        } else {
            rules.memory();
        }
        rules.causes.sort((a, b) -> a.likelihood().compareTo(b.likelihood()));
        return List.copyOf(rules.causes);
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private void add(Likelihood likelihood, String cause, String evidence, Proof proof) {
        causes.add(new Cause(cause, likelihood, evidence, proof));
    }

    private void interrupt() {
        add(
                LIKELY,
                "the device sent an interrupt whose entry in the interrupt table is not there any more, or not yet: it was"
                        + " not stopped before its interrupts were freed, or interrupts were left on by firmware",
                "I=1: the refused request is an interrupt; "
                        + (has(FlagWords.PR)
                                ? "PR=1: the entry exists, and something in it is not allowed"
                                : "PR=0: no valid entry"),
                HowTo.interruptTable(device));
        if (around.startIsRecent() || around.secondKernel()) {
            add(
                    LIKELY,
                    "the device, often an I/O APIC, still sends interrupts as firmware or the kernel before had set it up",
                    "it came "
                            + (around.secondKernel() ? "in a kernel that was started by another one" : "at the start"),
                    HowTo.ivrs());
        }
        add(
                POSSIBLE,
                "the table of interrupts in memory is damaged",
                has(FlagWords.RZ) ? "RZ=1: a reserved bit of the entry is set" : "",
                HowTo.interruptTable(device));
    }

    private void memory() {
        specialAddresses();
        tables();
        permissions();
        lifetime();
        if (!has(FlagWords.PR)) {
            patterns();
        }
        guests();
        if (causes.isEmpty()) {
            add(
                    POSSIBLE,
                    "the driver gave the device an address that it had not mapped, or had unmapped before the device was"
                            + " done",
                    "",
                    HowTo.traceMappings(device));
        }
    }

    private void specialAddresses() {
        if (!addressTold) {
            return;
        }
        long low = run.lowest;
        if (within(low, MSI_START, MSI_END)) {
            add(
                    LIKELY,
                    "the device uses an address of the interrupt window (0xfee00000 to 0xfeefffff) as if it were memory:"
                            + " it reads there, or its buffer address is wrong",
                    "the address lies in the window, where writes are interrupts and no page table is asked",
                    HowTo.reservedRegions(device));
        } else if (within(low, HOLE_START, HOLE_END)) {
            add(
                    LIKELY,
                    "the device was given an address of the reserved range 0xfd00000000 to 0xffffffffff, which no page"
                            + " table can map on this platform",
                    "the address lies in the range",
                    HowTo.reservedRegions(device));
        } else if (Long.compareUnsigned(low, CANONICAL_HIGH) >= 0) {
            add(
                    LIKELY,
                    "the driver gave the device a virtual address of the kernel instead of one that it got from the DMA"
                            + " API, or all ones from a device that is gone",
                    Notation.hex(low) + " is where kernels keep their own addresses",
                    HowTo.checkDmaApi(around.driver()));
        } else if (Long.compareUnsigned(run.highest, NEAR_ZERO) < 0 && !around.qemu()) {
            add(
                    LIKELY,
                    "an address register or a descriptor of the device is zero: it was started before it was set up, was"
                            + " reset without being stopped, or its driver cleared the descriptor too early",
                    "the address is " + (low == 0 && run.highest == 0 ? "0" : "within 64 KiB of 0"),
                    HowTo.traceMappings(device));
        } else if (Long.compareUnsigned(run.highest, TOP_OF_32_BITS) < 0
                && Long.compareUnsigned(low, LIKELY_FROM_DMA_API) < 0
                && !has(FlagWords.PR)
                && !has(FlagWords.GN)) {
            add(
                    POSSIBLE,
                    "the address is a physical one: driver or firmware gave it to the device without mapping it",
                    "Linux hands out addresses just below 4 GiB first; " + Notation.hex(low) + " lies far below",
                    HowTo.memoryMap(low));
        }
    }

    private void tables() {
        if (!has(FlagWords.PR) || has(FlagWords.PE)) {
            return;
        }
        if (has(FlagWords.RZ)) {
            add(
                    LIKELY,
                    "an entry on the way through the page tables has a reserved bit set: the table was overwritten, or was"
                            + " freed and used for something else",
                    "PR=1, RZ=1",
                    HowTo.recordVm());
        } else {
            add(
                    LIKELY,
                    "an entry on the way through the page tables has a level that cannot follow there, or the number of"
                            + " levels in the device table entry is not allowed: the table is damaged or wrongly built",
                    "PR=1, PE=0, RZ=0: a level is encoded wrongly",
                    HowTo.deviceEntry(device));
        }
    }

    private void permissions() {
        if (!has(FlagWords.PR) || !has(FlagWords.PE)) {
            return;
        }
        boolean write = has(FlagWords.RW);
        if (domain == 0) {
            add(
                    LIKELY,
                    "the device has no domain of its own: its device table entry blocks every access, as Linux leaves it"
                            + " before a driver or VFIO attaches and after they detach",
                    "PR=1, PE=1 and domain=0x0000: Linux gives no domain the number 0, and parks devices with neither"
                            + " read nor write permission",
                    HowTo.deviceEntry(device));
        }
        add(
                domain == 0 ? POSSIBLE : LIKELY,
                write
                        ? "the device writes to a buffer that its driver mapped for reading only (DMA_TO_DEVICE), or"
                                + " beyond the end of what it may write"
                        : "the device reads from a buffer that its driver mapped for writing only (DMA_FROM_DEVICE):"
                                + " some devices read descriptors back or fetch ahead",
                "PR=1, PE=1, RW=" + (write ? 1 : 0) + ": the address is mapped, and this kind of access is not allowed",
                HowTo.checkDmaApi(around.driver()));
    }

    private void lifetime() {
        if (around.secondKernel()) {
            add(
                    LIKELY,
                    "the kernel before this one was not shut down in order (kexec, kdump), and the device still works on"
                            + " its requests",
                    "this kernel found translation switched on",
                    HowTo.busMaster(device));
        }
        if (around.isUnbound() && !around.formerDriver().isEmpty()) {
            add(
                    LIKELY,
                    "the driver " + around.formerDriver()
                            + " was unbound or unloaded while the device still had work: it"
                            + " was not stopped, or its ring was freed before it stopped",
                    "the device spoke through " + around.formerDriver() + " before; at the fault no driver had it",
                    HowTo.traceMappings(device));
        } else if (around.isUnbound()) {
            add(
                    !around.secondKernel() && (around.startIsRecent() || around.sinceStartNs() < 0) ? LIKELY : POSSIBLE,
                    "firmware or a boot loader left the device running, or something other than a driver made it start"
                            + " (a tool that writes its registers)",
                    "no driver had the device when it faulted (the line names it pci)"
                            + (around.startIsRecent() ? ", and the machine had just started" : ""),
                    HowTo.busMaster(device));
        }
        if (around.resumeIsRecent()) {
            add(
                    LIKELY,
                    "the device came back from sleep with stale addresses, or before its driver had set it up again",
                    "the machine had woken up " + Notation.time(around.sinceResumeNs()) + " before",
                    HowTo.traceMappings(device));
        }
        if (around.troubleIsRecent()) {
            add(
                    LIKELY,
                    "the device was being reset, removed or given up by its driver, which unmapped its buffers while"
                            + " the device still used them",
                    "the device's driver had told of trouble " + Notation.time(around.sinceTroubleNs()) + " before",
                    HowTo.traceMappings(device));
        }
        if (domain == 0 && !has(FlagWords.PE) && !around.qemu() && !around.isUnbound()) {
            add(
                    POSSIBLE,
                    "the device had no domain at that moment: it was used before it was attached or after it was"
                            + " detached",
                    "domain=0x0000, which Linux gives to no domain; some IOMMUs do not fill the field in",
                    HowTo.deviceEntry(device));
        }
    }

    private void patterns() {
        boolean several = run.count > 1 && run.lowest != run.highest;
        boolean fromDmaApi = Long.compareUnsigned(run.lowest, LIKELY_FROM_DMA_API) >= 0
                && Long.compareUnsigned(run.highest, TOP_OF_32_BITS) < 0;
        Likelihood afterUnmap = fromDmaApi && !around.isUnbound() ? LIKELY : POSSIBLE;
        String range = fromDmaApi
                ? "the address looks like one that Linux had handed out (just below 4 GiB), so it was mapped once"
                : "no entry is present, and addresses do not tell whether one ever was";
        if (around.qemu() && !addressTold) {
            add(
                    POSSIBLE,
                    "the device used an address that was never mapped for it, or is not mapped any more",
                    "PR=0 is not told by QEMU either; it only tells a read from a write",
                    HowTo.recordVm());
            return;
        }
        if (several && run.stride > 0 && run.stride <= RING_STRIDE && run.stride >= 8) {
            add(
                    afterUnmap,
                    "the device goes through a ring of descriptors, or a table, that is no longer mapped for it: the ring"
                            + " was freed while the device was running",
                    "the addresses are " + Notation.hex(run.stride) + " or multiples of it apart; " + range,
                    HowTo.traceMappings(device));
        } else if (several && run.pageStarts == run.count && run.climbs > run.count / 2) {
            add(
                    LIKELY,
                    "the device runs over the end of its buffer: it was told a longer length than was mapped, or it"
                            + " fetches ahead",
                    "all addresses are starts of pages, each above the one before",
                    HowTo.traceMappings(device));
        } else if (run.count > 2 && run.repeats == run.count - 1) {
            add(
                    afterUnmap,
                    "the device keeps using one address that it was given once, such as that of a status block or"
                            + " mailbox, and that is not mapped",
                    "all " + Notation.count(run.count) + " faults are at one address; " + range,
                    HowTo.traceMappings(device));
        }
        if (Long.compareUnsigned(run.highest, NEAR_ZERO) >= 0) {
            add(
                    afterUnmap,
                    "the driver unmapped or freed a buffer before the device was done with it",
                    range
                            + (around.lazy()
                                    ? "; unmapping is lazy here, so the first wrong uses may have gone unseen"
                                    : ""),
                    HowTo.traceMappings(device).or(HowTo.strict()));
            if (!fromDmaApi) {
                add(
                        POSSIBLE,
                        "the address was never mapped: the driver did not use the DMA API for it, or cut it (a 64-bit"
                                + " address in a 32-bit field)",
                        "",
                        HowTo.checkDmaApi(around.driver()));
            }
        }
        if (!around.deviceSpokenOf() && !device.endsWith(".0") && !device.isEmpty()) {
            add(
                    POSSIBLE,
                    "another function of the same device sends requests in this one's name (a phantom function): the kernel"
                            + " needs a quirk for it",
                    "the log says nothing else of function " + device,
                    Proof.of("see whether a function of this name exists", "lspci -s " + device));
        }
    }

    private void guests() {
        if (around.driver().equals("vfio-pci")) {
            add(
                    LIKELY,
                    "the guest that has the device gave it an address that is no memory of the guest: the register of"
                            + " another passed-through device (peer to peer), memory that was taken away, or a guest"
                            + " driver's mistake",
                    "vfio-pci has the device; its addresses are guest-physical ones",
                    HowTo.recordVm());
        }
        if (has(FlagWords.GN) && !around.qemu()) {
            add(
                    LIKELY,
                    "the device used an address of a process that has ended or never mapped it (shared virtual"
                            + " addressing)",
                    "GN=1: the address is a virtual one, with a PASID",
                    HowTo.sharedAddresses());
        }
        if (around.passthrough() && !has(FlagWords.PE)) {
            add(
                    UNLIKELY,
                    "a device in passthrough asked for an address beyond all memory",
                    "the default domain type is Passthrough, in which every address is let through",
                    HowTo.deviceEntry(device));
        }
    }

    private static boolean within(long address, long from, long to) {
        return Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(address, to) <= 0;
    }
}
