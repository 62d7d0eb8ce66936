package org.iorewind.analyze.explain;

import static org.iorewind.analyze.explain.Cause.Likelihood.LIKELY;
import static org.iorewind.analyze.explain.Cause.Likelihood.POSSIBLE;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the driver says of the IOMMU's trouble without an entry of the event log. */
enum NoticeKind {
    COMPLETION_WAIT_TIMEOUT(
            "Completion-Wait loop timed out", "the IOMMU did not finish the commands that it was given within 0.1 s"),
    COMMAND_BUFFER_TIMEOUT("Command buffer timeout", "the IOMMU no longer takes commands from its full ring"),
    EVENT_LOG_OVERFLOW("vent log", "the event log was full: the IOMMU refused requests and could not write them down"),
    PPR_LOG_OVERFLOW("PPR log", "the log of page requests was full: requests of devices were lost"),
    GA_LOG_OVERFLOW("GA ", "the log for guests' interrupts was full: a guest may have been woken late"),
    EVENT_NOT_WRITTEN(
            "No event written to event log", "the IOMMU said that there is an entry, and there was none (erratum 732)");

    private final String words;
    private final String meaning;

    NoticeKind(String words, String meaning) {
        this.words = words;
        this.meaning = meaning;
    }

    /** In words, what happened. */
    String meaning() {
        return meaning;
    }

    /** The kind that a line of the console tells of; null if none. */
    static @Nullable NoticeKind of(String line) {
        int vendor = line.indexOf("AMD-Vi: ");
        if (vendor < 0) {
            return null;
        }
        for (NoticeKind kind : values()) {
            boolean isLog = kind == EVENT_LOG_OVERFLOW || kind == PPR_LOG_OVERFLOW || kind == GA_LOG_OVERFLOW;
            boolean isFull = line.endsWith("overflow") || line.endsWith("restarting");
            if (line.indexOf(kind.words, vendor) >= 0 && (!isLog || isFull)) {
                return kind;
            }
        }
        return null;
    }

    /**
     * Why it may have come.
     *
     * @param commandError whether an entry for a bad or unreadable command came before
     * @param deviceSilent whether a device had not answered the IOMMU before
     */
    List<Cause> causes(boolean commandError, boolean deviceSilent, Surroundings around) {
        return switch (this) {
            case COMPLETION_WAIT_TIMEOUT, COMMAND_BUFFER_TIMEOUT -> stuck(commandError, deviceSilent, around);
            case EVENT_LOG_OVERFLOW ->
                List.of(
                        new Cause(
                                "one device faults faster than the kernel can read: a device that repeats a refused request,"
                                        + " as the faults around it show",
                                LIKELY,
                                "",
                                Proof.of("look at the faults above")),
                        new Cause(
                                "the kernel could not run its handler: interrupts were off, or a processor was stuck",
                                POSSIBLE,
                                "",
                                Proof.of("look for stuck processors", "journalctl -k | grep -iE 'lockup|rcu.*stall'")));
            case PPR_LOG_OVERFLOW, GA_LOG_OVERFLOW ->
                List.of(new Cause("entries came faster than the kernel could read them", LIKELY, "", HowTo.recordVm()));
            case EVENT_NOT_WRITTEN ->
                List.of(new Cause(
                        "erratum 732: the tail moved before the entry was in memory", LIKELY, "", HowTo.recordVm()));
        };
    }

    private static List<Cause> stuck(boolean commandError, boolean deviceSilent, Surroundings around) {
        List<Cause> causes = new ArrayList<>();
        if (commandError) {
            causes.add(new Cause(
                    "a command stopped the IOMMU: it waits at the command until the driver switches the ring off and on",
                    LIKELY,
                    "the log has an entry for a bad or unreadable command before",
                    HowTo.commandRing()));
        }
        if (deviceSilent) {
            causes.add(new Cause(
                    "a device does not answer invalidation requests (ATS), and every wait behind them waits for it",
                    LIKELY,
                    "the log has IOTLB_INV_TIMEOUT before",
                    HowTo.withoutAts()));
        }
        if (around.secondKernel()) {
            causes.add(
                    new Cause(
                            "this kernel took over a running IOMMU (kexec, kdump) and cannot give it new tables: with SNP the old"
                                    + " addresses are locked",
                            LIKELY,
                            "this kernel found translation switched on",
                            Proof.of(
                                    "try a crash kernel of 7.x, which goes on with the tables and rings of the kernel before")));
        }
        if (!deviceSilent) {
            causes.add(new Cause(
                    "a device with an own translation cache (ATS) hangs, sleeps or was reset or removed, so that its"
                            + " invalidation is never answered: often a passed-through graphics card",
                    causes.isEmpty() ? LIKELY : POSSIBLE,
                    "",
                    HowTo.withoutAts()));
        }
        causes.add(new Cause(
                "firmware or the IOMMU itself is at fault: power management switched it off",
                POSSIBLE,
                "",
                Proof.of("look for newer firmware").or(HowTo.commandRing())));
        return causes;
    }
}
