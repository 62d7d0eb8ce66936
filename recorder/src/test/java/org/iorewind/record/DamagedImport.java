package org.iorewind.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.TraceFormatException;

/** What every importer promises about input that is damaged: it is read or refused by name, and every line is accounted for. */
public final class DamagedImport {
    private static final int MOST_PLACES = 1 << 20;
    /** Of a session: its start and its end. */
    private static final int FRAMING_EVENTS = 2;

    private DamagedImport() {}

    /** What is done to the bytes. */
    private enum Kind {
        FLIP_BIT,
        INSERT,
        DELETE,
        DOUBLE,
        TRUNCATE,
        SWAP_LINES
    }

    /**
     * One damage.
     *
     * @param kind what is done
     * @param place where, counted round
     * @param value what with, or how much
     * @param text what is inserted
     */
    public record Damage(Kind kind, int place, int value, String text) {
        byte[] in(byte[] bytes) {
            if (bytes.length == 0) {
                return bytes;
            }
            int at = place % bytes.length;
            return switch (kind) {
                case FLIP_BIT -> splice(bytes, at, 1, new byte[] {(byte) (bytes[at] ^ 1 << value % 8)});
                case INSERT -> splice(bytes, at, 0, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                case DELETE -> splice(bytes, at, value, new byte[0]);
                case DOUBLE -> splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + value)));
                case TRUNCATE -> Arrays.copyOf(bytes, at);
                case SWAP_LINES -> swapLines(bytes, place, value);
            };
        }
    }

    private static byte[] swapLines(byte[] bytes, int one, int other) {
        // of bytes that are no text this is as good a damage as any
        String[] lines = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).split("(?<=\n)", -1);
        String kept = lines[one % lines.length];
        lines[one % lines.length] = lines[other % lines.length];
        lines[other % lines.length] = kept;
        return String.join("", lines).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static byte[] splice(byte[] bytes, int at, int length, byte[] with) {
        int rest = Math.min(bytes.length, at + length);
        byte[] out = Arrays.copyOf(bytes, at + with.length + bytes.length - rest);
        System.arraycopy(with, 0, out, at, with.length);
        System.arraycopy(bytes, rest, out, at + with.length, bytes.length - rest);
        return out;
    }

    /** Several damages; {@code tokens} is text that is meant to hurt. */
    public static Arbitrary<List<Damage>> damages(String... tokens) {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(0, MOST_PLACES).withoutEdgeCases(),
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.of(tokens))
                .as(Damage::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    /** The bytes after all damages. */
    public static byte[] apply(List<Damage> damages, byte[] whole) {
        byte[] bytes = whole;
        for (Damage damage : damages) {
            bytes = damage.in(bytes);
        }
        return bytes;
    }

    /** Imports the bytes and compares what the result says with what was written; null if they were refused by name. */
    public static ImportResult importOrRefuse(byte[] bytes, FileImporter importer) throws IOException {
        Path file = Files.createTempFile("damaged", ".input");
        try {
            Files.write(file, bytes);
            RecordedEvents recorded = new RecordedEvents();
            ImportResult result = importer.run(file, recorded);
            List<String> events = recorded.lines(List.of(EventKind.values()));
            assertThat(events)
                    .hasSize((int) result.events())
                    .startsWith("SessionStart")
                    .endsWith("SessionEnd");
            long silent = result.skipped().values().stream().mapToLong(n -> n).sum()
                    + result.folded().values().stream().mapToLong(n -> n).sum()
                    + result.unparsed();
            assertThat(silent).isLessThanOrEqualTo(result.lines());
            assertThat(silent + result.events() - FRAMING_EVENTS).isGreaterThanOrEqualTo(result.lines());
            assertThat(result.unparsedExamples()).hasSize((int) Math.min(10, result.unparsed()));
            return result;
        } catch (TraceFormatException e) {
            assertThat(e).hasMessageContaining("expected");
            return null;
        } finally {
            Files.delete(file);
        }
    }
}
