package org.iorewind.record.qemulog;

import org.iorewind.trace.EventKind;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;

/** What a log of this shape can carry and what it misses: the completeness contract. */
final class Contract {
    private static final String TEXT = "Text of QEMU's amdvi_* trace events";
    private static final String TEXT_TIMES =
            "Times are wall-clock microseconds of the host; the order is the order of the lines.";
    private static final String BINARY = "QEMU's binary trace (simpletrace) of amdvi_* events";
    private static final String BINARY_TIMES =
            "Times are nanoseconds of the host's monotonic clock, and the time of day is not known; the order is the order"
                    + " of the records. Records that QEMU dropped are counted where it says so, which is later than"
                    + " where they are missing.";

    private Contract() {}

    /**
     * The first event of a session.
     *
     * @param tool what records or imports
     * @param platform what is known of the machine
     * @param more sentences that follow the contract; may be empty
     */
    static SessionInfo session(LogFacts facts, String profile, String tool, String platform, String more) {
        return session(facts, profile, tool, platform, sentences(facts, profile, TEXT, TEXT_TIMES), more);
    }

    /** As {@link #session}, of records in QEMU's binary form. */
    static SessionInfo binarySession(LogFacts facts, String profile, String tool, String platform) {
        return session(facts, profile, tool, platform, sentences(facts, profile, BINARY, BINARY_TIMES), "");
    }

    private static SessionInfo session(
            LogFacts facts, String profile, String tool, String platform, String sentences, String more) {
        return new SessionInfo(
                facts.sessionIdHigh(),
                facts.sessionIdLow(),
                fidelity(facts),
                startState(facts),
                1,
                facts.startUnixNs(),
                QemuLogImport.MMIO_BASE,
                0,
                0,
                observes(facts),
                facts.deviceOptions(),
                profile,
                tool,
                platform,
                more.isEmpty() ? sentences : sentences + " " + more);
    }

    static Fidelity fidelity(LogFacts facts) {
        return facts.memoryRecorded() || facts.annotated() || facts.qtest() ? Fidelity.FULL : Fidelity.OBSERVED;
    }

    static StartState startState(LogFacts facts) {
        return facts.attached() ? StartState.ATTACHED : StartState.RESET;
    }

    /** Observations of which none is missing, as {@code SessionStart.observes} wants them. */
    static long observes(LogFacts facts) {
        if (!facts.hasEvents()) {
            return 0;
        }
        return SessionInfo.observesBit(EventKind.COMMAND_CONSUMED)
                | SessionInfo.observesBit(EventKind.TRANSLATION)
                | (facts.interruptRequests() ? SessionInfo.observesBit(EventKind.INTERRUPT_DELIVERED) : 0)
                | (facts.ownInterrupts() ? SessionInfo.OBSERVES_OWN_INTERRUPTS : 0);
    }

    /** In sentences, for people. */
    private static String sentences(LogFacts facts, String profile, String what, String times) {
        StringBuilder out = new StringBuilder();
        out.append(what).append(", read as ").append(profile).append(". ");
        if (facts.writesHaveValues()) {
            out.append("Register writes have their values, reads have none. ");
        } else if (facts.memoryRecorded()) {
            out.append("This QEMU logs register writes as reads without a value; the values come from the plug-in. ");
        } else if (facts.qtest()) {
            out.append("This QEMU logs register writes as reads without a value; the script's requests supply both. ");
        } else {
            out.append("This QEMU logs register writes as reads without a value: only writes of CONTROL and of the"
                    + " command pointers could be told apart and were inferred from the lines after them; a ring of"
                    + " 512 commands is assumed. ");
        }
        if (facts.memoryRecorded()) {
            out.append("The recording plug-in wrote down every CPU store to the device table, command ring, logs, page"
                    + " tables and interrupt tables, in order: each table can be walked again. ");
        } else if (facts.annotated()) {
            out.append("A recorder read the command bytes, device table entry and page table chain from memory beside"
                            + " each line: tables are known at the moments they were used, possibly a little late; ")
                    .append(
                            facts.interruptEntriesRead()
                                    ? "so are the entries of interrupt tables. "
                                    : "interrupt tables are not recorded. ");
        } else if (facts.qtest()) {
            out.append(
                    "A qtest transcript: one fresh machine per scenario, with all that the script stored in memory and"
                            + " registers, what it read back from registers, and what it told the devices to do. ");
        } else {
            out.append("Memory was not recorded: no command bytes, no invalidated addresses, no table contents. ");
        }
        if (facts.attached()) {
            out.append("The recorder joined a running machine: registers and reachable tables are known from then on,"
                    + " what was in the caches is not. ");
        }
        out.append((facts.qtest()
                        ? "A DMA's length is not in the log. "
                        : "A DMA's access type and length are not in the log. ")
                + "An access that a cached permission refuses leaves"
                + " no line. DMA to the interrupt window, DMA while the IOMMU is off, and DMA that passes untranslated"
                + " leave no line either. Stores by devices are not recorded, nor are the bytes of event records where no"
                + " recorder read them inside QEMU. ");
        if (!facts.ownInterrupts()) {
            out.append("Interrupts of the IOMMU itself do not occur in this log. ");
        }
        if (!facts.writesHaveValues()) {
            out.append("This QEMU writes no event records at all, so that the guest never learns of a fault. ");
        }
        return out.append(times).toString();
    }
}
