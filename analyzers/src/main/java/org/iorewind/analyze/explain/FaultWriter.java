package org.iorewind.analyze.explain;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.log.EventDescriptor;

/** Puts one group of logged faults into words. Stateless but for what the whole log said. */
final class FaultWriter {
    private static final String QEMU =
            "QEMU's IOMMU wrote this entry: it leaves address and domain 0, and its flags only tell"
                    + " a read (0x9) from a write (0xa), so their names mean nothing here";

    private final boolean commandError;
    private final boolean deviceSilent;

    FaultWriter(boolean commandError, boolean deviceSilent) {
        this.commandError = commandError;
        this.deviceSilent = deviceSilent;
    }

    LoggedFault fault(FaultGroupRuns group, FaultRun run) {
        FaultKey key = group.key;
        if (key.code() < 0) {
            return notice(group, run);
        }
        boolean qemu = isOfQemu(group, run);
        Surroundings around = qemu ? inQemu(group.around) : group.around;
        String access = access(key.code(), key.flags(), qemu);
        List<String> details = new ArrayList<>(group.dump.words());
        if (qemu) {
            details.add(0, QEMU);
        }
        boolean hasPasid = hasPasid(key, qemu);
        boolean hasAddress = run.lowest != run.highest || group.addressTold || qemu;
        int flags = Math.max(0, key.flags());
        List<Cause> causes = key.code() == EventDescriptor.IO_PAGE_FAULT
                ? PageFaultCauses.of(key.device(), qemu ? 0 : flags, key.half(), run, group.addressTold, around)
                : OtherCauses.of(key.code(), key.device(), flags, run, around, group.dump.words());
        return new LoggedFault(
                EventKindNames.of(key.code()),
                key.device(),
                group.prefix.isDevice() && key.device().equals(group.prefix.name()) ? group.prefix.driver() : "",
                group.prefix.name().startsWith("ivhd") ? group.prefix.name() : "",
                hasAddress ? run.lowest : null,
                hasAddress ? run.highest : null,
                group.isScattered(),
                access,
                key.half() >= 0 && !hasPasid ? key.half() : null,
                key.half() >= 0 && hasPasid ? key.half() : null,
                key.flags() < 0 ? null : key.flags(),
                key.flags() < 0 || qemu ? List.of() : FlagWords.decode(key.code(), key.flags()),
                run.count,
                run.firstTimeNs,
                run.lastTimeNs,
                run.firstSequence,
                run.lastSequence,
                summary(group, run, access, qemu),
                List.copyOf(details),
                causes,
                cannotTell(group, qemu));
    }

    private LoggedFault notice(FaultGroupRuns group, FaultRun run) {
        NoticeKind kind = NoticeKind.valueOf(group.key.notice());
        return new LoggedFault(
                kind.name(),
                "",
                "",
                group.prefix.name().startsWith("ivhd") ? group.prefix.name() : "",
                null,
                null,
                false,
                "command",
                null,
                null,
                null,
                List.of(),
                run.count,
                run.firstTimeNs,
                run.lastTimeNs,
                run.firstSequence,
                run.lastSequence,
                "The driver says" + times(run.count) + ": " + kind.meaning() + ".",
                List.of(),
                kind.causes(commandError, deviceSilent, group.around),
                List.of("which command or device it was: the driver does not print it"));
    }

    private static boolean isOfQemu(FaultGroupRuns group, FaultRun run) {
        return group.key.code() == EventDescriptor.IO_PAGE_FAULT
                && !group.addressTold
                && run.lowest == 0
                && run.highest == 0
                && (group.key.flags() & FlagWords.I) != 0
                && group.key.half() == 0;
    }

    private static Surroundings inQemu(Surroundings s) {
        return new Surroundings(
                s.driver(),
                s.formerDriver(),
                s.deviceSpokenOf(),
                s.sinceTroubleNs(),
                s.sinceResumeNs(),
                s.sinceStartNs(),
                s.iommuReady(),
                s.secondKernel(),
                true,
                s.passthrough(),
                s.lazy(),
                s.snp());
    }

    private static boolean hasPasid(FaultKey key, boolean qemu) {
        boolean always = key.code() == EventDescriptor.ILLEGAL_DEV_TABLE_ENTRY
                || key.code() == EventDescriptor.INVALID_DEVICE_REQUEST;
        boolean byFlag = !qemu && key.flags() >= 0 && (key.flags() & FlagWords.GN) != 0;
        return always || byFlag;
    }

    private static String access(int code, int flags, boolean qemu) {
        if (qemu) {
            return (flags & FlagWords.GN) != 0 ? "read" : "write";
        }
        return switch (code) {
            case EventDescriptor.ILLEGAL_COMMAND_ERROR,
                    EventDescriptor.COMMAND_HARDWARE_ERROR,
                    EventDescriptor.IOTLB_INV_TIMEOUT -> "command";
            case EventDescriptor.INVALID_DEVICE_REQUEST, EventDescriptor.EVENT_COUNTER_ZERO -> "unknown access";
            case EventDescriptor.INVALID_PPR_REQUEST -> "page request";
            default -> {
                if (flags < 0) {
                    yield "unknown access";
                }
                if ((flags & FlagWords.I) != 0) {
                    yield "interrupt";
                }
                yield (flags & FlagWords.RW) != 0 ? "write" : (flags & FlagWords.NX) != 0 ? "execute" : "read";
            }
        };
    }

