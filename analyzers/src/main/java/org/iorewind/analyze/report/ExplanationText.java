package org.iorewind.analyze.report;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.iorewind.analyze.explain.Cause;
import org.iorewind.analyze.explain.Explanation;
import org.iorewind.analyze.explain.FlagBit;
import org.iorewind.analyze.explain.LoggedFault;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;

/** An explanation of logged faults as text for a terminal: the whole in a line, then each group. Stateless. */
public final class ExplanationText {
    /** Groups usually explained in full; of the others a line is shown. */
    public static final int IN_FULL = 8;

    private static final int IN_A_LINE = 50;
    private static final String PROGRAM = "iorewind ";
    private static final long SECOND = 1_000_000_000L;

    private ExplanationText() {}

    /**
     * Writes everything.
     *
     * @param name of the log or trace, for the headline
     * @param unparsed lines of the driver that could not be understood
     * @param examples the first of them
     * @param program how the reader calls iorewind, for commands to copy
     * @throws IOException from {@code out}
     */
    public static void write(
            Explanation explanation,
            String name,
            long unparsed,
            List<String> examples,
            TextStyle style,
            String program,
            Appendable out)
            throws IOException {
        headline(explanation, name, style, out);
        cautions(explanation, unparsed, examples, style, out);
        List<LoggedFault> faults = explanation.faults();
        for (int i = 0; i < Math.min(IN_FULL, faults.size()); i++) {
            out.append('\n');
            fault(i + 1, faults.get(i), alike(faults, i), style, program, out);
        }
        rest(faults, style, out);
        if (!explanation.remarks().isEmpty()) {
            out.append('\n').append(style.strong("What else the log says")).append('\n');
            for (Explanation.Remark remark : explanation.remarks()) {
                out.append(Paragraph.of("  - ", remark.text() + ": " + remark.meaning(), style.columns()));
            }
        }
    }

    private static void headline(Explanation explanation, String name, TextStyle style, Appendable out)
            throws IOException {
        String where = " in " + PlainText.clip(name, 200);
        if (explanation.faults().isEmpty()) {
            out.append(style.good("No fault" + where)).append('\n');
            return;
        }
        Set<String> devices = new TreeSet<>();
        explanation.faults().forEach(fault -> devices.add(fault.device()));
        boolean all = !devices.remove("");
        String who = devices.size() == 1
                ? (all ? ", all of device " : ", of device ")
                        + devices.iterator().next()
                : devices.isEmpty() ? "" : ", of " + Notation.count(devices.size(), "device");
        int groups = explanation.faults().size();
        out.append(style.bad(Notation.count(explanation.count(), "fault")
                        + where
                        + PlainText.clean(who)
                        + (groups == 1 ? "" : ", in " + Notation.count(groups, "group"))))
                .append('\n');
    }

    private static void cautions(
            Explanation explanation, long unparsed, List<String> examples, TextStyle style, Appendable out)
            throws IOException {
        if (explanation.lost() > 0) {
            caution(
                    "At least " + Notation.count(explanation.lost(), "more line")
                            + " were lost or held back, as the log" + " itself says.",
                    style,
                    out);
        } else if (explanation.gaps() > 0) {
            caution("The log says that entries are missing, and not how many.", style, out);
        }
        if (explanation.furtherKinds() > 0) {
            caution(
                    Notation.count(explanation.furtherKinds(), "fault") + " of still other devices or kinds are counted"
                            + " only.",
                    style,
                    out);
        }
        if (unparsed > 0) {
            caution(
                    Notation.count(unparsed, "line") + " of AMD-Vi not understood, which may be of a newer kernel:",
                    style,
                    out);
            for (String example : examples) {
                out.append("     ").append(PlainText.clip(example, 200)).append('\n');
            }
        }
    }

    private static void caution(String text, TextStyle style, Appendable out) throws IOException {
        out.append(Paragraph.of(" ! ", text, style.columns()));
    }

    /** Number of an earlier group with the same causes, from 1; 0 if there is none. */
    private static int alike(List<LoggedFault> faults, int index) {
        for (int i = 0; i < index; i++) {
            if (faults.get(i).causes().equals(faults.get(index).causes())
                    && faults.get(i).cannotTell().equals(faults.get(index).cannotTell())) {
                return i + 1;
            }
        }
        return 0;
    }

