package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.EventMix;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.FaultExplanation.Happening;
import org.iorewind.analyze.RecordedGap;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.analyze.cost.CostTable;
import org.iorewind.analyze.cost.UnitCosts;
import org.iorewind.analyze.cost.UnitCostsReader;
import org.iorewind.analyze.report.CommandList;
import org.iorewind.analyze.report.Headline;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.analyze.rule.RuleReport;
import org.iorewind.analyze.rule.Where;
import org.iorewind.trace.schema.EventTable;

/** A whole analysis: the replay's result, what was concluded from it, and the event mix. */
public final class AnalysisJson {
    /** Slices of the event mix: enough to see when things happened, few enough to read. */
    private static final int MIX_SLICES = 120;

    private AnalysisJson() {}

    /**
     * Writes the fields of an analysis into the document.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, Analysis analysis) throws IOException {
        JsonGenerator json = document.json();
        Headline headline = Headline.of(analysis);
        json.writeObjectFieldStart("verdict");
        document.text("outcome", headline.outcome().name().toLowerCase(Locale.ROOT));
        document.text("title", headline.title()).text("detail", headline.detail());
        document.texts("cautions", headline.cautions());
        json.writeEndObject();
        json.writeArrayFieldStart("findings");
        for (FaultExplanation fault : analysis.faults()) {
            finding(document, fault);
        }
        for (Finding finding : analysis.rules().findings()) {
            finding(document, finding);
        }
        json.writeEndArray();
        rules(document, analysis.rules());
        PerformanceJson.write(document, analysis.performance());
        costs(document, analysis.costs());
        json.writeObjectFieldStart("replay");
        ReplayJson.write(document, analysis.tracePath(), analysis.replay());
        json.writeEndObject();
        mix(document, analysis.mix().coarsened(MIX_SLICES));
        gaps(document, analysis);
        json.writeArrayFieldStart("commands");
        for (CommandList.Entry entry : CommandList.of(analysis)) {
            json.writeStartObject();
            document.text("statement", entry.statement()).text("command", entry.command());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void costs(JsonDocument document, CostTable table) throws IOException {
        UnitCosts weights = UnitCostsReader.builtIn();
        document.json().writeArrayFieldStart("costs");
        for (String operation : CostTable.order(List.of(table))) {
            document.json().writeStartObject();
            document.text("name", operation);
            CompareJson.row(document, weights, table.operations().getOrDefault(operation, new CostRow()));
            document.json().writeEndObject();
        }
        document.json().writeEndArray();
    }

    private static void gaps(JsonDocument document, Analysis analysis) throws IOException {
        JsonGenerator json = document.json();
        json.writeArrayFieldStart("gaps");
        for (RecordedGap gap : analysis.gaps()) {
            json.writeStartObject();
            document.number("sequence", gap.sequence()).number("timeNs", gap.timeNs());
            document.number("lost", gap.lost()).text("reason", gap.reason()).text("note", gap.note());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void finding(JsonDocument document, FaultExplanation fault) throws IOException {
        JsonGenerator json = document.json();
        json.writeStartObject();
        document.text("rule", fault.verdict().id()).text("severity", "error");
        document.number("firstSequence", fault.sequence()).number("lastSequence", fault.lastSequence());
        document.number("count", fault.count()).number("timeNs", fault.timeNs());
        document.number("iommu", fault.iommu()).text("device", fault.device());
        if (fault.pasid() >= 0) {
            document.number("pasid", fault.pasid());
        } else {
            json.writeNullField("pasid");
        }
        document.hex("firstAddress", fault.firstAddress()).hex("lastAddress", fault.lastAddress());
        document.text("access", fault.access());
        if (fault.domain() >= 0) {
            document.number("domain", fault.domain());
        } else {
            json.writeNullField("domain");
        }
        document.text("conclusion", fault.verdict().sentence()).text("summary", fault.summary());
        document.texts("flags", fault.flags()).texts("walk", fault.walk());
        json.writeArrayFieldStart("walkSteps");
        for (FaultExplanation.WalkStep step : fault.steps()) {
            json.writeStartObject();
            document.text("table", step.table()).hex("address", step.address());
            document.text("entry", step.entry()).text("meaning", step.meaning());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("history");
        for (Happening happening : fault.history()) {
            json.writeStartObject();
            document.number("sequence", happening.sequence()).number("timeNs", happening.timeNs());
            document.text("what", happening.what());
            json.writeEndObject();
        }
        json.writeEndArray();
        document.texts("cannotTell", fault.cannotTell()).texts("next", fault.next());
        json.writeEndObject();
    }

    private static void finding(JsonDocument document, Finding finding) throws IOException {
        JsonGenerator json = document.json();
        json.writeStartObject();
        document.text("rule", finding.rule().id())
                .text("severity", finding.severity().id());
        document.number("firstSequence", finding.firstSequence()).number("lastSequence", finding.lastSequence());
        document.number("count", finding.count()).number("timeNs", finding.timeNs());
        document.number("iommu", finding.where().iommu());
        if (finding.where().device() == Where.NONE) {
            json.writeNullField("device");
        } else {
            document.text("device", EventTable.bdf(finding.where().device()));
        }
        if (finding.where().domain() == Where.NONE) {
            json.writeNullField("domain");
        } else {
            document.number("domain", finding.where().domain());
        }
        document.text("conclusion", finding.rule().title()).text("summary", finding.summary());
        document.text("explanation", finding.rule().explanation());
        json.writeArrayFieldStart("evidence");
        for (Evidence evidence : finding.evidence()) {
            json.writeStartObject();
            document.number("sequence", evidence.sequence()).text("what", evidence.what());
            json.writeEndObject();
        }
        json.writeEndArray();
        document.text("remedy", finding.rule().remedy());
        json.writeEndObject();
    }

    private static void rules(JsonDocument document, RuleReport rules) throws IOException {
        JsonGenerator json = document.json();
        json.writeObjectFieldStart("rules");
        document.number("looked", rules.rules());
        document.counts("notKept", rules.notKept());
        json.writeArrayFieldStart("notJudged");
        for (var each : rules.notJudged().entrySet()) {
            json.writeStartObject();
            document.text("rule", each.getKey()).text("why", each.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void mix(JsonDocument document, EventMix mix) throws IOException {
        JsonGenerator json = document.json();
        json.writeObjectFieldStart("mix");
        document.number("startNs", mix.startNs())
                .number("sliceNs", mix.sliceNs())
                .number("slices", mix.slices());
        json.writeObjectFieldStart("counts");
        for (EventMix.Row row : mix.kinds()) {
            json.writeFieldName(row.kind());
            json.writeArray(row.counts(), 0, row.counts().length);
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
