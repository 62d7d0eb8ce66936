package org.iorewind.analyze.explain;

import static org.iorewind.analyze.explain.Cause.Likelihood.LIKELY;
import static org.iorewind.analyze.explain.Cause.Likelihood.POSSIBLE;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.log.EventDescriptor;

/** Why the other events may have been logged, and what the driver's own notices mean. Reference 2.3, 3.4, 4.3, 7. */
final class OtherCauses {
    private OtherCauses() {}

    /** Causes of an event that is no page fault. */
    static List<Cause> of(int code, String device, int flags, FaultRun run, Surroundings around, List<String> details) {
        return switch (code) {
            case EventDescriptor.ILLEGAL_DEV_TABLE_ENTRY -> deviceEntry(device, flags, around, details);
            case EventDescriptor.DEV_TAB_HARDWARE_ERROR, EventDescriptor.PAGE_TAB_HARDWARE_ERROR ->
                tables(code, device, run, around);
            case EventDescriptor.ILLEGAL_COMMAND_ERROR -> illegalCommand(details);
            case EventDescriptor.COMMAND_HARDWARE_ERROR -> commandRead(run, around);
            case EventDescriptor.IOTLB_INV_TIMEOUT -> deviceSilent(device, around);
            case EventDescriptor.INVALID_DEVICE_REQUEST -> request(device, flags, around);
            case EventDescriptor.INVALID_PPR_REQUEST -> pageRequest(device);
            case EventDescriptor.RMP_PAGE_FAULT, EventDescriptor.RMP_HARDWARE_ERROR -> reverseMap(code, device);
            case EventDescriptor.EVENT_COUNTER_ZERO ->
                one(
                        "a performance counter of the IOMMU ran over, as it was told to report",
                        Proof.of("see who counts", "perf stat -a -e amd_iommu_0/mem_trans_total/ sleep 1"));
            default ->
                one(
                        "the IOMMU logged an event that this kernel does not know; its words are in the log",
                        Proof.of(
                                "compare its code with the list of a newer kernel: it may be an event of a newer IOMMU"));
        };
    }

    private static List<Cause> one(String cause, Proof proof) {
        return List.of(new Cause(cause, LIKELY, "", proof));
    }

    private static List<Cause> deviceEntry(String device, int flags, Surroundings around, List<String> details) {
        List<Cause> causes = new ArrayList<>();
        boolean reserved = (flags & FlagWords.RZ) != 0;
        boolean hadSet = details.stream().anyMatch(line -> line.startsWith("HAD is not 0"));
        if (hadSet) {
            causes.add(new Cause(
                    "the kernel set the dirty-tracking bits (HAD) of the entry while that is not switched on in the IOMMU:"
                            + " kernels before the fix \"Enable EPHEn in resume\" forget the control bit after sleep",
                    LIKELY,
                    "the dumped entry has HAD set"
                            + (around.resumeIsRecent() ? ", and the machine had just woken up" : ""),
                    Proof.of("try a newer kernel").or(HowTo.deviceEntry(device))));
        }
        if (around.snp()) {
            causes.add(new Cause(
                    "SNP is on, under which an entry with TV=1 and Mode=0 (an identity domain) is not allowed",
                    LIKELY,
                    "the log says that SNP is enabled",
                    HowTo.deviceEntry(device)));
        }
        if ((flags & FlagWords.I) != 0) {
            causes.add(new Cause(
                    "the interrupt half of the entry is not allowed: length, control or a reserved bit",
                    LIKELY,
                    "I=1: it was found for an interrupt",
                    HowTo.deviceEntry(device)));
        }
        causes.add(new Cause(
                reserved
                        ? "the entry has a bit set that is reserved on this IOMMU, or belongs to a feature that it lacks or"
                                + " that is off"
                        : "the entry holds an encoding that is not allowed (levels, table length, control bits)",
                hadSet || around.snp() ? POSSIBLE : LIKELY,
                reserved ? "RZ=1" : "RZ=0",
                HowTo.deviceEntry(device)));
        causes.add(new Cause(
                "the entry was overwritten: memory of the device table was used for something else",
                POSSIBLE,
                "",
                HowTo.recordVm()));
        return causes;
    }

