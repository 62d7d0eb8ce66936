package org.iorewind.analyze.document;

import java.util.List;

/**
 * A whole report. The first section is the verdict.
 *
 * @param title of the document
 * @param path of what it reports on
 * @param stateHash after the last input
 * @param sections in order
 */
public record Document(String title, String path, String stateHash, List<Section> sections) {
    /** Copies the sections. */
    public Document {
        sections = List.copyOf(sections);
    }
}
