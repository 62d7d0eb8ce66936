package org.iorewind.model.qemu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * QEMU's qtest protocol over the process's standard streams: one request a line, one answer a line, lines about interrupts
 * between them. Requests are gathered and sent together, so that many of them cost one round trip. A process that does not
 * answer in time is killed. Not thread-safe.
 */
final class QtestConnection implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;
    private static final String END = "";
    private static final String ASYNCHRONOUS = "IRQ ";
    private static final String GOOD = "OK";

    private final Process process;
    private final OutputStream requests;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final StringBuilder gathered = new StringBuilder();
    private int pending;

    QtestConnection(Process process) {
        this.process = process;
        this.requests = process.getOutputStream();
        Thread reader = new Thread(this::readAnswers, "qtest-answers");
        reader.setDaemon(true);
        reader.start();
    }

    private void readAnswers() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith(ASYNCHRONOUS)) {
                    answers.add(line);
                }
            }
        } catch (IOException e) {
            // The process ended: that is what END says.
        }
        answers.add(END);
    }

    /** Adds a request to the next round trip. */
    void add(String verb, long... operands) {
        gathered.append(verb);
        for (long operand : operands) {
            gathered.append(" 0x").append(Long.toHexString(operand));
        }
        gathered.append('\n');
        pending++;
    }

    /**
     * Sends what was added and waits for all answers.
     *
     * @return the number in the last answer; 0 if it has none
     * @throws QemuLostException when QEMU ended or does not answer; the process is dead then
     */
    long exchange() {
        String sent = gathered.toString();
        gathered.setLength(0);
        int expected = pending;
        pending = 0;
        try {
            requests.write(sent.getBytes(StandardCharsets.US_ASCII));
            requests.flush();
        } catch (IOException e) {
            throw lost("QEMU closed its input", sent);
        }
        String last = GOOD;
        for (int i = 0; i < expected; i++) {
            last = takeAnswer(sent);
        }
        return last.length() > GOOD.length() ? Long.parseUnsignedLong(last.substring(GOOD.length() + 3), 16) : 0;
    }

    private String takeAnswer(String sent) {
        String answer;
        try {
            answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw lost("interrupted", sent);
        }
        if (answer == null) {
            throw lost("QEMU does not answer for " + PATIENCE_SECONDS + " s", sent);
        }
        if (!answer.startsWith(GOOD)) {
            throw lost(answer.equals(END) ? "QEMU ended" : "QEMU answered: " + answer, sent);
        }
        return answer;
    }

    private QemuLostException lost(String what, String sent) {
        close();
        return new QemuLostException(what + "; the last requests were: " + sent.replace('\n', ';'));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
