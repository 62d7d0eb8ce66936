package org.iorewind.record.live;

/** Told how a recording goes; by the thread that runs it. */
public interface RecordingListener {
    /** Now and then, several times a second. */
    void status(RecordingStatus status);

    /** Something that the user should know now, in one line. */
    void note(String text);
}
