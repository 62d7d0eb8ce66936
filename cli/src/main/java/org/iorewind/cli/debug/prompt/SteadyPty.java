package org.iorewind.cli.debug.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.spi.Pty;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jspecify.annotations.Nullable;

/**
 * A terminal whose mode and size are remembered, so that the program that tells and sets them is started only where something
 * changes. JLine asks for both several times a line, and a process takes tens of milliseconds to start.
 *
 * <p>Keys that send signals always do so, also where JLine would read them as characters: then the mode of the prompt serves
 * while a command runs, too. May be used by several threads.
 */
final class SteadyPty implements Pty {
    private final Pty real;
    private @Nullable Attributes mode;
    private @Nullable Size size;

    SteadyPty(Pty real) {
        this.real = real;
    }

    /** The window has another size now. */
    synchronized void forgetSize() {
        size = null;
    }

    /** Somebody else, to whom the terminal belonged meanwhile, may have changed its mode. */
    synchronized void setModeAgain() throws IOException {
        size = null;
        if (mode != null) {
            real.setAttr(mode);
        }
    }

    @Override
    public synchronized Attributes getAttr() throws IOException {
        Attributes known = mode;
        if (known == null) {
            known = real.getAttr();
            mode = known;
        }
        return new Attributes(known);
    }

    @Override
    public synchronized void setAttr(Attributes wanted) throws IOException {
        Attributes next = new Attributes(wanted);
        next.setLocalFlag(LocalFlag.ISIG, true);
        // Attributes have no equality of their own, but their text has all of them.
        if (mode == null || !mode.toString().equals(next.toString())) {
            real.setAttr(next);
            mode = next;
        }
    }

    @Override
    public synchronized Size getSize() throws IOException {
        Size known = size;
        if (known == null) {
            known = real.getSize();
            size = known;
        }
        return Size.of(known.getColumns(), known.getRows());
    }

    @Override
    public synchronized void setSize(Sized wanted) throws IOException {
        size = null;
        real.setSize(wanted);
    }

    @Override
    public InputStream getMasterInput() throws IOException {
        return real.getMasterInput();
    }

    @Override
    public OutputStream getMasterOutput() throws IOException {
        return real.getMasterOutput();
    }

    @Override
    public InputStream getSlaveInput() throws IOException {
        return real.getSlaveInput();
    }

    @Override
    public OutputStream getSlaveOutput() throws IOException {
        return real.getSlaveOutput();
    }

    @Override
    public SystemStream getSystemStream() {
        return real.getSystemStream();
    }

    @Override
    public TerminalProvider getProvider() {
        return real.getProvider();
    }

    @Override
    public void close() throws IOException {
        real.close();
    }
}
