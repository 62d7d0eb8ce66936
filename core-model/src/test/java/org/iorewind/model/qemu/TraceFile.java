package org.iorewind.model.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** QEMU's trace as it grows, turned into what it witnesses. Lines are written before the request is answered. */
final class TraceFile implements AutoCloseable {
    private static final String OWN_MESSAGE = "amdvi_generate_msi_interrupt";

    /** The events that are read; 11.1 alone has the last. */
    static final List<String> EVENTS = List.of(
            "amdvi_command_exec",
            "amdvi_iotlb_hit",
            "amdvi_translation_result",
            "amdvi_ir_remap_msi_req",
            "amdvi_ir_remap_msi",
            OWN_MESSAGE);

    private static final Pattern COMMAND = Pattern.compile(
            "amdvi_command_exec command buffer head at 0x(\\w+) command buffer tail at 0x(\\w+) command buffer base at 0x(\\w+)");
    private static final Pattern RESULT =
            Pattern.compile("amdvi_translation_result devid: \\S+ gpa 0x(\\w+) hpa 0x(\\w+)");
    private static final Pattern ASKED =
            Pattern.compile("amdvi_ir_remap_msi_req addr 0x(\\w+) data 0x(\\w+) devid 0x(\\w+)");
    private static final Pattern SENT = Pattern.compile(
            "amdvi_ir_remap_msi \\(addr 0x(\\w+), data 0x(\\w+)\\) -> \\(addr 0x(\\w+), data 0x(\\w+)\\)");

    private final FileChannel file;
    private final ByteBuffer read = ByteBuffer.allocate(1 << 16);
    private long position;
    private boolean isHit;
    private boolean hasOwnInterrupt;

    TraceFile(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.READ);
    }

    /** What the lines say that were written since the last call. */
    List<Witness> drain() {
        StringBuilder text = new StringBuilder();
        try {
            for (int count = file.read(read.clear(), position); count > 0; count = file.read(read.clear(), position)) {
                position += count;
                text.append(StandardCharsets.US_ASCII.decode(read.flip()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Witness> seen = new ArrayList<>();
        text.toString().lines().forEach(line -> addTo(seen, line));
        return seen;
    }

    /** Whether the IOMMU sent an interrupt of its own since the last call. */
    boolean takeOwnInterrupt() {
        boolean was = hasOwnInterrupt;
        hasOwnInterrupt = false;
        return was;
    }

    private void addTo(List<Witness> seen, String line) {
        if (line.contains(OWN_MESSAGE)) {
            hasOwnInterrupt = true;
            return;
        }
        if (line.contains("amdvi_iotlb_hit")) {
            isHit = true;
            return;
        }
        Matcher matcher = RESULT.matcher(line);
        if (matcher.find()) {
            seen.add(new Witness(Witness.Kind.TRANSLATION, hex(matcher, 1), hex(matcher, 2), isHit ? 1 : 0));
            isHit = false;
        } else if (matcher.usePattern(COMMAND).reset().find()) {
            seen.add(new Witness(Witness.Kind.COMMAND, hex(matcher, 1), hex(matcher, 2), hex(matcher, 3)));
        } else if (matcher.usePattern(ASKED).reset().find()) {
            seen.add(new Witness(Witness.Kind.INTERRUPT_ASKED, hex(matcher, 1), hex(matcher, 2), 0));
        } else if (matcher.usePattern(SENT).reset().find()) {
            Witness asked = seen.remove(seen.size() - 1);
            seen.add(new Witness(Witness.Kind.INTERRUPT_ASKED, asked.a(), asked.b(), 1));
            seen.add(new Witness(Witness.Kind.INTERRUPT_SENT, hex(matcher, 3), hex(matcher, 4), 0));
        }
    }

    private static long hex(Matcher matcher, int group) {
        return Long.parseUnsignedLong(matcher.group(group), 16);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
