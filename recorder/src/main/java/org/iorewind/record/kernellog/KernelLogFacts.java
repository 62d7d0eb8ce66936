package org.iorewind.record.kernellog;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.iorewind.record.UnsupportedSourceException;
import org.iorewind.trace.TraceFormatException;
import org.jspecify.annotations.Nullable;

/** What a first pass over a kernel log finds out: whether it is one, of which IOMMU, and what the IOMMU can do. */
final class KernelLogFacts {
    private static final String AMD_VI = "AMD-Vi";
    private static final String[] FEATURES = {"Extended features (0x", "Using global IVHD EFR:0x"};

    private final byte[] digest;
    private final Map<OtherVendor, Long> otherFaults = new EnumMap<>(OtherVendor.class);
    private final long lines;
    private final long dressed;
    private final long startUnixNs;
    private long ours;
    private long others;
    private String firstOther = "";
    private long features;
    private long features2;
    private String kernel = "";

    private KernelLogFacts(List<Path> files) {
        MessageDigest sha = sha256();
        SessionClock clock = new SessionClock();
        try (LogLines log = new LogLines(files)) {
            for (KernelLine line = log.next(); line != null; line = log.next()) {
                sha.update(log.raw().getBytes(StandardCharsets.UTF_8));
                sha.update((byte) '\n');
                if (!line.text().isEmpty()) {
                    clock.at(line);
                    look(line.text());
                }
            }
            lines = log.lines();
            dressed = log.dressed();
        }
        startUnixNs = clock.startUnixNs();
        digest = sha.digest();
    }

    /**
     * Reads the files once.
     *
     * @throws UnsupportedSourceException if they report faults of other vendors' IOMMUs only
     * @throws TraceFormatException if they are no kernel log
     */
    static KernelLogFacts of(List<Path> files) {
        KernelLogFacts facts = new KernelLogFacts(files);
        String names = files.size() == 1 ? files.get(0).toString() : files.toString();
        if (facts.ours == 0 && facts.others > 0) {
            throw new UnsupportedSourceException(
                    names,
                    "lines of AMD-Vi",
                    facts.foundElsewhere(),
                    "iorewind explains AMD-Vi so far; the lines themselves say what was refused");
        }
        if (facts.ours == 0 && facts.dressed == 0) {
            throw new TraceFormatException(
                    names,
                    "",
                    "a kernel log: text of dmesg, journalctl -k, syslog or a serial console",
                    "no line of one in " + facts.lines + " lines",
                    "write one with: dmesg > dmesg.txt, or: journalctl -k > dmesg.txt");
        }
        return facts;
    }

    private String foundElsewhere() {
        StringBuilder found = new StringBuilder();
        otherFaults.forEach((vendor, count) -> found.append(found.length() == 0 ? "" : ", ")
                .append(count)
                .append(count == 1 ? " fault of " : " faults of ")
                .append(vendor.label()));
        if (found.length() == 0) {
            found.append(others).append(" lines of another vendor's IOMMU");
        }
        String first = firstOther.length() > 200 ? firstOther.substring(0, 200) + "…" : firstOther;
        return found + ", the first: " + first;
    }

    private void look(String text) {
        if (text.contains(AMD_VI) || EventName.at(text) != null) {
            ours++;
            for (String start : FEATURES) {
                int at = text.indexOf(start);
                if (at >= 0 && features == 0) {
                    features(text, at + start.length());
                }
            }
        } else if (text.startsWith("Linux version ") && kernel.isEmpty()) {
            int end = text.indexOf(' ', "Linux version ".length());
            kernel = end < 0 || end > 120 ? "" : text.substring(0, end);
        } else {
            OtherVendor vendor = OtherVendor.of(text);
            if (vendor != null) {
                others++;
                boolean isFault = vendor.isFault(text);
                if (isFault) {
                    otherFaults.merge(vendor, 1L, Long::sum);
                }
                if (firstOther.isEmpty() || isFault && otherFaults.getOrDefault(vendor, 0L) == 1) {
                    firstOther = text;
                }
            }
        }
    }

    private void features(String text, int at) {
        int end = hexEnd(text, at);
        features = hex(text, at, end);
        int second = text.indexOf("0x", end);
        if (second >= 0 && second - end < 12) {
            features2 = hex(text, second + 2, hexEnd(text, second + 2));
        }
    }

    private static int hexEnd(String text, int from) {
        int at = from;
        while (at < text.length() && Character.digit(text.charAt(at), 16) >= 0 && text.charAt(at) < 'g') {
            at++;
        }
        return at;
    }

    private static long hex(String text, int from, int to) {
        return to == from || to - from > 16 ? 0 : Long.parseUnsignedLong(text, from, to, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    long lines() {
        return lines;
    }

    long startUnixNs() {
        return startUnixNs;
    }

    /** The Extended Feature register as the kernel printed it; 0 if it did not. */
    long features() {
        return features;
    }

    long features2() {
        return features2;
    }

    /** {@code Linux version 6.12.95}; empty if the log does not tell. */
    @Nullable
    String kernel() {
        return kernel.isEmpty() ? null : kernel;
    }

    long sessionIdHigh() {
        return qword(0);
    }

    long sessionIdLow() {
        return qword(8);
    }

    private long qword(int from) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | digest[from + i] & 0xff;
        }
        return value;
    }
}
