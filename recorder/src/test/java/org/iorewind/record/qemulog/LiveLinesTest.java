package org.iorewind.record.qemulog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LiveLinesTest {
    private final LiveLines lines = new LiveLines();

    private static LogLine line(long number) {
        return LogLine.insert(number, writer -> {});
    }

    private static LogLine[] lines(int from, int count) {
        LogLine[] all = new LogLine[count];
        for (int i = 0; i < count; i++) {
            all[i] = line(from + i);
        }
        return all;
    }

    private List<Long> rest() {
        List<Long> numbers = new ArrayList<>();
        for (@Nullable LogLine line = lines.next(); line != null; line = lines.next()) {
            numbers.add(line.unixNs);
        }
        return numbers;
    }

    @Test
    void linesComeInTheOrderInWhichTheyWerePut() {
        assertThat(lines.put(lines(0, 3), 3)).isEqualTo(3);
        assertThat(lines.put(line(3))).isTrue();
        assertThat(lines.next().unixNs).isZero();
        assertThat(lines.put(lines(4, 5), 2)).isEqualTo(2);
        assertThat(lines.waiting()).isGreaterThanOrEqualTo(5);
        lines.end();
        assertThat(rest()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(lines.place(lines.position())).isEqualTo("line 6");
        assertThat(lines.waiting()).isZero();
        assertThat(lines.lagNs()).isZero();
    }

    @Test
    void whoPutsMoreThanThereIsRoomForWaits() {
        int all = 5 * LiveLines.CAPACITY / 2;
        CompletableFuture<Integer> put = CompletableFuture.supplyAsync(() -> lines.put(lines(0, all), all));
        assertThat(lines.next().unixNs).isZero();
        put.thenRun(lines::end);
        List<Long> numbers = rest();
        assertThat(put.join()).isEqualTo(all);
        assertThat(numbers).hasSize(all - 1).isSorted().endsWith(all - 1L);
    }

    @Test
    void whoPutsGoesOnWhenNobodyTakesLinesAnyMore() {
        int all = 3 * LiveLines.CAPACITY;
        CompletableFuture<Integer> put = CompletableFuture.supplyAsync(() -> lines.put(lines(0, all), all));
        assertThat(lines.next()).isNotNull();
        lines.close();
        assertThat(put.join()).isLessThan(all);
        assertThat(lines.put(line(0))).isFalse();
    }

    @Test
    void afterTheEndNothingComesSoonEither() {
        lines.put(line(1));
        lines.end();
        assertThat(lines.nextSoon().unixNs).isEqualTo(1);
        assertThat(lines.nextSoon()).isNull();
        assertThat(lines.next()).isNull();
    }

    @Test
    void anInterruptEndsTheWaitForGood() throws InterruptedException {
        List<@Nullable LogLine> taken = new ArrayList<>();
        Thread taker = new Thread(() -> {
            taken.add(lines.next());
            taken.add(lines.next());
        });
        taker.start();
        taker.interrupt();
        taker.join();
        assertThat(taken).containsExactly(null, null);
    }
}
