package org.iorewind.analyze.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What a page carries: our style sheet and script, and uPlot, which draws the timeline. uPlot comes from its jar as its
 * author made it; its licence (MIT) asks that its text goes along, so it stands in the page too. Stateless.
 */
final class PageAssets {
    /** As the version in the root pom. */
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";

    private PageAssets() {}

    /** The style sheet. */
    static String style() {
        return read(UPLOT + "dist/uPlot.min.css") + "\n" + read("report.css");
    }

    /** The script: uPlot with its licence, then ours. */
    static String script() {
        return "/*\n" + read(UPLOT + "LICENSE") + "*/\n" + read(UPLOT + "dist/uPlot.iife.min.js") + "\n"
                + read("timeline.js");
    }

    /** The style sheet's hash as a content security policy names it. */
    static String styleHash() {
        return hash(style());
    }

    /** The script's hash as a content security policy names it. */
    static String scriptHash() {
        return hash(script());
    }

    private static String read(String name) {
        try (InputStream in = PageAssets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing on the class path: the distribution is incomplete");
            }
            // A browser hashes what it parsed, in which every line ends in \n.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read from its jar", e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
