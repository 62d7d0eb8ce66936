package org.iorewind.record.kernellog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each form in which kernels 4.x to 7.x print an entry of the event log is understood, field by field. */
class EntryFormsTest {
    /** Codes of reference 4.2. */
    private static final String[] CODES = {
        "code0",
        "ILLEGAL_DEV_TABLE_ENTRY",
        "IO_PAGE_FAULT",
        "DEV_TAB_HARDWARE_ERROR",
        "PAGE_TAB_HARDWARE_ERROR",
        "ILLEGAL_COMMAND_ERROR",
        "COMMAND_HARDWARE_ERROR",
        "IOTLB_INV_TIMEOUT",
        "INVALID_DEVICE_REQUEST",
        "INVALID_PPR_REQUEST",
        "code10",
        "code11",
        "code12",
        "RMP_PAGE_FAULT",
        "RMP_HW_ERROR",
        "code15"
    };

    record Form(String source, List<String> lines, String expected) {
        @Override
        public String toString() {
            return expected + "; " + source;
        }
    }

    static Stream<Form> forms() throws IOException {
        List<Form> forms = new ArrayList<>();
        String source = "";
        List<String> lines = new ArrayList<>();
        for (String line : resource("entries.txt")) {
            if (line.startsWith("# ")) {
                source = line.substring(2);
            } else if (line.startsWith("= ")) {
                forms.add(new Form(source, List.copyOf(lines), line.substring(2)));
                lines.clear();
            } else if (!line.isEmpty()) {
                lines.add(line);
            }
        }
        assertThat(forms).hasSizeGreaterThan(30);
        return forms.stream();
    }

    static List<String> resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(EntryFormsTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theLineSaysWhatItsFieldsSay(Form form) {
        ImportedLog log = ImportedLog.of(form.lines());
        assertThat(log.result().unparsedExamples()).isEmpty();
        assertThat(log.entries().map(EntryFormsTest::words)).containsExactly(form.expected());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theLineIsUnderstoodWithoutItsStampToo(Form form) {
        List<String> bare = form.lines().stream()
                .map(line -> line.replaceFirst(
                        "^.*?(?=(\\[?(IO_PAGE|INVALID_D|ILLEGAL_C|  device|domain=))|iommu |[a-z0-9_]+ 0000:|AMD-Vi|\\(XEN)",
                        ""))
                .toList();
        assertThat(ImportedLog.of(bare).entries().map(EntryFormsTest::words)).containsExactly(form.expected());
    }

    /** The entry's known bits, where reference 4.1 and 4.3 say they stand. */
    private static String words(ImportedLog.Entry entry) {
        long q0 = entry.qword0();
        long known = entry.qword0Known();
        String name = CODES[(int) (q0 >>> 60)];
        StringBuilder words = new StringBuilder(name);
        if ((known & 0xFFFF) == 0xFFFF) {
            int device = (int) q0 & 0xFFFF;
            words.append(String.format(" device=%02x:%02x.%x", device >> 8, device >> 3 & 31, device & 7));
        }
        if (name.equals("INVALID_PPR_REQUEST")) {
            words.append(String.format(" pprPasid=0x%x", q0 >>> 16 & 0xFFFF | (q0 >>> 42 & 0xF) << 16));
            if ((known >>> 32 & 0x3FF) == 0x3FF) {
                words.append(String.format(" tag=0x%x", q0 >>> 32 & 0x3FF));
            }
        } else if ((known >>> 32 & 0xFFFF) == 0xFFFF) {
            words.append(String.format(" half=0x%x", q0 >>> 32 & 0xFFFF));
        }
        if (name.equals("RMP_PAGE_FAULT")) {
            words.append(String.format(" rmp=0x%x", q0 >>> 16 & 0xFF));
        }
        if ((known >>> 48 & 0xFFF) == 0xFFF) {
            words.append(String.format(" flags=0x%x", q0 >>> 48 & 0xFFF));
        }
        if (entry.qword1Known() != 0) {
            words.append(String.format(" address=0x%x", entry.qword1()));
        }
        return words.toString();
    }
}
