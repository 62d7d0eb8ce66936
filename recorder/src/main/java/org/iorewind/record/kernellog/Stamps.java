package org.iorewind.record.kernellog;

import java.time.DateTimeException;
import java.time.LocalDate;
import org.iorewind.record.kernellog.KernelLine.Clock;

/**
 * Reads time stamps at a place in a line. After a successful read {@link #end()}, {@link #clock()} and {@link #timeNs()}
 * describe it. Never throws; allocates little. Not thread-safe.
 */
final class Stamps {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY_SECONDS = 86_400;
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final String WEEKDAYS = "MonTueWedThuFriSatSun";
    /** A leap year, so that every date has a day; years of lines without one only matter by their distance. */
    private static final int ANY_YEAR = 2000;

    private static final int NO_ZONE = Integer.MIN_VALUE;
    private static final int MOST_SECOND_DIGITS = 10;

    private String line = "";
    private int at;
    private Clock clock = Clock.NONE;
    private long timeNs;

    /** Behind the stamp last read. */
    int end() {
        return at;
    }

    Clock clock() {
        return clock;
    }

    long timeNs() {
        return timeNs;
    }

    /** {@code 2026-11-27T04:32:50,123456+00:00}; date and time may be parted by a blank, fraction and zone be missing. */
    boolean iso(String text, int from) {
        start(text, from);
        int year = number(4, 4);
        if (year < 0 || !take('-')) {
            return false;
        }
        int month = number(2, 2);
        if (month < 0 || !take('-')) {
            return false;
        }
        int day = number(2, 2);
        if (day < 0 || !(take('T') || take(' '))) {
            return false;
        }
        long seconds = clockTime();
        if (seconds < 0) {
            return false;
        }
        long fraction = take('.') || take(',') ? fractionNs() : 0;
        int zoneSeconds = zone();
        return zoneSeconds == NO_ZONE
                ? date(year, month, day, seconds, fraction, Clock.LOCAL)
                : date(year, month, day, seconds - zoneSeconds, fraction, Clock.WALL);
    }

    /** {@code Fri 2026-11-27 04:32:50 UTC}, as {@code journalctl -o short-full} writes it. */
    boolean full(String text, int from) {
        start(text, from);
        if (!weekday() || !take(' ') || !iso(text, at)) {
            return false;
        }
        int behind = at;
        if (take(' ') && at < line.length() && Character.isUpperCase(line.charAt(at))) {
            int word = at;
            while (at < line.length() && line.charAt(at) > ' ') {
                at++;
            }
            if (line.regionMatches(word, "UTC", 0, 3) && at - word == 3) {
                clock = Clock.WALL;
            }
            return true;
        }
        at = behind;
        return true;
    }

    /** {@code Nov 27 04:32:50} with or without a fraction, as syslog and {@code journalctl} write it. */
    boolean syslog(String text, int from) {
        start(text, from);
        int month = month();
        if (month == 0 || !take(' ')) {
            return false;
        }
        while (take(' ')) {
            // the day is padded with a blank
        }
        int day = number(1, 2);
        if (day < 0 || !take(' ')) {
            return false;
        }
        long seconds = clockTime();
        if (seconds < 0) {
            return false;
        }
        long fraction = take('.') ? fractionNs() : 0;
        return date(ANY_YEAR, month, day, seconds, fraction, Clock.LOCAL);
    }

    /** {@code Fri Nov 27 04:32:50 2026}, as {@code dmesg -T} writes it. */
    boolean ctime(String text, int from) {
        start(text, from);
        if (!weekday() || !take(' ')) {
            return false;
        }
        int month = month();
        if (month == 0 || !take(' ')) {
            return false;
        }
        while (take(' ')) {
            // the day is padded with a blank
        }
        int day = number(1, 2);
        if (day < 0 || !take(' ')) {
            return false;
        }
        long seconds = clockTime();
        if (seconds < 0 || !take(' ')) {
            return false;
        }
        int year = number(4, 4);
        return year >= 0 && date(year, month, day, seconds, 0, Clock.LOCAL);
    }

