package org.iorewind.analyze.gate;

import java.io.IOException;
import org.iorewind.analyze.text.PlainText;

/** A gate's result as JUnit XML: a test case for each comparison. Stateless. */
public final class JUnitReport {
    private JUnitReport() {}

    /**
     * Writes the document.
     *
     * @param out takes the characters; to be encoded as UTF-8
     * @throws IOException from {@code out}
     */
    public static void write(GateResult result, Appendable out) throws IOException {
        out.append(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"iorewind check-regression\" tests=\"");
        out.append(Integer.toString(result.checks().size())).append("\" failures=\"");
        out.append(Integer.toString(result.regressions().size())).append("\" errors=\"0\" skipped=\"0\">\n");
        for (Check check : result.checks()) {
            out.append("  <testcase classname=\"").append(escaped(result.now())).append("\" name=\"");
            out.append(escaped(check.name())).append('"');
            if (check.isExceeded()) {
                out.append(">\n    <failure type=\"regression\" message=\"").append(escaped(check.sentence()));
                out.append("\"/>\n  </testcase>\n");
            } else {
                out.append("/>\n");
            }
        }
        out.append("</testsuite>\n");
    }

    private static String escaped(String text) {
        return PlainText.clean(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
