package org.iorewind.cli.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.cli.Main;

/** {@code iorewind record qemu} in a process of its own, and the guest that it records. */
final class Recording implements AutoCloseable {
    /** What Linux says each 21 seconds while a processor does nothing; once may be chance. */
    private static final String STALL = "detected stalls on CPUs";

    private static final int STALLS = 3;

    private static final long LONGEST_S = 240;
    private static final long LOOK_EVERY_MS = 20;
    private static final String FIRST_JAVA_WITH_WARNING = "23";

    private static final Pattern MONITOR = Pattern.compile("-qmp unix:([^,]+),");

    private final Path folder;
    private final Path trace;
    /** Of the files that its output goes to. */
    private final String prefix;

    private final Process recorder;
    private Optional<ProcessHandle> qemu = Optional.empty();

    private Recording(Path folder, Path trace, String prefix, Process recorder) {
        this.folder = folder;
        this.trace = trace;
        this.prefix = prefix;
        this.recorder = recorder;
    }

    /**
     * Starts a guest and its recording.
     *
     * @param qemu {@code 11.1} or {@code 10.0}
     * @param folder where everything is put
     * @param trace the trace to make
     * @param steps what the guest does
     * @param options of {@code record qemu}
     */
    static Recording start(String qemu, Path folder, Path trace, String steps, String... options)
            throws IOException, InterruptedException {
        return startMachine(qemu, folder, trace, steps, Map.of(), options);
    }

    /**
     * As above.
     *
     * @param machine variables of the script that names the guest's command line
     */
    static Recording startMachine(
            String qemu, Path folder, Path trace, String steps, Map<String, String> machine, String... options)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("record", "qemu", "-o", trace.toString()));
        words.addAll(List.of(options));
        words.add("--");
        words.addAll(VmTools.guest(qemu, folder, steps, machine));
        return run(folder, trace, "", words);
    }

    /** Joins a guest that runs already: {@code record attach}. */
    static Recording attach(Path monitor, Path folder, Path trace) throws IOException {
        return run(folder, trace, "attach-", List.of("record", "attach", monitor.toString(), "-o", trace.toString()));
    }

    private static Recording run(Path folder, Path trace, String prefix, List<String> words) throws IOException {
        // what a shell starts in the background has INT ignored, and so would have all that it starts
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(java(Path.of(System.getProperty("java.home"))));
        command.addAll(words);
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(folder.resolve(prefix + "out").toFile())
                .redirectError(folder.resolve(prefix + "err").toFile())
                .start();
        return new Recording(folder, trace, prefix, process);
    }

    /** How another Java runs iorewind with the class path of this one. */
    static List<String> java(Path home) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin").resolve("java").toString()));
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-") || argument.startsWith("-Diorewind")) {
                command.add(argument);
            }
        }
        if (version(home).compareTo(FIRST_JAVA_WITH_WARNING) >= 0) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return command;
    }

    /** Two digits for every Java that iorewind runs on. */
    static String version(Path home) throws IOException {
        return Files.readAllLines(home.resolve("release")).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .map(line -> line.replaceAll("[^0-9.]", "").split("\\.", -1)[0])
                .findFirst()
                .orElse("0");
    }

    Path trace() {
        return trace;
    }

    Process recorder() {
        return recorder;
    }

    /** The QEMU that the recorder started: remembered, since an orphan has no parent to ask. */
    ProcessHandle qemu() {
        if (qemu.isEmpty()) {
            qemu = recorder.descendants()
                    .filter(child -> child.info().commandLine().orElse("").contains("qemu-system-x86_64"))
                    .filter(child -> child.info().commandLine().orElse("").contains(folder.toString()))
                    .findFirst();
        }
        return qemu.orElseThrow(() -> new AssertionError("the recorder has no QEMU: " + messages()));
    }

    /** Waits until the guest has said something on its console. */
    void awaitConsole(String text) throws InterruptedException {
        await("the guest says " + text, () -> console().contains(text) || !recorder.isAlive());
        assertThat(console()).as("console; the recorder says: %s", messages()).contains(text);
    }

    /** Waits until the recorder has said something. */
    void awaitMessage(String text) throws InterruptedException {
        await("the recorder says " + text, () -> messages().contains(text) || !recorder.isAlive());
        assertThat(messages()).contains(text);
    }

    /** Waits for a condition that another process makes true; the test fails when it takes too long. */
    void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_S);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("%s; console: %s, recorder: %s", what, console(), messages())
                    .isLessThan(end);
            // a file cannot be waited for; whichever process still lives ends the wait at once when it ends
            ProcessHandle other = recorder.isAlive() ? recorder.toHandle() : qemu();
            other.onExit()
                    .completeOnTimeout(other, LOOK_EVERY_MS, TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    /**
     * Waits for the recorder's end, unless the guest hangs: on a busy machine an emulated processor of several now and then waits
     * for a timer that never comes, whoever records it.
     *
     * @return whether the guest hangs
     */
    boolean guestHangs() throws InterruptedException {
        long since = System.nanoTime();
        while (recorder.isAlive() && System.nanoTime() - since < TimeUnit.SECONDS.toNanos(LONGEST_S)) {
            if (console().split(STALL, -1).length > STALLS) {
                return true;
            }
            recorder.waitFor(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        }
        return false;
    }

    /** Waits for the recorder's end and returns its exit code. */
    int end() throws InterruptedException {
        assertThat(recorder.waitFor(LONGEST_S, TimeUnit.SECONDS))
                .as("the recorder ends; console: %s", console())
                .isTrue();
        return recorder.exitValue();
    }

    /** What the guest has printed so far. */
    String console() {
        return read("console");
    }

    /** What the recorder, and QEMU, have said so far. */
    String messages() {
        return read(prefix + "out") + read(prefix + "err");
    }

    /** The socket of QEMU's monitor that the recorder has made. */
    Path monitor() {
        String line = qemu().info().commandLine().orElse("");
        Matcher socket = MONITOR.matcher(line);
        assertThat(socket.find()).as(line).isTrue();
        return Path.of(socket.group(1));
    }

    private String read(String name) {
        try {
            Path file = folder.resolve(name);
            return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Sends a signal to one process. */
    static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Override
    public void close() {
        qemu.ifPresent(ProcessHandle::destroyForcibly);
        recorder.descendants().forEach(ProcessHandle::destroyForcibly);
        recorder.destroyForcibly();
    }
}
