package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    private static final String[] COMMANDS = {
        "demo", "import", "seal", "export", "describe", "dump", "check", "replay", "report", "help"
    };

    @TempDir
    private Path dir;

    @Test
    void withoutArgumentsItTeachesByExamples() {
        CommandRun run = CommandRun.of().expect(ExitCode.OK);
        assertThat(run.out()).contains("iorewind demo", "iorewind import qemu-log qemu.trace -o boot.iorw");
        assertThat(run.out()).contains(COMMANDS);
        assertThat(run.out())
                .isEqualTo(CommandRun.of("help").out())
                .isEqualTo(CommandRun.of("--help").out());
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "import", "seal", "export", "describe", "dump", "check", "replay", "report"})
    void everyCommandHasHelpInBothWays(String command) {
        String help = CommandRun.of("help", command).expect(ExitCode.OK).out();
        assertThat(help).contains("Usage: iorewind " + command, "--stacktrace");
        assertThat(CommandRun.of(command, "--help").expect(ExitCode.OK).out()).isEqualTo(help);
    }

    @Test
    void helpKnowsCommandsOfTwoWords() {
        assertThat(CommandRun.of("help", "import", "qemu-log")
                        .expect(ExitCode.OK)
                        .out())
                .contains("Usage: iorewind import qemu-log", "-o=TRACE");
    }

    @Test
    void helpForACommandThatIsNoneSaysWhichThereAre() {
        assertThat(CommandRun.of("help", "reply").expect(ExitCode.USAGE).err())
                .contains("no such command: reply", "replay");
    }

    @Test
    void theVersionNamesTheProgramAndJava() {
        assertThat(CommandRun.of("--version").expect(ExitCode.OK).out())
                .startsWith("iorewind ")
                .contains("Java ");
    }

    @Test
    void aMissingParameterIsNamed() {
        CommandRun run = CommandRun.of("replay").expect(ExitCode.USAGE);
        assertThat(run.err()).contains("TRACE", "See: iorewind help replay");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aMissingSubcommandIsNamed() {
        assertThat(CommandRun.of("import").expect(ExitCode.USAGE).err()).contains("See: iorewind help import");
    }

    @Test
    void anUnknownOptionIsNamed() {
        assertThat(CommandRun.of("describe", "--jsno", "x")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--jsno");
    }

    @Test
    void anUnknownProfileSaysWhichThereAre() {
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        assertThat(CommandRun.of("replay", trace, "--profile", "intel")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("expected one of spec, qemu-7.2, qemu-10.0, qemu-11.1, found: intel");
    }

    @Test
    void theSpecificationIsNoRecordedDevice() throws IOException {
        Path log = Files.writeString(dir.resolve("a.log"), "");
        assertThat(CommandRun.of("import", "qemu-log", log, "-o", dir.resolve("x.iorw"), "--profile", "spec")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("one of qemu-7.2, qemu-10.0, qemu-11.1, found: spec");
    }

    @Test
    void anEmptyNameIsSaidToBeEmpty() {
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        assertThat(CommandRun.of("replay", "").expect(ExitCode.USAGE).err()).contains("empty name");
        assertThat(CommandRun.of("seal", trace, "-o", "").expect(ExitCode.USAGE).err())
                .contains("-o", "empty name");
        assertThat(CommandRun.of("import", "jsonl", "", "-o", dir.resolve("x"))
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("empty name");
    }

    @Test
    void aMistypedCommandSaysWhichThereAre() {
        assertThat(CommandRun.of("reply", "x").expect(ExitCode.USAGE).err())
                .contains("no such command: reply", "describe, dump, check, replay", "Did you mean: replay?");
        assertThat(CommandRun.of("import").expect(ExitCode.USAGE).err())
                .contains("expected one of qemu-log, ", "jsonl");
    }

    @Test
    void anOptionBeforeItsCommandIsSaidToBelongBehindIt() {
        assertThat(CommandRun.of("--json", "replay", "x").expect(ExitCode.USAGE).err())
                .contains("iorewind replay TRACE --json");
    }

    @Test
    void aWordThatIsNoNumberIsNamedInPlainWords() {
        assertThat(CommandRun.of("dump", "x", "--limit", "abc")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("expected a whole number, found: abc")
                .doesNotContain("long");
    }

    @Test
    void aLongFilterIsNotRepeatedInFull() {
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        CommandRun run = CommandRun.of("dump", trace, "--filter", "kind == 'x' && ".repeat(200))
                .expect(ExitCode.USAGE);
        assertThat(run.err().lines()).hasSizeLessThan(12).allMatch(line -> line.length() < 300);
        assertThat(run.err()).doesNotContain("Fields: ");
    }

    @Test
    void anEmptyFilterIsWrongUsage() {
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        assertThat(CommandRun.of("dump", trace, "--filter", "")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--filter", "found nothing");
    }

    @Test
    void aFilterThatIsNoExpressionIsWrongUsage() {
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        CommandRun run = CommandRun.of("dump", trace, "--filter", "kind ==").expect(ExitCode.USAGE);
        assertThat(run.err()).contains("--filter");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aRangeThatIsNoneIsWrongUsage() {
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        CommandRun.of("dump", trace, "--from", "5", "--to", "4").expect(ExitCode.USAGE);
        CommandRun.of("dump", trace, "--from", "-1").expect(ExitCode.USAGE);
        CommandRun.of("dump", trace, "--limit", "many").expect(ExitCode.USAGE);
    }

    @Test
    void aReportNeedsSomewhereToGo() {
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        assertThat(CommandRun.of("report", trace).expect(ExitCode.USAGE).err()).contains("-o FILE", "--json");
    }

    @Test
    void anArchiveHasItsSuffix() {
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        assertThat(CommandRun.of("seal", trace, "-o", dir.resolve("b.zip"))
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("ends in .iorw");
    }

    @Test
    void nothingIsOverwrittenUnlessForced() {
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        Path copy = dir.resolve("b.iorw");
        CommandRun.of("seal", trace, "-o", copy).expect(ExitCode.OK);
        assertThat(CommandRun.of("seal", trace, "-o", copy)
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--force");
        CommandRun.of("seal", trace, "-o", copy, "--force").expect(ExitCode.OK);
        CommandRun.of("check", copy).expect(ExitCode.OK);
    }
}
