package org.iorewind.trace.archive;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.block.BlockCheck;

/** Checks a whole archive: every page, every chunk, every event, every checkpoint. */
final class ArchiveCheck {
    private static final long NO_EVENT = -1;

    private ArchiveCheck() {}

    static IntegrityReport check(ArchiveReader archive, ArchiveIndex index, IndexPages pages) {
        List<Damage> damages = new ArrayList<>();
        long events = 0;
        long chunks = 0;
        boolean ended = false;
        for (int number = 0; number < index.pages().size(); number++) {
            PageEntry entry = index.pages().get(number);
            IndexPage page;
            try {
                page = pages.page(number);
            } catch (TraceFormatException e) {
                // Without its page nobody knows where its chunks lie.
                damages.add(
                        new Damage(e.place(), e.expected(), e.found(), entry.firstSequence(), entry.endSequence() - 1));
                ended = false;
                continue;
            }
            int first = (int) index.firstChunk(number);
            ChunkSource source = new ChunkSource(archive.channel(), pages, first, first + entry.chunks());
            IntegrityReport part = BlockCheck.check(
                    source, archive.path(), archive.storeKind(), entry.firstSequence(), List.of(), false);
            damages.addAll(part.damages());
            events += part.events();
            chunks += part.blocks();
            ended = part.endedInOrder();
            checkCheckpoints(archive, page, damages);
        }
        return new IntegrityReport(archive.path(), archive.storeKind(), events, chunks, damages, ended, false, false);
    }

    private static void checkCheckpoints(ArchiveReader archive, IndexPage page, List<Damage> damages) {
        for (CheckpointEntry checkpoint : page.checkpoints()) {
            try {
                archive.read(checkpoint);
            } catch (TraceFormatException e) {
                damages.add(new Damage(e.place(), e.expected(), e.found(), NO_EVENT, NO_EVENT));
            }
        }
    }
}
