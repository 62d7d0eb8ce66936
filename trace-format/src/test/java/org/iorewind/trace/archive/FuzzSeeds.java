package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventList;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.block.BlockBuilder;
import org.iorewind.trace.json.JsonLinesExporter;

/** Makes the seeds of the fuzz targets; the argument is the folder. */
public final class FuzzSeeds {
    private FuzzSeeds() {}

    /** Writes them. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        for (String name : new String[] {"archive", "block", "jsonl"}) {
            Files.createDirectories(folder.resolve(name));
        }
        for (int seed = 1; seed <= 3; seed++) {
            EventList events = seed == 1 ? RandomEvents.smallSession(1, 40) : RandomEvents.session(seed, 30 * seed);
            Files.write(folder.resolve("archive").resolve("chunk-" + seed), chunk(events));
            Path scratch = Files.createTempDirectory("seeds");
            Path file = scratch.resolve("a.iorw");
            try (ArchiveWriter writer = ArchiveWriter.create(file)) {
                events.copyTo(writer);
            }
            byte[] bytes = Files.readAllBytes(file);
            int trailer = bytes.length - ArchiveDescriptor.TRAILER_LENGTH;
            int index = (int) LittleEndian.get(bytes, trailer, Long.BYTES);
            Files.write(folder.resolve("archive").resolve("index-" + seed), part(1, bytes, index, trailer));
            int page;
            try (ArchiveReader reader = ArchiveReader.open(file)) {
                page = (int) reader.chunks().get(reader.chunks().size() - 1).endOffset();
            }
            Files.write(folder.resolve("archive").resolve("page-" + seed), part(2, bytes, page, index));
            try (TraceReader trace = Traces.open(file)) {
                ByteArrayOutputStream lines = new ByteArrayOutputStream();
                JsonLinesExporter.export(trace, lines);
                Files.write(folder.resolve("jsonl").resolve("session-" + seed), lines.toByteArray());
            }
            Files.delete(file);
            Files.delete(scratch);
            BlockBuilder block = new BlockBuilder(7, seed);
            for (byte[] frame : events.frames()) {
                if (!block.isFullFor(frame.length)) {
                    block.add(new UnsafeBuffer(frame), 0, frame.length);
                }
            }
            byte[] sealed = new byte[block.seal()];
            block.block().get(sealed);
            Files.write(folder.resolve("block").resolve("block-" + seed), sealed);
        }
    }

    private static byte[] part(int what, byte[] bytes, int from, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(what);
        out.write(bytes, from, to - from);
        return out.toByteArray();
    }

    private static byte[] chunk(EventList events) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        int[] offsets = new int[events.frames().size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = frames.size();
            frames.writeBytes(events.frames().get(i));
        }
        try (ChunkEncoder encoder = new ChunkEncoder()) {
            ChunkEncoder.Encoded encoded = encoder.encode(frames.toByteArray(), offsets, offsets.length);
            ByteBuffer head = ByteBuffer.allocate(12).order(LITTLE_ENDIAN);
            head.putInt(offsets.length).putInt(frames.size()).putInt(encoded.directory().length);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(0);
            out.writeBytes(head.array());
            out.writeBytes(encoded.directory());
            out.writeBytes(encoded.streams());
            return out.toByteArray();
        }
    }
}
