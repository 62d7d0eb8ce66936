package org.iorewind.samples.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.samples.Captures;
import org.iorewind.samples.GoldenText;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.sbe.DmaRequestDecoder;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MemoryWriteDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mix that the generator draws from is what the captures with recorded memory show, and nothing else. */
class MixStatisticsTest {
    private static final Path TABLE = Path.of("src/main/resources/org/iorewind/samples/scenario/mix.tsv");
    private static final List<String> CAPTURES =
            List.of("q11-linux612-strict-memory", "q11-linux612-lazy-memory", "q10-linux612-strict-memory");
    private static final int PAGE_SHIFT = 12;
    /** Larger ranges are whole domains, not buffers. */
    private static final long MOST_PAGES = 512;

    private static final int FAR = 2;

    @TempDir
    Path folder;

    private final SortedMap<Long, Long> pages = new TreeMap<>();
    private final SortedMap<Long, Long> requests = new TreeMap<>();
    private final SortedMap<Long, Long> steps = new TreeMap<>();
    private final Map<Integer, Long> lastPage = new HashMap<>();
    private final MemoryWriteDecoder write = new MemoryWriteDecoder();
    private long firstHalf;
    private long firstHalfAt = -1;
    private final DmaRequestDecoder request = new DmaRequestDecoder();
    private int domain = -1;
    private long flushedFrom;
    private long flushedUpTo;
    private int device = -1;
    private long burst;

    private void read(String capture) {
        try (TraceReader reader =
                        Traces.open(Captures.named(capture).orElseThrow().traceIn(folder));
                EventCursor cursor = reader.cursor()) {
            while (cursor.next()) {
                take(cursor.event());
            }
        }
        endBurst();
        endBuffer();
        lastPage.clear();
    }

    private void take(EventView event) {
        if (event.kind() == null) {
            return;
        }
        switch (event.kind()) {
            case DMA_REQUEST -> {
                request.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                requested(request.requester(), request.address() >>> PAGE_SHIFT);
            }
            case MEMORY_WRITE -> {
                write.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                if (write.region() == MemoryRegion.COMMAND_RING && write.dataLength() == Long.BYTES) {
                    UnsafeBuffer data = new UnsafeBuffer(0, 0);
                    long address = write.address();
                    write.wrapData(data);
                    stored(address, data.getLong(0, ByteOrder.LITTLE_ENDIAN));
                }
            }
            default -> {}
        }
    }

    private void requested(int requester, long page) {
        endBuffer();
        if (requester != device) {
            endBurst();
            device = requester;
        }
        burst++;
        Long before = lastPage.put(requester, page);
        if (before != null) {
            long step = page - before;
            steps.merge(step == 0 || step == 1 ? step : FAR, 1L, Long::sum);
        }
    }

    /** A driver stores the halves of a command one after the other. */
    private void stored(long address, long half) {
        if ((address & Long.BYTES) == 0) {
            firstHalf = half;
            firstHalfAt = address;
        } else if (address == firstHalfAt + Long.BYTES) {
            sent(firstHalf, half);
        }
    }

    /** A guest whose IOMMU caches what is not present flushes page by page: neighbours in a row are one buffer. */
    private void sent(long quadword0, long quadword1) {
        if (CommandDescriptor.opcode(quadword0) != CommandDescriptor.INVALIDATE_IOMMU_PAGES) {
            return;
        }
        endBurst();
        long first = CommandDescriptor.rangeFirst(quadword1) >>> PAGE_SHIFT;
        long count = CommandDescriptor.rangeSize(quadword1) >>> PAGE_SHIFT;
        if (count < 1 || count > MOST_PAGES) {
            endBuffer();
        } else if (CommandDescriptor.domain(quadword0) == domain && first == flushedUpTo) {
            flushedUpTo += count;
        } else {
            endBuffer();
            domain = CommandDescriptor.domain(quadword0);
            flushedFrom = first;
            flushedUpTo = first + count;
        }
    }

    private void endBuffer() {
        if (domain >= 0) {
            pages.merge(Long.highestOneBit(Math.min(flushedUpTo - flushedFrom, MOST_PAGES)), 1L, Long::sum);
        }
        domain = -1;
    }

    private void endBurst() {
        if (burst > 0) {
            requests.merge(Long.highestOneBit(burst), 1L, Long::sum);
        }
        burst = 0;
        device = -1;
    }

    @Test
    void theTableIsWhatTheCapturesShow() throws IOException {
        CAPTURES.forEach(this::read);
        assertThat(pages.values().stream().mapToLong(count -> count).sum())
                .as("flushes of buffers")
                .isGreaterThan(1000);
        StringBuilder text = new StringBuilder();
        text.append("# Counted by MixStatisticsTest in the captures ")
                .append(String.join(", ", CAPTURES))
                .append(".\n")
                .append(
                        "# pages: of a buffer, as INVALIDATE_IOMMU_PAGES for neighbours in a row tell; 8 stands for 8 to 15\n")
                .append("# requests: of one device in a row, until another one's or a flush; 8 stands for 8 to 15\n")
                .append("# step: from one request of a device to its next: same page, next page, 2 for any other\n");
        append(text, "pages", pages);
        append(text, "requests", requests);
        append(text, "step", steps);
        GoldenText.compare(TABLE, text.toString());
    }

    private static void append(StringBuilder text, String what, SortedMap<Long, Long> counts) {
        counts.forEach((value, count) -> text.append(what)
                .append('\t')
                .append(value)
                .append('\t')
                .append(count)
                .append('\n'));
    }
}
