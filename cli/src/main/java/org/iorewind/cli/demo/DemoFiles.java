package org.iorewind.cli.demo;

import java.nio.file.Path;

/**
 * What a demo made.
 *
 * @param log the recording
 * @param journal imported from it
 * @param archive sealed from that
 * @param report made of that
 */
public record DemoFiles(Path log, Path journal, Path archive, Path report) {}
