package org.iorewind.record.ftrace;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iorewind.record.MmioWindow;
import org.iorewind.record.text.Digits;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.RegisterReport;

/**
 * {@code kvm:kvm_mmio} of the host: what a guest's processors wrote to registers and read from them.
 *
 * <pre>
 *   mmio write len 4 gpa 0xfed82008 val 0x10
 *   mmio unsatisfied-read len 8 gpa 0xfed82020 val 0x0      the VMM is asked …
 *   mmio read len 8 gpa 0xfed82020 val 0x18                 … and has answered
 * </pre>
 *
 * <p>A read is written down when its answer is known: answer and question stand together then, whatever other processors do
 * in between.
 */
final class KvmMmio {
    private static final String WRITE = "write";
    private static final String READ = "read";
    private static final String UNSATISFIED = "unsatisfied-read";
    private static final int WORDS = 8;
    /** A processor waits for one answer at most; so many processors has no host. */
    private static final int MOST_WAITING = 4096;

    /** What became of a line. */
    enum Outcome {
        WRITTEN,
        FOLDED,
        OTHER_DEVICE,
        UNPARSED
    }

    private record Question(long timeNs, long address, long size) {}

    private final EventWriter writer;
    private final MmioWindow window;
    private final Map<String, Question> waiting = new LinkedHashMap<>();

    KvmMmio(EventWriter writer, MmioWindow window) {
        this.writer = writer;
        this.window = window;
    }

    static boolean isOurs(FtraceLine line) {
        return line.event().equals("kvm_mmio");
    }

    /** Whether the line is a register access of the IOMMU; false too if it cannot be understood. */
    static boolean isInWindow(FtraceLine line, MmioWindow window) {
        try {
            String[] words = line.payload().split(" ", -1);
            return words.length == WORDS && window.holds(Digits.prefixedHex(words[5]), Digits.decimal(words[3]));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    Outcome line(FtraceLine line, long nowNs) {
        String[] words = line.payload().split(" ", -1);
        boolean shape = words.length == WORDS
                && words[0].equals("mmio")
                && words[2].equals("len")
                && words[4].equals("gpa")
                && words[6].equals("val");
        if (!shape) {
            return Outcome.UNPARSED;
        }
        try {
            long size = Digits.decimal(words[3]);
            long address = Digits.prefixedHex(words[5]);
            long value = Digits.prefixedHex(words[7]);
            return access(words[1], line.task(), address, size, value, nowNs);
        } catch (NumberFormatException e) {
            return Outcome.UNPARSED;
        }
    }

    private Outcome access(String verb, String task, long address, long size, long value, long nowNs) {
        if (!verb.equals(WRITE) && !verb.equals(READ) && !verb.equals(UNSATISFIED)) {
            return Outcome.UNPARSED;
        }
        if (!window.holds(address, size)) {
            return Outcome.OTHER_DEVICE;
        }
        int offset = (int) window.offset(address);
        if (verb.equals(WRITE)) {
            writer.mmioWrite(MmioSpace.HOST, (int) size, offset, value);
            return Outcome.WRITTEN;
        }
        if (verb.equals(READ)) {
            waiting.remove(task);
            writer.mmioRead(MmioSpace.HOST, (int) size, offset);
            writer.mmioReadValue(MmioSpace.HOST, (int) size, RegisterReport.READ, offset, value);
            return Outcome.WRITTEN;
        }
        Question before = waiting.put(task, new Question(nowNs, address, size));
        if (before != null) {
            unanswered(before);
            writer.at(nowNs);
        }
        if (waiting.size() > MOST_WAITING) {
            end();
            writer.at(nowNs);
        }
        return Outcome.FOLDED;
    }

    private void unanswered(Question question) {
        writer.at(question.timeNs);
        writer.mmioRead(MmioSpace.HOST, (int) question.size, window.offset(question.address));
    }

    /** Writes down the reads whose answers never came. */
    void end() {
        waiting.values().forEach(this::unanswered);
        waiting.clear();
    }
}
