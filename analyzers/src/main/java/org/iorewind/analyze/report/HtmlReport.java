package org.iorewind.analyze.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.iorewind.analyze.Analysis;

/**
 * Writes an analysis as one HTML file that needs nothing else: no script, no network, no font, no image. Its content
 * security policy allows exactly one thing, the style sheet inside it, by its hash. The same analysis gives the same
 * bytes, and the size is bounded whatever the analysis holds.
 *
 * <p>Stateless and thread-safe.
 */
public final class HtmlReport {
    private HtmlReport() {}

    /**
     * Writes the whole document.
     *
     * @param analysis what to show
     * @param out takes the characters; to be encoded as UTF-8
     * @throws IOException from {@code out}
     */
    public static void write(Analysis analysis, Appendable out) throws IOException {
        HtmlWriter html = new HtmlWriter(out);
        Headline headline = Headline.of(analysis);
        head(html, analysis, headline);
        html.line("<body><a class=\"skip\" href=\"#verdict\">Skip to the verdict</a>");
        html.raw("<header class=\"top\"><p class=\"brand\">iorewind <span>report</span></p>");
        html.element("p class=\"path\"", analysis.tracePath()).line("</header>");
        html.line("<main>");
        VerdictSection.write(html, analysis, headline);
        html.line("<nav aria-label=\"Sections\"><ul><li><a href=\"#faults\">Faults</a></li>"
                + "<li><a href=\"#rules\">Rules</a></li>"
                + "<li><a href=\"#performance\">Performance</a></li>"
                + "<li><a href=\"#mix\">Events over time</a></li>"
                + "<li><a href=\"#comparison\">Recording against model</a></li>"
                + "<li><a href=\"#session\">Session</a></li>"
                + "<li><a href=\"#commands\">See it yourself</a></li></ul></nav>");
        FaultSection.write(html, analysis);
        RuleSection.write(html, analysis);
        PerformanceSection.write(html, analysis);
        MixSection.write(html, analysis);
        ComparisonSection.write(html, analysis.replay());
        SessionSection.write(html, analysis.replay());
        CommandSection.write(html, analysis);
        html.line("</main>");
        html.raw("<footer><p>Made by iorewind from one trace. State hash after the last input: ");
        html.element("code", analysis.replay().stateHash()).line("</p></footer>");
        html.line("</body></html>");
    }

    private static void head(HtmlWriter html, Analysis analysis, Headline headline) throws IOException {
        String css = styleSheet();
        html.line("<!DOCTYPE html>");
        html.line("<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
        html.raw(hash(css)).line("'; base-uri 'none'; form-action 'none'\">");
        html.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.line(
                "<meta name=\"referrer\" content=\"no-referrer\"><meta name=\"color-scheme\" content=\"light dark\">");
        html.element("title", headline.title() + " - " + analysis.tracePath()).line("");
        // Nothing may stand between the tags but the sheet itself: the policy's hash covers every byte of it.
        html.raw("<style>").raw(css).line("</style>");
        html.line("</head>");
    }

    private static String styleSheet() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("report.css is missing beside HtmlReport: the jar is incomplete");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("report.css cannot be read from the jar", e);
        }
    }

    private static String hash(String css) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(css.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