    private static String summary(FaultGroupRuns group, FaultRun run, String access, boolean qemu) {
        FaultKey key = group.key;
        String who = key.device().isEmpty()
                ? "The IOMMU"
                : "Device " + key.device()
                        + (group.prefix.isDevice() && !group.prefix.driver().equals("pci")
                                ? " (" + group.prefix.driver() + ")"
                                : group.prefix.isDevice() ? " (no driver had it)" : "");
        String where = qemu
                ? "an address that QEMU does not tell"
                : !group.addressTold
                        ? "an address that was not printed"
                        : (group.isScattered() ? "many places between " : "")
                                + (group.isScattered()
                                        ? Notation.hex(run.lowest) + " and " + Notation.hex(run.highest)
                                        : Notation.range(run.lowest, run.highest));
        return switch (key.code()) {
            case EventDescriptor.IO_PAGE_FAULT ->
                who + " was refused" + times(run.count) + ": " + article(access) + " at " + where + ". "
                        + reason(key.flags(), qemu);
            case EventDescriptor.ILLEGAL_DEV_TABLE_ENTRY ->
                who + " was refused" + times(run.count)
                        + " because its device table entry breaks the rules; it asked for " + where + ".";
            case EventDescriptor.DEV_TAB_HARDWARE_ERROR ->
                "The IOMMU could not read the device table entry of " + key.device() + " at " + where + times(run.count)
                        + ".";
            case EventDescriptor.PAGE_TAB_HARDWARE_ERROR ->
                "The IOMMU could not read a page table of " + key.device() + " at " + where + times(run.count) + ".";
            case EventDescriptor.ILLEGAL_COMMAND_ERROR ->
                "The IOMMU stopped at a command that it does not accept, at " + where + " in memory" + times(run.count)
                        + ".";
            case EventDescriptor.COMMAND_HARDWARE_ERROR ->
                "The IOMMU could not read a command, or write what it asked for, at " + where + times(run.count) + ".";
            case EventDescriptor.IOTLB_INV_TIMEOUT ->
                who + " did not answer when the IOMMU told it to forget translations" + times(run.count)
                        + "; the command lies at " + where + ".";
            case EventDescriptor.INVALID_DEVICE_REQUEST ->
                who + " sent a request that is not allowed" + times(run.count) + ", at " + where + ": "
                        + FlagWords.request(Math.max(0, key.flags())) + ".";
            case EventDescriptor.INVALID_PPR_REQUEST ->
                who + " sent a page request that is not allowed" + times(run.count) + ", for " + where + ".";
            case EventDescriptor.RMP_PAGE_FAULT ->
                who + " was refused" + times(run.count) + ": " + article(access) + " at " + where
                        + " touched memory of a protected guest (SNP).";
            case EventDescriptor.RMP_HARDWARE_ERROR ->
                "The IOMMU could not check who owns the memory at " + where + " for " + key.device() + times(run.count)
                        + ".";
            default -> "The IOMMU logged " + EventKindNames.of(key.code()) + times(run.count) + ".";
        };
    }

    private static String reason(int flags, boolean qemu) {
        if (qemu || flags < 0) {
            return "The entry does not say why.";
        }
        if ((flags & FlagWords.PR) == 0) {
            return (flags & FlagWords.I) != 0
                    ? "No valid interrupt table entry was there."
                    : "No translation was there.";
        }
        if ((flags & FlagWords.PE) != 0) {
            return "A translation was there, and does not permit it.";
        }
        return (flags & FlagWords.RZ) != 0
                ? "An entry on the way has a reserved bit set."
                : "An entry on the way is encoded wrongly.";
    }

    private static String article(String access) {
        return access.startsWith("i") || access.startsWith("u") || access.startsWith("e")
                ? "an " + access
                : "a " + access;
    }

    private static String times(long count) {
        return count == 1 ? "" : " " + Notation.count(count) + " times";
    }

    private static boolean hasFlag(FaultGroupRuns group, int flag) {
        return group.key.flags() >= 0 && (group.key.flags() & flag) != 0;
    }

    private static List<String> cannotTell(FaultGroupRuns group, boolean qemu) {
        List<String> lines = new ArrayList<>();
        if (qemu) {
            lines.add("the address, the domain and the reason: QEMU does not write them down");
        }
        if (group.key.code() == EventDescriptor.IO_PAGE_FAULT) {
            boolean present = !qemu && hasFlag(group, FlagWords.PR);
            lines.add((present
                            ? "who mapped the address, and for what"
                            : "whether the address was ever mapped, by whom and until when")
                    + ": only faults are in a kernel log");
            if (group.key.flags() >= 0 && !qemu && (group.key.flags() & (FlagWords.PR | FlagWords.RW)) == 0) {
                lines.add("whether it was a read for certain: with PR=0 not every IOMMU fills RW in");
            }
            lines.add("how often it really happened: the kernel limits these lines for each device");
        }
        if (!group.key.device().isEmpty()) {
            lines.add("which work the device was doing: no driver calls are in the log");
        }
        return lines;
    }
}
