package org.iorewind.analyze.explain;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.replay.RingEntryNames;

/**
 * A device table entry or a command that the kernel dumped behind an entry of the log, in words, with what breaks the rules.
 * Reference 2.2, 2.3, 3.3, 3.4.
 */
final class RawWords {
    private static final long[] RESERVED = {
        0x8000_0000_0000_000CL, 0x0000_0400_0000_0000L, 0x0030_0000_0000_0000L, 0x003F_0000_0000_7FFFL
    };
    /** What the kernel printed does not tell them: a bit that some IOMMU gives a meaning is not accused. */
    private static final long ALL_FEATURES = -1L;

    private static final int HIGHEST_INT_TAB_LEN = 11;

    private RawWords() {}

    /** A device table entry of four quadwords: what it says, then what breaks the rules. */
    static List<String> deviceEntry(long[] q) {
        List<String> words = new ArrayList<>();
        int mode = (int) (q[0] >>> 9 & 7);
        words.add("the device table entry, as it is now: V=" + (q[0] & 1) + " TV=" + (q[0] >>> 1 & 1) + " Mode=" + mode
                + " root " + Notation.hex(q[0] & 0x000F_FFFF_FFFF_F000L) + " HAD=" + (q[0] >>> 7 & 3) + " GV="
                + (q[0] >>> 55 & 1) + " IR=" + (q[0] >>> 61 & 1) + " IW=" + (q[0] >>> 62 & 1) + " DomainID "
                + Notation.hex(q[1] & 0xFFFF) + " I=" + (q[1] >>> 32 & 1) + " IV=" + (q[2] & 1) + " IntTabLen="
                + (q[2] >>> 1 & 0xF) + " IntCtl=" + (q[2] >>> 60 & 3) + " (the IOMMU may have seen an older one)");
        for (int i = 0; i < q.length; i++) {
            long wrong = q[i] & RESERVED[i];
            boolean counts = i < 2 ? (q[0] & 1) != 0 : (q[2] & 1) != 0;
            if (wrong != 0 && counts) {
                words.add("reserved bits are set in its word " + i + ": " + Notation.hex(wrong));
            }
        }
        if (mode == 7) {
            words.add("Mode=7 is reserved");
        }
        if ((q[0] >>> 7 & 3) != 0) {
            words.add("HAD is not 0: an IOMMU that does not update accessed and dirty bits, or on which that is not"
                    + " switched on, takes these bits for reserved ones");
        }
        if ((q[0] >>> 56 & 3) == 3 && (q[0] >>> 55 & 1) != 0) {
            words.add("GLX=3 is reserved");
        }
        if ((q[2] & 1) != 0 && (q[2] >>> 60 & 3) == 3) {
            words.add("IntCtl=11b is reserved");
        }
        if ((q[2] & 1) != 0 && (q[2] >>> 60 & 3) == 2 && (q[2] >>> 1 & 0xF) > HIGHEST_INT_TAB_LEN) {
            words.add("IntTabLen=" + (q[2] >>> 1 & 0xF) + " is reserved");
        }
        return words;
    }

    /** A command of two quadwords: its name, then what breaks the rules. */
    static List<String> command(long low, long high) {
        List<String> words = new ArrayList<>();
        int opcode = CommandDescriptor.opcode(low);
        boolean known = opcode > 0 && opcode <= CommandDescriptor.RESET_VMMIO;
        words.add("the command: "
                + (known ? RingEntryNames.command(opcode) : "opcode " + Notation.hex(opcode) + ", which is none") + " ("
                + Notation.hex(low) + " " + Notation.hex(high) + ")");
        if (known) {
            long wrongLow = low & CommandDescriptor.reserved0(opcode);
            long wrongHigh = high & CommandDescriptor.reserved1(opcode, ALL_FEATURES);
            if (wrongLow != 0 || wrongHigh != 0) {
                words.add("reserved bits are set in it: " + Notation.hex(wrongLow) + " " + Notation.hex(wrongHigh));
            }
        }
        return words;
    }
}