    private static List<Cause> tables(int code, String device, FaultRun run, Surroundings around) {
        String table = code == EventDescriptor.DEV_TAB_HARDWARE_ERROR ? "device table" : "page tables";
        List<Cause> causes = new ArrayList<>();
        if (around.secondKernel()) {
            causes.add(new Cause(
                    "the IOMMU still uses the " + table
                            + " of the kernel before, whose memory is used for other things now",
                    LIKELY,
                    "this kernel found translation switched on",
                    HowTo.deviceEntry(device)));
        }
        causes.add(new Cause(
                "the address of the " + table + " points where no memory is: a damaged or wrongly built entry",
                around.secondKernel() ? POSSIBLE : LIKELY,
                "",
                HowTo.memoryMap(run.lowest)));
        causes.add(new Cause("the memory there is faulty", POSSIBLE, "", HowTo.memoryErrors()));
        return causes;
    }

    private static List<Cause> illegalCommand(List<String> details) {
        boolean reserved = details.stream().anyMatch(line -> line.startsWith("reserved bits are set"));
        return List.of(
                new Cause(
                        reserved
                                ? "the driver wrote a command with reserved bits set, or the ring in memory was overwritten"
                                : "the driver wrote a command that this IOMMU does not know, or the ring in memory was"
                                        + " overwritten",
                        LIKELY,
                        details.isEmpty() ? "" : details.get(0),
                        HowTo.commandRing()),
                new Cause("the IOMMU read the command before it was written whole", POSSIBLE, "", HowTo.recordVm()));
    }

    private static List<Cause> commandRead(FaultRun run, Surroundings around) {
        return List.of(
                new Cause(
                        around.secondKernel()
                                ? "the IOMMU still uses the command ring of the kernel before"
                                : "the command ring, or the place that a COMPLETION_WAIT stores to, is no memory: a wrong"
                                        + " address",
                        LIKELY,
                        around.secondKernel() ? "this kernel found translation switched on" : "",
                        HowTo.memoryMap(run.lowest)),
                new Cause("the memory there is faulty", POSSIBLE, "", HowTo.memoryErrors()));
    }

    private static List<Cause> deviceSilent(String device, Surroundings around) {
        List<Cause> causes = new ArrayList<>();
        if (around.troubleIsRecent()) {
            causes.add(new Cause(
                    "the device was reset, removed or lost its link while its address translation cache (ATS) was on",
                    LIKELY,
                    "its driver had told of trouble shortly before",
                    HowTo.link(device)));
        }
        causes.add(new Cause(
                "the device's address translation cache (ATS) does not answer: a device whose ATS is broken, for which the"
                        + " kernel needs a quirk, or one that hangs or sleeps",
                around.troubleIsRecent() ? POSSIBLE : LIKELY,
                "the IOMMU told the device to forget an address, and got no answer in time",
                HowTo.withoutAts()));
        return causes;
    }

    private static List<Cause> request(String device, int flags, Surroundings around) {
        List<Cause> causes = new ArrayList<>();
        boolean interrupt = (flags & FlagWords.TR) == 0 && FlagWords.requestType(flags) == 5;
        if (interrupt) {
            causes.add(new Cause(
                    "an interrupt, or the end of one, came from a device whose interrupts are blocked: at the start every"
                            + " entry blocks them until a driver asks, and I/O APICs of firmware are often still on",
                    LIKELY,
                    "type 5" + (around.startIsRecent() ? ", at the start" : "")
                            + "; a few of them at the start are common and harmless",
                    HowTo.ivrs()));
        } else {
            causes.add(new Cause(
                    "the device sent " + FlagWords.request(flags),
                    LIKELY,
                    "what the type says; only type 5 is confirmed by logs of real machines",
                    HowTo.deviceEntry(device)));
        }
        causes.add(new Cause(
                "firmware describes the device wrongly (IVRS): under another name, or with messages forbidden that it needs",
                POSSIBLE,
                "",
                HowTo.ivrs()));
        return causes;
    }

    private static List<Cause> pageRequest(String device) {
        return List.of(
                new Cause(
                        "the device asked for a page (PRI) and may not: page requests are not enabled for it, or not for a"
                                + " request with a PASID",
                        LIKELY,
                        "",
                        HowTo.deviceEntry(device)),
                new Cause(
                        "the process whose addresses the device uses was unbound while requests were on their way",
                        POSSIBLE,
                        "",
                        HowTo.sharedAddresses()));
    }

    private static List<Cause> reverseMap(int code, String device) {
        return List.of(new Cause(
                code == EventDescriptor.RMP_PAGE_FAULT
                        ? "the device accessed memory that belongs to a protected guest (SNP), or a page of another"
                                + " size than it was assigned with"
                        : "the table that says which memory belongs to which protected guest (SNP) could not be read",
                LIKELY,
                "",
                HowTo.deviceEntry(device)));
    }
}