    /** {@code Nov27 04:32}, as {@code dmesg -e} writes a new minute. */
    boolean minute(String text, int from) {
        start(text, from);
        int month = month();
        int day = month == 0 ? -1 : number(1, 2);
        if (day < 0 || !take(' ')) {
            return false;
        }
        int hours = number(1, 2);
        if (hours < 0 || hours > 23 || !take(':')) {
            return false;
        }
        int minutes = number(2, 2);
        return minutes >= 0
                && minutes < 60
                && date(ANY_YEAR, month, day, hours * 3600L + minutes * 60L, 0, Clock.LOCAL);
    }

    /** {@code 12.345678}: seconds with a fraction. */
    boolean seconds(String text, int from, Clock by) {
        start(text, from);
        int first = at;
        long seconds = 0;
        while (at < line.length() && digit(line.charAt(at)) >= 0) {
            if (at - first == MOST_SECOND_DIGITS) {
                return false;
            }
            seconds = seconds * 10 + digit(line.charAt(at++));
        }
        if (at == first || !take('.')) {
            return false;
        }
        int fractionAt = at;
        long fraction = fractionNs();
        if (at == fractionAt || seconds > Long.MAX_VALUE / SECOND - 1) {
            return false;
        }
        clock = by;
        timeNs = seconds * SECOND + fraction;
        return true;
    }

    private void start(String text, int from) {
        line = text;
        at = from;
        clock = Clock.NONE;
        timeNs = 0;
    }

    private boolean date(int year, int month, int day, long secondsOfDay, long fractionNs, Clock by) {
        try {
            long days = LocalDate.of(year, month, day).toEpochDay();
            long seconds = Math.addExact(Math.multiplyExact(days, DAY_SECONDS), secondsOfDay);
            timeNs = Math.addExact(Math.multiplyExact(seconds, SECOND), fractionNs);
            clock = by;
            return true;
        } catch (DateTimeException | ArithmeticException e) {
            // no date that a kernel log could have been written on
            return false;
        }
    }

    private long clockTime() {
        int hours = number(2, 2);
        if (hours < 0 || hours > 23 || !take(':')) {
            return -1;
        }
        int minutes = number(2, 2);
        if (minutes < 0 || minutes > 59 || !take(':')) {
            return -1;
        }
        int seconds = number(2, 2);
        return seconds < 0 || seconds > 60 ? -1 : hours * 3600L + minutes * 60L + seconds;
    }

    /** Seconds east of Greenwich; {@link #NO_ZONE} if none is named. */
    private int zone() {
        if (take('Z')) {
            return 0;
        }
        int behind = at;
        int sign = take('+') ? 1 : take('-') ? -1 : 0;
        int hours = sign == 0 ? -1 : number(2, 2);
        if (hours < 0) {
            at = behind;
            return NO_ZONE;
        }
        boolean colon = take(':');
        int minutes = number(2, 2);
        if (minutes < 0) {
            at = colon ? at - 1 : at;
            minutes = 0;
        }
        return sign * (hours * 3600 + minutes * 60);
    }

    private long fractionNs() {
        long value = 0;
        int digits = 0;
        while (at < line.length() && digit(line.charAt(at)) >= 0) {
            if (digits < 9) {
                value = value * 10 + digit(line.charAt(at));
                digits++;
            }
            at++;
        }
        while (digits < 9) {
            value *= 10;
            digits++;
        }
        return value;
    }

    private boolean weekday() {
        return word(WEEKDAYS) > 0;
    }

    private int month() {
        return word(MONTHS);
    }

    /** Number of the three-letter word here in a list of them, from 1; 0 if it is none. */
    private int word(String words) {
        if (at + 3 > line.length()) {
            return 0;
        }
        for (int i = 0; i < words.length(); i += 3) {
            if (line.regionMatches(at, words, i, 3)) {
                at += 3;
                return i / 3 + 1;
            }
        }
        return 0;
    }

    private boolean take(char c) {
        if (at < line.length() && line.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    /** A decimal number of so many digits, or -1. */
    private int number(int least, int most) {
        int from = at;
        int value = 0;
        while (at < line.length() && at - from < most && digit(line.charAt(at)) >= 0) {
            value = value * 10 + digit(line.charAt(at++));
        }
        return at - from < least ? -1 : value;
    }

    private static int digit(char c) {
        return c >= '0' && c <= '9' ? c - '0' : -1;
    }
}
