package org.iorewind.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.EventMix;
import org.iorewind.analyze.cost.CostWatcher;
import org.iorewind.analyze.document.HtmlDocument;
import org.iorewind.analyze.performance.PerformanceWatcher;
import org.iorewind.analyze.rule.RuleReport;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    private static final Pattern TAG = Pattern.compile("<(/?)([a-z0-9]+)((?:\\s[^<>]*)?)>");
    private static final Set<String> VOID = Set.of("meta", "br", "path");

    @Test
    void theSameAnalysisGivesTheSameBytes() throws IOException {
        assertThat(html(SampleAnalysis.typical())).isEqualTo(html(SampleAnalysis.typical()));
    }

    @Test
    void theVerdictStandsBeforeEverythingElse() throws IOException {
        String html = html(SampleAnalysis.typical());
        assertThat(html.indexOf("2 faults in 5 refused requests, from 2 devices</h1>"))
                .isPositive()
                .isLessThan(html.indexOf("id=\"faults\""));
    }

    @Test
    void aHostileStringNeverBecomesMarkup() throws IOException {
        String html = html(SampleAnalysis.hostile());
        assertThat(withoutAssets(html)).doesNotContain("<script>", "<img", "onerror=y>", "\u001b", "\u202e");
        assertThat(html).contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
        assertThat(html.split("</title>")).as("the document's title").hasSize(2);
    }

    @Test
    void hostileAndCleanReportsHaveWellFormedTags() throws IOException {
        assertTagsAreBalanced(html(SampleAnalysis.typical()));
        assertTagsAreBalanced(html(SampleAnalysis.hostile()));
        assertTagsAreBalanced(html(SampleAnalysis.clean()));
        assertTagsAreBalanced(html(SampleAnalysis.huge(60)));
    }

    @Test
    void thePolicyAllowsOnlyTheStyleSheetAndTheScriptInside() throws IOException, NoSuchAlgorithmException {
        String html = html(SampleAnalysis.typical());
        assertThat(html)
                .contains("content=\"default-src 'none'; style-src '" + hash(html, "style") + "'; script-src '"
                        + hash(html, "script") + "'; base-uri 'none'; form-action 'none'\"");
        assertThat(withoutAssets(html))
                .doesNotContain(" style=\"", "<link", "<img", "http://", "https://", "url(", "@import", " onclick");
    }

    @Test
    void theLicenceOfWhatIsInsideGoesAlong() throws IOException {
        assertThat(html(SampleAnalysis.clean())).contains("The MIT License (MIT)", "Leon Sorokin");
    }

    @Test
    void dataForTheTimelineIsNoMarkup() throws IOException {
        String html = html(SampleAnalysis.hostile());
        Matcher data = Pattern.compile("id=\"timeline-data\">(.*?)</script>", Pattern.DOTALL)
                .matcher(html);
        assertThat(data.find()).isTrue();
        assertThat(data.group(1)).doesNotContain("<", "&", "'").contains("\\u003cscript\\u003e");
    }

    private static String hash(String html, String tag) throws NoSuchAlgorithmException {
        Matcher content = Pattern.compile("<" + tag + ">(.*?)</" + tag + ">", Pattern.DOTALL)
                .matcher(html);
        assertThat(content.find()).isTrue();
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(content.group(1).getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }

    private static String withoutAssets(String html) {
        return html.replaceFirst("(?s)<style>.*?</style>", "").replaceFirst("(?s)<script>.*?</script>", "");
    }

    @Test
    void everyIdIsThereOnceAndEveryLinkLeadsToOne() throws IOException {
        String html = html(SampleAnalysis.huge(60));
        Set<String> ids = new HashSet<>();
        Matcher id = Pattern.compile(" id=\"([^\"]*)\"").matcher(html);
        while (id.find()) {
            assertThat(ids.add(id.group(1))).as(id.group(1)).isTrue();
        }
        Matcher link = Pattern.compile("(?:href=\"#|aria-labelledby=\"|aria-describedby=\")([^\"]*)\"")
                .matcher(html);
        while (link.find()) {
            assertThat(ids).contains(link.group(1).split(" "));
        }
    }

    @Test
    void tablesCanBeReadAloud() throws IOException {
        String html = html(SampleAnalysis.typical());
        assertThat(html.split("<table>")).hasSameSizeAs(html.split("<caption "));
        assertThat(html.split("<th ")).hasSameSizeAs(html.split("<th scope="));
    }

    @Test
    void theSizeIsBoundedWhateverTheAnalysisHolds() throws IOException {
        String html = html(SampleAnalysis.huge(5_000));
        assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThan(2_000_000);
        assertThat(html).contains("4,960 more events not shown", "would make the page too large");
        assertThat(html).as("what comes behind is there all the same").contains("<blockquote><p>Every register write");
        assertTagsAreBalanced(html);
    }

    @Test
    void everyStatementHasItsCommand() throws IOException {
        assertThat(html(SampleAnalysis.clean()))
                .contains("iorewind check &#39;clean boot.iorw&#39;", "iorewind replay &#39;clean boot.iorw&#39;");
        assertThat(html(SampleAnalysis.typical())).contains("iorewind dump fault.iorw --from 26402 --to 26422");
    }

    @Test
    void theContractIsQuoted() throws IOException {
        assertThat(html(SampleAnalysis.typical()))
                .contains("<blockquote><p>Every register write and every store to IOMMU tables is in the trace");
    }

    @Test
    void anEmptyMixIsSaidInWords() throws IOException {
        Analysis all = SampleAnalysis.clean();
        Analysis empty = new Analysis(
                all.tracePath(),
                all.replay(),
                all.faults(),
                RuleReport.none(),
                new PerformanceWatcher().result(List.of(), List.of()),
                new CostWatcher().table(),
                new EventMix(0, 1, 0, List.of()),
                List.of());
        assertThat(html(empty))
                .contains("The trace holds no events to draw.")
                .doesNotContain("<svg class=\"drawing\"", "id=\"timeline\"");
    }

    private static void assertTagsAreBalanced(String html) {
        Deque<String> open = new ArrayDeque<>();
        Matcher tag = TAG.matcher(withoutAssets(html));
        while (tag.find()) {
            String name = tag.group(2);
            if (tag.group(1).isEmpty()) {
                if (!VOID.contains(name)) {
                    open.push(name);
                }
            } else {
                assertThat(open.pop()).as("before " + tag.start()).isEqualTo(name);
            }
        }
        assertThat(open).isEmpty();
    }

    private static String html(Analysis analysis) throws IOException {
        StringBuilder html = new StringBuilder();
        HtmlDocument.write(ReportDocument.of(analysis), html);
        return html.toString();
    }
}
