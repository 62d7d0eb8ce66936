package org.iorewind.analyze.protocol;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.iorewind.model.iommu.virtual.GuestControlDescriptor;
import org.iorewind.model.iommu.virtual.GuestPageDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Rings and logs of one IOMMU and of the guests that have an image of it: pointers, run bits, overflow, reserved bits of commands.
 * Not thread-safe.
 */
final class RingRules {
    private static final int WORD = 4;
    private static final int HOST = -1;

    /** A command ring as it is before a write to its tail. */
    private record Ring(int whose, int bytes, long head, long tail, boolean runs) {
        String name() {
            return whose == HOST ? "" : " of guest " + whose;
        }
    }

    private final int iommu;
    private final long base;
    private final Moment now;
    private final Findings findings;
    private final Map<Integer, Integer> guestRingBytes = new HashMap<>();
    /** Whose heads were written while their rings stood still, by their number and 1: they begin anew, and the tail follows. */
    private final BitSet begunAnew = new BitSet();

    private boolean isEventLost;
    private boolean isRequestLost;
    private int loser = HOST;

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
        if (register == RegisterDescriptor.COMMAND_HEAD && !is(model, StatusDescriptor.CMD_BUF_RUN)) {
            begunAnew.set(HOST + 1);
        }
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

    /** A register of a guest's VF page is about to be written (amd-viommu reference 3.3). */
    void writingGuest(Iommu model, int offset, long value) {
        int guest = offset >>> GuestPageDescriptor.SHIFT;
        int register = offset & GuestPageDescriptor.BYTES - 1;
        boolean runs = (model.guestRegister(guest, GuestPageDescriptor.STATUS) & StatusDescriptor.CMD_BUF_RUN) != 0;
        @Nullable Integer bytes = guestRingBytes.get(guest);
        if (register == GuestPageDescriptor.HEAD && !runs) {
            begunAnew.set(guest + 1);
        } else if (register == GuestPageDescriptor.TAIL && bytes != null) {
            Ring ring = new Ring(
                    guest,
                    bytes,
                    model.guestRegister(guest, GuestPageDescriptor.HEAD),
                    model.guestRegister(guest, GuestPageDescriptor.TAIL),
                    runs);
            writingTail(ring, value & RegisterDescriptor.POINTER_MASK);
        }
    }

    /** A register of a guest's VF-control slot is written: that of its ring says how long that is (amd-viommu reference 3.1). */
    void controlWritten(int offset, long value) {
        if ((offset & GuestControlDescriptor.BYTES - 1) == GuestControlDescriptor.COMMAND) {
            int length = GuestControlDescriptor.length(value);
            int guest = offset >>> GuestControlDescriptor.SHIFT;
            if (length < RegisterDescriptor.RING_LENGTH_SMALLEST) {
                guestRingBytes.remove(guest);
            } else {
                guestRingBytes.put(guest, RegisterDescriptor.RING_ENTRY_BYTES << length);
            }
        }
    }

    private void writingTail(Iommu model, long tail) {
        writingTail(
                new Ring(
                        HOST,
                        bytes(model, RegisterDescriptor.COMMAND_BASE),
                        model.register(RegisterDescriptor.COMMAND_HEAD) & RegisterDescriptor.POINTER_MASK,
                        model.register(RegisterDescriptor.COMMAND_TAIL) & RegisterDescriptor.POINTER_MASK,
                        is(model, StatusDescriptor.CMD_BUF_RUN)),
                tail);
    }

    private void writingTail(Ring ring, long tail) {
        boolean isEmptied = begunAnew.get(ring.whose + 1) && tail == ring.head;
        begunAnew.clear(ring.whose + 1);
        if (tail >= ring.bytes) {
            report(
                    ProtocolRules.POINTER_OUT_OF_RING,
                    "Tail " + Notation.hex(tail) + ring.name() + " was written for a ring of "
                            + Notation.hex(ring.bytes) + " bytes.");
            return;
        }
        if (ring.runs || isEmptied) {
            return;
        }
        long waiting = ring.tail - ring.head & ring.bytes - 1;
        if (tail != ring.head && tail != ring.tail) {
            report(
                    ProtocolRules.TAIL_WHILE_STOPPED,
                    "Tail " + Notation.hex(tail) + ring.name() + " was written while CmdBufRun is 0; the head stays at "
                            + Notation.hex(ring.head) + ".");
        }
        if (waiting != 0 && waiting + (tail - ring.tail & ring.bytes - 1) >= ring.bytes) {
            report(
                    ProtocolRules.RING_OVERRUN,
                    "The tail" + ring.name() + " went from " + Notation.hex(ring.tail) + " to " + Notation.hex(tail)
                            + ", past the head at " + Notation.hex(ring.head) + ".");
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

    /** A command of the host's ring was taken. */
    void command(Iommu model, int head, long q0, long q1) {
        command(model, "", head, q0, q1);
    }

    /** A command of a guest's ring was taken. */
    void guestCommand(Iommu model, int guest, int head, long q0, long q1) {
        command(model, " of guest " + guest, head, q0, q1);
    }

    private void command(Iommu model, String whose, int head, long q0, long q1) {
        int opcode = CommandDescriptor.opcode(q0);
        long low = q0 & CommandDescriptor.reserved0(opcode);
        long high = q1 & CommandDescriptor.reserved1(opcode, model.options().extendedFeatures());
        if ((low | high) != 0) {
            report(
                    ProtocolRules.RESERVED_BITS,
                    "The command" + whose + " at " + Notation.hex(head) + " with opcode " + opcode
                            + " has reserved bits " + Notation.hex(low) + " and " + Notation.hex(high) + ".");
        }
    }

    /** An entry did not get into a log of the host. */
    void notLogged(LogKind log) {
        notLogged(HOST, log);
    }

    /** An entry did not get into a log of a guest. */
    void notLogged(int guest, LogKind log) {
        loser = guest;
        isEventLost |= log == LogKind.EVENT;
        isRequestLost |= log == LogKind.PPR;
    }

    /** The event was handled: now the status says why entries were lost. */
    void handled(Iommu model) {
        if (!isEventLost && !isRequestLost) {
            return;
        }
        long status = loser == HOST
                ? model.register(RegisterDescriptor.STATUS)
                : model.guestRegister(loser, GuestPageDescriptor.STATUS);
        long overflow = isEventLost
                ? StatusDescriptor.EVENT_OVERFLOW | StatusDescriptor.EVENT_OVERFLOW_B
                : StatusDescriptor.PPR_OVERFLOW | StatusDescriptor.PPR_OVERFLOW_B;
        long run = isEventLost ? StatusDescriptor.EVENT_LOG_RUN : StatusDescriptor.PPR_LOG_RUN;
        String which = (isEventLost ? "event log" : "PPR log") + (loser == HOST ? "" : " of guest " + loser);
        if ((status & overflow) != 0) {
            report(ProtocolRules.LOG_OVERFLOW, "An entry found no place in the " + which + ".");
        } else if ((status & run) == 0) {
            report(ProtocolRules.EVENTS_NOT_LOGGED, "An entry was due while the " + which + " does not run.");
        }
        isEventLost = false;
        isRequestLost = false;
        loser = HOST;
    }
}