    private static void fault(int number, LoggedFault fault, int alike, TextStyle style, String program, Appendable out)
            throws IOException {
        out.append(style.strong(number + "  " + title(fault)))
                .append(style.faint("  " + times(fault)))
                .append('\n');
        out.append(Paragraph.of("   ", fault.summary(), style.columns()));
        Integer flags = fault.flags();
        if (flags != null && !fault.flagBits().isEmpty()) {
            out.append("   ")
                    .append(style.faint("Flags " + kernelHex(flags) + " (AMD publication 48882, section 2.5)"))
                    .append('\n');
            for (FlagBit bit : fault.flagBits()) {
                String label = "     " + bit.name() + "=" + bit.value() + "  ";
                out.append(Paragraph.of(
                        label + " ".repeat(Math.max(0, 12 - label.length())), bit.meaning(), style.columns()));
            }
        }
        if (!fault.details().isEmpty()) {
            out.append("   ").append(style.faint("Seen")).append('\n');
            for (String detail : fault.details()) {
                out.append(Paragraph.of("     - ", detail, style.columns()));
            }
        }
        if (alike > 0) {
            out.append("   ").append(style.faint("May be caused by")).append(" the same as " + alike + "\n");
            return;
        }
        out.append("   ").append(style.faint("May be caused by")).append('\n');
        for (int i = 0; i < fault.causes().size(); i++) {
            cause(fault.causes(), i, style, program, out);
        }
        if (!fault.cannotTell().isEmpty()) {
            out.append("   ").append(style.faint("The log cannot tell")).append('\n');
            for (String line : fault.cannotTell()) {
                out.append(Paragraph.of("     - ", line, style.columns()));
            }
        }
    }

    private static void cause(List<Cause> causes, int index, TextStyle style, String program, Appendable out)
            throws IOException {
        Cause cause = causes.get(index);
        String likelihood = cause.likelihood().name().toLowerCase(Locale.ROOT);
        out.append(
                Paragraph.of("     " + (index + 1) + ". ", likelihood + ": " + cause.cause() + ".", style.columns()));
        if (!cause.evidence().isEmpty()) {
            out.append(Paragraph.of("        for it: ", cause.evidence(), style.columns()));
        }
        for (int i = 0; i < index; i++) {
            if (causes.get(i).proof().equals(cause.proof())) {
                out.append("        to be sure: as for " + (i + 1) + "\n");
                return;
            }
        }
        out.append(Paragraph.of("        to be sure: ", cause.proof().words(), style.columns()));
        for (String command : cause.proof().commands()) {
            String typed = command.startsWith(PROGRAM) ? program + command.substring(PROGRAM.length() - 1) : command;
            out.append("            ")
                    .append(style.command(PlainText.clean(typed)))
                    .append('\n');
        }
    }

    /** Four digits, as kernels print flags. */
    private static String kernelHex(int flags) {
        StringBuilder text = new StringBuilder("0x");
        Notation.appendHex(text, flags, 4);
        return text.toString();
    }

    private static String title(LoggedFault fault) {
        Long first = fault.firstAddress();
        Long last = fault.lastAddress();
        String where = first == null || last == null ? "" : "  " + Notation.range(first, last);
        String who = fault.device().isEmpty() ? fault.iommu() : fault.device();
        String driver = fault.driver().isEmpty() ? "" : " (" + fault.driver() + ")";
        String access = fault.access().equals("command") ? "" : "  " + fault.access();
        return PlainText.clean(fault.kind() + (who.isEmpty() ? "" : "  " + who) + driver + access + where);
    }

    private static String times(LoggedFault fault) {
        if (fault.count() == 1) {
            return "at " + Notation.time(fault.firstTimeNs());
        }
        long span = fault.lastTimeNs() - fault.firstTimeNs();
        String rate =
                span >= SECOND / 100 && fault.count() > 2 ? ", " + rate(fault.count() - 1, span) + " a second" : "";
        return Notation.count(fault.count()) + " times from " + Notation.time(fault.firstTimeNs()) + " to "
                + Notation.time(fault.lastTimeNs()) + rate;
    }

    private static String rate(long count, long spanNs) {
        double perSecond = count * (double) SECOND / spanNs;
        return perSecond >= 10 ? Notation.count(Math.round(perSecond)) : String.format(Locale.ROOT, "%.1f", perSecond);
    }

    private static void rest(List<LoggedFault> faults, TextStyle style, Appendable out) throws IOException {
        if (faults.size() <= IN_FULL) {
            return;
        }
        out.append('\n').append(style.strong("The other groups")).append('\n');
        int end = Math.min(faults.size(), IN_FULL + IN_A_LINE);
        for (LoggedFault fault : faults.subList(IN_FULL, end)) {
            out.append("   ")
                    .append(title(fault))
                    .append(style.faint("  " + times(fault)))
                    .append('\n');
        }
        if (faults.size() > end) {
            out.append("   and ")
                    .append(Notation.count(faults.size() - end, "more group"))
                    .append("; --json has them all\n");
        }
    }
}
