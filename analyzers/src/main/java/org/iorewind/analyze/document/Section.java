package org.iorewind.analyze.document;

import java.util.List;

/**
 * A part of a document.
 *
 * @param id its place in the document: small letters and hyphens
 * @param name short, for the list of sections; empty if it does not stand there
 * @param title its heading
 * @param tone of the whole; only the verdict has one
 * @param blocks in order
 * @param room bytes that it may take in a form with a limit; what does not fit is left out, and counted
 * @param commands that give its statements again; empty if each statement has its own
 */
public record Section(
        String id, String name, String title, Tone tone, int room, List<Block> blocks, List<String> commands) {
    /** Copies blocks and commands. */
    public Section {
        blocks = List.copyOf(blocks);
        commands = List.copyOf(commands);
    }

    /** Whether this is the verdict, which stands first and has the document's main heading. */
    boolean isVerdict() {
        return tone != Tone.PLAIN;
    }
}
