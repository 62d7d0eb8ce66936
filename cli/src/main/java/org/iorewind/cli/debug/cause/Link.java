package org.iorewind.cli.debug.cause;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An event in a chain of causes.
 *
 * @param sequence of the event
 * @param role what it has to do with the matter
 * @param event as {@code dump} prints it
 * @param detail what it changed, or empty
 * @param during the driver call inside of which it happened, or empty
 */
record Link(long sequence, String role, String event, String detail, String during) {
    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("sequence", sequence);
        tree.put("role", role);
        tree.put("event", event.strip());
        tree.put("detail", detail);
        tree.put("during", during);
        return tree;
    }
}
