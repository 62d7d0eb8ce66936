package org.iorewind.record.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.record.ImportCounts;
import org.iorewind.record.ImportResult;
import org.iorewind.record.text.TextLines;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.Progress;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;

/** A list of requests as a bus analyser may print them. */
public final class DmaListImporter implements Importer {
    private static final String CONTRACT = "Requests of devices only: neither their answers nor any table.";
    private static final Pattern LINE = Pattern.compile("(\\d{1,18}) ([0-9a-f]{1,4}) (read|write) ([0-9a-f]{1,16})");

    @Override
    public String name() {
        return "dma-list";
    }

    @Override
    public String header() {
        return "Import a list of DMA requests: time in ns, device, read or write, address.";
    }

    @Override
    public String expects() {
        return "a list of DMA requests";
    }

    @Override
    public ImportResult read(List<Path> files, EventAppender appender, Progress progress) {
        EventWriter writer = new EventWriter(appender);
        ImportCounts counts = new ImportCounts();
        writer.sessionStart(new SessionInfo(
                0, 1, Fidelity.LOG, StartState.UNKNOWN, 1, 0, 0, 0, 0, 0, 0, "spec", "import dma-list", "", CONTRACT));
        long events = 1;
        try (TextLines lines = new TextLines(files)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                Matcher request = LINE.matcher(line);
                if (request.matches()) {
                    DmaAccess access = request.group(3).equals("read") ? DmaAccess.READ : DmaAccess.WRITE;
                    int device = Integer.parseInt(request.group(2), 16);
                    long address = Long.parseUnsignedLong(request.group(4), 16);
                    writer.at(Long.parseLong(request.group(1)))
                            .dmaRequest(access, device, address, 0, EventWriter.NO_PASID);
                    events++;
                } else {
                    counts.unparsed(lines.place(), line);
                }
            }
            writer.sessionEnd(EndReason.SOURCE_ENDED, "end of the list");
            return counts.result(lines.lines(), events + 1, "spec", CONTRACT);
        }
    }
}
