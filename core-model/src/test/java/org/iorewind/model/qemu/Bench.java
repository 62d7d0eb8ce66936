package org.iorewind.model.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Keeps a QEMU running, and starts another when one is lost. Not thread-safe. */
final class Bench implements AutoCloseable {
    private final QemuBinary binary;
    private final Path folder;
    private final ModelMachine model;
    private final Coverage coverage = new Coverage();
    private Optional<QemuMachine> qemu = Optional.empty();
    private int started;

    Bench(QemuBinary binary, Path folder) {
        this.binary = binary;
        this.folder = folder;
        this.model = new ModelMachine(binary.profile());
    }

    /** Runs a program on both machines; a QEMU that is lost meanwhile is a difference too. */
    Optional<Comparison.Difference> run(List<Step> program) {
        try {
            return new Comparison(model, running(), coverage).run(program);
        } catch (QemuLostException e) {
            close();
            return Optional.of(new Comparison.Difference(program.size(), e.getMessage()));
        }
    }

    private QemuMachine running() {
        if (qemu.isEmpty()) {
            try {
                qemu = Optional.of(new QemuMachine(binary, Files.createDirectory(folder.resolve("qemu-" + started++))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return qemu.get();
    }

    /** What the machines agreed on so far, and how often. */
    SortedMap<String, Integer> coverage() {
        return coverage.counts();
    }

    @Override
    public void close() {
        qemu.ifPresent(QemuMachine::close);
        qemu = Optional.empty();
    }
}
