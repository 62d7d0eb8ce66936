package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.iorewind.samples.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens reports from disk in a real browser. Skipped by name where there is no Chromium, except in CI.
 *
 * <p>The picture in {@code docs} is taken here: {@code mvn -pl cli -am test -Dtest=ReportInBrowserTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Diorewind.picture=docs/report.png}.
 */
class ReportInBrowserTest {
    @TempDir
    Path folder;

    @Test
    void theReportOfTheFaultCaptureCanBeLookedInto() throws IOException, InterruptedException {
        Path html = captureReport();
        try (Chromium browser = browser(html)) {
            assertThat(browser.value("document.documentElement.className")).isEqualTo("script");
            assertThat(browser.value("document.querySelectorAll('#timeline canvas').length"))
                    .isEqualTo("1");
            theKeyboardZooms(browser);
            theMouseZooms(browser);
            theChainExpands(browser);
            theCommandNamesTheSpanInSight(browser);
            paperHasTheDrawingInstead(browser);
            picture(browser);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void hostileStringsStayTextInABrowserToo() throws IOException, InterruptedException {
        Path trace = SmallTrace.write(folder.resolve("hostile.iorw"));
        Path html = folder.resolve("hostile.html");
        CommandRun.of("report", trace, "-o", html);
        try (Chromium browser = browser(html)) {
            assertThat(browser.value("document.scripts.length")).isEqualTo("2");
            assertThat(browser.value("document.querySelectorAll('img, iframe, object, link').length"))
                    .isEqualTo("0");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void thePageNamesTheTraceAndNotWhereItLies() throws IOException, InterruptedException {
        String html = Files.readString(captureReport());
        assertThat(html).contains("<p class=\"path\">fault.iorw</p>", "iorewind dump fault.iorw --filter");
        assertThat(html).doesNotContain(folder.toString());
    }

    /** Landmarks, headings, names and contrast (WCAG 2.2, 1.3.1, 1.4.3, 2.4.6, 4.1.2), in light, in the dark and on paper. */
    @Test
    void whoHearsThePageOrNeedsContrastCanUseIt() throws IOException, InterruptedException {
        String audit;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("audit.js"))) {
            audit = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        try (Chromium browser = browser(captureReport())) {
            browser.value("document.querySelectorAll('details').forEach(function (each) { each.open = true; })");
            for (String type : List.of("screen", "print")) {
                for (boolean dark : new boolean[] {false, true}) {
                    browser.media(type, dark);
                    assertThat(browser.value(audit))
                            .as(type + (dark ? ", dark" : ", light"))
                            .isEmpty();
                }
            }
            browser.value("document.querySelector('main').insertAdjacentHTML('beforeend',"
                    + " '<h2>a</h2><h5>b</h5><button></button><p id=\"mix\">c</p>')");
            assertThat(browser.value(audit))
                    .as("it can find something")
                    .contains("h5 after h2", "no name", "twice: mix");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** Everything that acts can be reached by Tab, in the order in which it stands. */
    @Test
    void theKeyboardReachesWhatActs() throws IOException, InterruptedException {
        try (Chromium browser = browser(captureReport())) {
            String order = "Array.from(document.querySelectorAll('a[href], button, input, summary, [tabindex]'))"
                    + ".filter(function (each) { return each.offsetParent !== null && each.tabIndex !== 0; }).length";
            assertThat(browser.value(order))
                    .as("none is left out, none jumps the queue")
                    .isEqualTo("0");
            browser.value("document.body.focus()");
            browser.key("Tab", "");
            assertThat(browser.value("document.activeElement.className")).isEqualTo("skip");
        }
    }

    @Test
    void inTheDarkThePageIsDark() throws IOException, InterruptedException {
        try (Chromium browser = browser(captureReport())) {
            browser.media("screen", true);
            assertThat(browser.value("getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo("rgb(17, 21, 27)");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static double number(Chromium browser, String expression) throws InterruptedException {
        return Double.parseDouble(browser.value(expression));
    }

    private static double length(Chromium browser) throws InterruptedException {
        String box = "document.getElementById('timeline').dataset";
        return number(browser, box + ".to - " + box + ".from");
    }

    private static void theKeyboardZooms(Chromium browser) throws InterruptedException {
        double all = length(browser);
        browser.value("document.getElementById('timeline-plot').focus()");
        browser.key("+", "+");
        assertThat(length(browser)).isCloseTo(all / 2, within(all));
        browser.key("+", "+");
        assertThat(length(browser)).isCloseTo(all / 4, within(all));
        double from = number(browser, "document.getElementById('timeline').dataset.from");
        browser.key("ArrowRight", "");
        assertThat(number(browser, "document.getElementById('timeline').dataset.from"))
                .isGreaterThan(from);
        browser.key("-", "-");
        assertThat(length(browser)).isCloseTo(all / 2, within(all));
        browser.key("0", "0");
        assertThat(length(browser)).isCloseTo(all, within(all));
    }

    private static Offset<Double> within(double all) {
        return Offset.offset(all / 1000);
    }

    private static void theMouseZooms(Chromium browser) throws InterruptedException {
        browser.value("document.getElementById('timeline-plot').scrollIntoView({block: 'center'})");
        double all = length(browser);
        String over = "document.querySelector('#timeline .u-over').getBoundingClientRect()";
        int left = (int) number(browser, over + ".left");
        int width = (int) number(browser, over + ".width");
        int middle = (int) number(browser, over + ".top + " + over + ".height / 2");
        browser.drag(left + width / 4, middle, left + width / 2, middle);
        assertThat(length(browser)).isBetween(all / 5, all / 3);
        browser.value("document.querySelector('#timeline button[data-do=all]').click()");
        assertThat(length(browser)).isCloseTo(all, within(all));
    }

    private static void theChainExpands(Chromium browser) throws InterruptedException {
        String chain = "document.querySelectorAll('#fault-1 details')[0]";
        assertThat(browser.value(chain + ".querySelector('.chain') !== null")).isEqualTo("true");
        boolean open = "true".equals(browser.value(chain + ".open"));
        browser.value(chain + ".querySelector('summary').scrollIntoView({block: 'center'})");
        String place = chain + ".querySelector('summary').getBoundingClientRect()";
        browser.click((int) number(browser, place + ".left + 30"), (int) number(browser, place + ".top + 8"));
        assertThat(browser.value(chain + ".open")).isEqualTo(Boolean.toString(!open));
        browser.click((int) number(browser, place + ".left + 30"), (int) number(browser, place + ".top + 8"));
        assertThat(browser.value(chain + ".open")).isEqualTo(Boolean.toString(open));
        assertThat(number(browser, chain + ".querySelector('.chain').offsetHeight"))
                .isGreaterThan(20);
    }

    private static void theCommandNamesTheSpanInSight(Chromium browser) throws InterruptedException {
        assertThat(browser.value("document.getElementById('timeline-command').textContent"))
                .startsWith("iorewind dump ")
                .matches(".*--filter 'timeNs >= \\d+ && timeNs <= \\d+'");
        assertThat(browser.value("document.getElementById('timeline-shown').textContent"))
                .contains("events", "Translation ");
    }

    private static void paperHasTheDrawingInstead(Chromium browser) throws InterruptedException {
        browser.media("print", false);
        assertThat(browser.value("getComputedStyle(document.getElementById('timeline')).display"))
                .isEqualTo("none");
        browser.media("screen", false);
        assertThat(browser.value("getComputedStyle(document.getElementById('timeline')).display"))
                .isEqualTo("block");
    }

    private static void picture(Chromium browser) throws IOException, InterruptedException {
        String name = System.getProperty("iorewind.picture", "");
        if (!name.isEmpty()) {
            browser.value("document.getElementById('mix').scrollIntoView()");
            Files.write(Path.of("..", name), browser.picture());
        }
    }

    private static Chromium browser(Path html) throws IOException, InterruptedException {
        Optional<Path> program = Chromium.program();
        boolean ci = "true".equals(System.getenv("CI"));
        assertThat(program.isPresent() || !ci).as("CI has chromium").isTrue();
        assumeTrue(program.isPresent(), "no chromium on the PATH");
        return Chromium.open(program.orElseThrow(), html.toAbsolutePath());
    }

    /** Made in the folder itself, so that the page names files as a user does who stands there. */
    private Path captureReport() throws IOException, InterruptedException {
        Path log = Captures.named("q11-linux612-fault").orElseThrow().extractTo(folder);
        run(ExitCode.OK, "import", "qemu-log", log.getFileName().toString(), "-o", "fault.iorw");
        run(ExitCode.FOUND, "report", "fault.iorw", "-o", "fault.html");
        return folder.resolve("fault.html");
    }

    private void run(int expected, String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(ForkedProgram.command(List.of(), (Object[]) arguments))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isEqualTo(expected);
    }
}
