package org.iorewind.analyze.report;

import java.io.IOException;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.text.ShellWord;

/** How to get every statement of the report again, on the command line. */
final class CommandSection {
    /** Faults that get a command of their own. */
    private static final int FAULTS = 10;

    /** Events shown around a fault. */
    private static final int AROUND = 10;

    private CommandSection() {}

    static void write(HtmlWriter html, Analysis analysis) throws IOException {
        String trace = ShellWord.quote(analysis.tracePath());
        html.line("<section id=\"commands\" aria-labelledby=\"commands-title\">");
        html.line("<h2 id=\"commands-title\">See it yourself</h2>");
        html.line("<p>Every statement above comes from the trace and can be had again:</p>");
        html.tableHead("Commands", "Statement", "Command");
        command(html, "session, fidelity, contract, counts", "iorewind describe " + trace);
        command(html, "no byte of the trace is damaged", "iorewind check " + trace);
        command(
                html,
                "comparison, divergences, faults, state hash",
                "iorewind replay " + trace + " --profile "
                        + ShellWord.quote(analysis.replay().profile()));
        command(html, "what hardware would have done", "iorewind replay " + trace + " --profile spec");
        int number = 0;
        for (FaultExplanation fault : analysis.faults()) {
            if (number++ == FAULTS) {
                break;
            }
            long from = Math.max(0, fault.sequence() - AROUND);
            command(
                    html,
                    "events around fault " + number,
                    "iorewind dump " + trace + " --from " + from + " --to " + (fault.sequence() + AROUND));
        }
        command(html, "this report as data", "iorewind report " + trace + " --json");
        html.tableEnd();
        html.line("</section>");
    }

    private static void command(HtmlWriter html, String statement, String command) throws IOException {
        html.raw("<tr>").element("th scope=\"row\"", statement).raw("<td>");
        html.element("code class=\"command\"", command).line("</td></tr>");
    }
}
