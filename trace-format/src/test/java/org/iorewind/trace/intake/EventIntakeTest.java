package org.iorewind.trace.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.journal.JournalReader;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.GapDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventIntakeTest {
    private static final int PRODUCERS = 4;
    private static final int EACH = 30_000;

    @TempDir
    Path directory;

    /** A store that waits at its first event until it is let go. */
    private static final class SlowStore implements EventAppender {
        final EventList events = new EventList();
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);

        @Override
        public long append(DirectBuffer buffer, int offset, int lengthBytes) {
            entered.countDown();
            try {
                if (!go.await(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("not let go");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return events.append(buffer, offset, lengthBytes);
        }

        @Override
        public void close() {
            events.close();
        }
    }

    private static void produce(EventIntake intake, int source, int count) {
        EventWriter writer = new EventWriter(intake.producer()).source(source);
        for (int i = 0; i < count; i++) {
            writer.at(i).dmaRequest(DmaAccess.READ, source, i, 64, EventWriter.NO_PASID);
        }
    }

    @Test
    void manyProducersThatWaitLoseNothingAndKeepTheirOrder() throws Exception {
        try (JournalWriter journal = JournalWriter.create(directory.resolve("j"))) {
            new EventWriter(journal).sessionStart(RandomEvents.info(1, 2));
            try (EventIntake intake = new EventIntake(journal, BackPressure.BLOCK, EventIntake.MIN_CAPACITY)) {
                List<CompletableFuture<Void>> all = new ArrayList<>();
                for (int source = 0; source < PRODUCERS; source++) {
                    int number = source;
                    all.add(CompletableFuture.runAsync(() -> produce(intake, number, EACH)));
                }
                for (CompletableFuture<Void> each : all) {
                    each.get(60, TimeUnit.SECONDS);
                }
                intake.flush();
                assertThat(intake.lostEvents()).isZero();
                try (JournalReader reader = JournalReader.open(directory.resolve("j"))) {
                    assertThat(reader.check().events()).isEqualTo(PRODUCERS * EACH + 1);
                }
            }
        }
        long[] next = new long[PRODUCERS];
        try (JournalReader reader = JournalReader.open(directory.resolve("j"));
                EventCursor cursor = reader.cursor()) {
            cursor.seek(1);
            while (cursor.next()) {
                assertThat(cursor.event().timeNs())
                        .isEqualTo(next[cursor.event().source()]++);
            }
        }
        assertThat(next).containsOnly(EACH);
    }

    @Test
    void whatFindsTheRingFullIsCountedInAGapAtItsPlace() throws Exception {
        SlowStore store = new SlowStore();
        int offered = 400_000;
        try (EventIntake intake = new EventIntake(store, BackPressure.COUNT, EventIntake.MIN_CAPACITY)) {
            produce(intake, 1, 1);
            assertThat(store.entered.await(30, TimeUnit.SECONDS)).isTrue();
            produce(intake, 2, offered);
            store.go.countDown();
            intake.flush();
            produce(intake, 3, 1);
        }
        int last = store.events.frames().size() - 1;
        int kept = last - 2;
        for (int i = 1; i <= kept; i++) {
            assertThat(store.events.view(i).timeNs()).isEqualTo(i - 1);
        }
        assertThat(store.events.view(kept + 1).kind()).isEqualTo(EventKind.GAP);
        GapDecoder gap = new GapDecoder();
        gap.wrap(
                store.events.view(kept + 1).buffer(),
                store.events.view(kept + 1).bodyOffset(),
                store.events.view(kept + 1).blockLength(),
                0);
        assertThat(gap.count()).isEqualTo(offered - kept).isPositive();
        assertThat(store.events.view(kept + 1).timeNs()).isEqualTo(kept);
        assertThat(gap.spanNs()).isEqualTo(offered - 1 - kept);
        assertThat(store.events.view(last).source()).isEqualTo(3);
    }

    @Test
    void aStoreThatRefusesIsToldToTheProducersAndTheLastWordCountsTheLoss() {
        EventList kept = new EventList();
        EventAppender full = new EventAppender() {
            @Override
            public long append(DirectBuffer buffer, int offset, int lengthBytes) {
                boolean isLastWord = buffer.getShort(offset + 2) == EventKind.SESSION_END.templateId();
                if (kept.frames().size() >= 10 && !isLastWord) {
                    throw new TraceStoreException("store", "", "room", "none", "free some");
                }
                return kept.append(buffer, offset, lengthBytes);
            }

            @Override
            public void close() {
                kept.close();
            }
        };
        EventIntake intake = new EventIntake(full, BackPressure.BLOCK, EventIntake.MIN_CAPACITY);
        assertThatThrownBy(() -> produce(intake, 1, Integer.MAX_VALUE)).isInstanceOf(TraceStoreException.class);
        assertThatThrownBy(intake::close).isInstanceOf(TraceStoreException.class);
        assertThat(kept.frames()).hasSize(11);
        assertThat(kept.view(10).kind()).isEqualTo(EventKind.SESSION_END);
        assertThat(intake.lostEvents()).isPositive();
    }

    @Test
    void framesThatAreNotSoundAreRefusedAtTheDoor() {
        try (EventIntake intake = new EventIntake(new EventList(), BackPressure.BLOCK, EventIntake.MIN_CAPACITY)) {
            EventAppender producer = intake.producer();
            assertThatThrownBy(() -> producer.append(new org.agrona.concurrent.UnsafeBuffer(new byte[40]), 0, 40))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
