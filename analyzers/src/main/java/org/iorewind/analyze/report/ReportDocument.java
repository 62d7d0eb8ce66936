package org.iorewind.analyze.report;

import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.document.Document;

/** What a report says of an analysis, apart from the form that it is given. Bounded whatever the analysis holds. Stateless. */
public final class ReportDocument {
    private ReportDocument() {}

    /** The report: verdict, faults, rules, performance, costs, time, comparison, session, commands. */
    public static Document of(Analysis analysis) {
        Headline headline = Headline.of(analysis);
        return new Document(
                headline.title(),
                fileName(analysis.tracePath()),
                analysis.replay().stateHash(),
                List.of(
                        VerdictSection.of(analysis, headline),
                        FaultSection.of(analysis),
                        RuleSection.of(analysis),
                        PerformanceSection.of(analysis),
                        CostSection.of(analysis),
                        MixSection.of(analysis),
                        ComparisonSection.of(analysis),
                        SessionSection.of(analysis),
                        CommandSection.of(analysis)));
    }

    /** A reader elsewhere has no use for the folder, which the commands and the table of the session name. */
    private static String fileName(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
    }
}
