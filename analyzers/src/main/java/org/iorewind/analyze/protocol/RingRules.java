package org.iorewind.analyze.protocol;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Rule;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;

/** Rings and logs of one IOMMU: pointers, run bits, overflow, reserved bits of commands. Not thread-safe. */
final class RingRules {
    private static final int WORD = 4;

    private final int iommu;
    private final long base;
    private final Moment now;
    private final Findings findings;
    private boolean isEventLost;
    private boolean isRequestLost;

    RingRules(int iommu, long base, Moment now, Findings findings) {
        this.iommu = iommu;
        this.base = base;
        this.now = now;
        this.findings = findings;
    }

    private void report(Rule rule, String summary, Evidence... evidence) {
        findings.report(rule, Where.iommu(iommu), now.sequence(), now.timeNs(), () -> {
            List<Evidence> all = new ArrayList<>(List.of(evidence));
            if (all.isEmpty()) {
                all.add(new Evidence(now.sequence(), "here"));
            }
            return new Words(summary, all);
        });
    }

    private static boolean is(Iommu model, long statusBit) {
        return (model.register(RegisterDescriptor.STATUS) & statusBit) != 0;
    }

    private static int bytes(Iommu model, int baseRegister) {
        return RegisterDescriptor.ringEntries(model.register(baseRegister)) * RegisterDescriptor.RING_ENTRY_BYTES;
    }

    /** A register is about to be written. */
    void writing(Iommu model, int offset, int size, long value) {
        if (offset == RegisterDescriptor.COMMAND_TAIL) {
            writingTail(model, value & RegisterDescriptor.POINTER_MASK);
            return;
        }
        int register = offset & -Long.BYTES;
        long before = model.register(register);
        long shift = (offset - register) * 8L;
        long mask = size == WORD ? 0xFFFF_FFFFL << shift : -1L;
        long after = before & ~mask | value << shift & mask;
        long run = switch (register) {
            case RegisterDescriptor.COMMAND_BASE, RegisterDescriptor.COMMAND_HEAD -> StatusDescriptor.CMD_BUF_RUN;
            case RegisterDescriptor.EVENT_BASE, RegisterDescriptor.EVENT_TAIL -> StatusDescriptor.EVENT_LOG_RUN;
            case RegisterDescriptor.PPR_BASE, RegisterDescriptor.PPR_TAIL -> StatusDescriptor.PPR_LOG_RUN;
            default -> 0;
        };
        if (run != 0 && after != before && is(model, run)) {
            report(
                    ProtocolRules.BASE_WHILE_RUNNING,
                    "Register " + Notation.hex(register) + " was changed from " + Notation.hex(before) + " to "
                            + Notation.hex(after) + " while its run bit is 1.");
        }
    }

    private void writingTail(Iommu model, long tail) {
        int bytes = bytes(model, RegisterDescriptor.COMMAND_BASE);
        long head = model.register(RegisterDescriptor.COMMAND_HEAD) & RegisterDescriptor.POINTER_MASK;
        if (tail >= bytes) {
            report(
                    ProtocolRules.POINTER_OUT_OF_RING,
                    "Tail " + Notation.hex(tail) + " was written for a ring of " + Notation.hex(bytes) + " bytes.");
            return;
        }
        if (is(model, StatusDescriptor.CMD_BUF_RUN)) {
            return;
        }
        long oldTail = model.register(RegisterDescriptor.COMMAND_TAIL) & RegisterDescriptor.POINTER_MASK;
        long waiting = oldTail - head & bytes - 1;
        if (tail != head && tail != oldTail) {
            report(
                    ProtocolRules.TAIL_WHILE_STOPPED,
                    "Tail " + Notation.hex(tail) + " was written while CmdBufRun is 0; the head stays at "
                            + Notation.hex(head) + ".");
        }
        if (waiting != 0 && waiting + (tail - oldTail & bytes - 1) >= bytes) {
            report(
                    ProtocolRules.RING_OVERRUN,
                    "The tail went from " + Notation.hex(oldTail) + " to " + Notation.hex(tail) + ", past the head at "
                            + Notation.hex(head) + ".");
        }
    }

    /** Memory was stored to, by a processor. */
    void stored(Iommu model, long address, long length) {
        int bytes = bytes(model, RegisterDescriptor.COMMAND_BASE);
        long ring = base + RegisterDescriptor.base(model.register(RegisterDescriptor.COMMAND_BASE));
        long at = address - ring;
        if (Long.compareUnsigned(at, bytes) >= 0) {
            return;
        }
        long head = model.register(RegisterDescriptor.COMMAND_HEAD) & RegisterDescriptor.POINTER_MASK;
        long tail = model.register(RegisterDescriptor.COMMAND_TAIL) & RegisterDescriptor.POINTER_MASK;
        long waiting = tail - head & bytes - 1;
        long place = (at & -RegisterDescriptor.RING_ENTRY_BYTES) - head & bytes - 1;
        // The command at the head may be mended: that is how a stopped ring is started again.
        if (place != 0 && place < waiting && length < bytes) {
            report(
                    ProtocolRules.RING_OVERRUN,
                    "Place " + Notation.hex(at) + " was stored to while its command waits (head " + Notation.hex(head)
                            + ", tail " + Notation.hex(tail) + ").");
        }
    }

    /** A command was taken. */
    void command(Iommu model, int head, long q0, long q1) {
        int opcode = CommandDescriptor.opcode(q0);
        long low = q0 & CommandDescriptor.reserved0(opcode);
        long high = q1 & CommandDescriptor.reserved1(opcode, model.options().extendedFeatures());
        if ((low | high) != 0) {
            report(
                    ProtocolRules.RESERVED_BITS,
                    "The command at " + Notation.hex(head) + " with opcode " + opcode + " has reserved bits "
                            + Notation.hex(low) + " and " + Notation.hex(high) + ".");
        }
    }

    /** An entry did not get into a log. */
    void notLogged(LogKind log) {
        isEventLost |= log == LogKind.EVENT;
        isRequestLost |= log == LogKind.PPR;
    }

    /** The event was handled: now the status says why entries were lost. */
    void handled(Iommu model) {
        if (!isEventLost && !isRequestLost) {
            return;
        }
        boolean hasOverflowed =
                is(model, isEventLost ? StatusDescriptor.EVENT_OVERFLOW : StatusDescriptor.PPR_OVERFLOW);
        boolean runs = is(model, isEventLost ? StatusDescriptor.EVENT_LOG_RUN : StatusDescriptor.PPR_LOG_RUN);
        String which = isEventLost ? "event log" : "PPR log";
        if (hasOverflowed) {
            report(ProtocolRules.LOG_OVERFLOW, "An entry found no place in the " + which + ".");
        } else if (!runs) {
            report(ProtocolRules.EVENTS_NOT_LOGGED, "An entry was due while the " + which + " does not run.");
        }
        isEventLost = false;
        isRequestLost = false;
    }
}
