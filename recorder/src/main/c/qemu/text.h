/* A line under construction: bounded, no locale, and what printf would do for the formats of QEMU's trace events. */
#ifndef IOREWIND_TEXT_H
#define IOREWIND_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* `mem P` with 512 quadwords and their indices needs 11 KiB. */
#define TEXT_BYTES 16384

struct text {
    size_t length;
    bool cut; /* something did not fit: what there is cannot be understood */
    char bytes[TEXT_BYTES];
};

static inline void text_start(struct text *text) {
    text->length = 0;
    text->cut = false;
}

static inline void text_add(struct text *text, const char *from, size_t length) {
    if (length > TEXT_BYTES - text->length) {
        text->cut = true;
        return;
    }
    memcpy(text->bytes + text->length, from, length);
    text->length += length;
}

static inline void text_string(struct text *text, const char *from) { text_add(text, from, strlen(from)); }

/* Hexadecimal, without 0x, at least `least` digits, 16 at most. */
static inline void text_hex(struct text *text, uint64_t value, unsigned least) {
    char digits[16];
    unsigned at = 16;
    while (at > 0 && (value != 0 || 16 - at < least || at == 16)) {
        digits[--at] = "0123456789abcdef"[value & 15];
        value >>= 4;
    }
    text_add(text, digits + at, 16 - at);
}

/* Decimal, filled with zeros or blanks on the left up to `least` characters. */
static inline void text_decimal(struct text *text, uint64_t value, bool negative, unsigned least, char fill) {
    char digits[40];
    unsigned at = sizeof digits;
    least = least < sizeof digits ? least : sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    if (negative && fill == ' ')
        digits[--at] = '-';
    while (sizeof digits - at + (negative && fill == '0') < least)
        digits[--at] = fill;
    if (negative && fill == '0')
        digits[--at] = '-';
    text_add(text, digits + at, sizeof digits - at);
}

/*
 * Appends what printf would print, several times as fast: %s, and %d, %i, %u, %x with a width, a leading 0 and a length.
 * False if the format has anything else: then the line is as it was, but `arguments` is used up.
 */
static inline bool text_print(struct text *text, const char *format, va_list arguments) {
    size_t before = text->length;
    while (*format) {
        size_t plain = strcspn(format, "%");
        text_add(text, format, plain);
        format += plain;
        if (*format == 0)
            return true;
        format++;
        char fill = *format == '0' ? '0' : ' ';
        unsigned width = 0;
        while (*format >= '0' && *format <= '9' && width < 1000)
            width = width * 10 + (unsigned)(*format++ - '0');
        unsigned longs = 0;
        while (*format == 'l' || *format == 'z') {
            longs++;
            format++;
        }
        char conversion = *format++;
        if (width > 16 || (conversion == 's' && (width > 0 || longs > 0)))
            conversion = 0;
        if (conversion == 's') {
            const char *string = va_arg(arguments, const char *);
            text_string(text, string ? string : "(null)");
        } else if (conversion == 'd' || conversion == 'i') {
            int64_t value = longs > 0 ? va_arg(arguments, long) : va_arg(arguments, int);
            text_decimal(text, value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0, width, fill);
        } else if (conversion == 'u' || conversion == 'x') {
            uint64_t value = longs > 0 ? va_arg(arguments, unsigned long) : va_arg(arguments, unsigned);
            if (conversion == 'u')
                text_decimal(text, value, false, width, fill);
            else if (fill == '0' || width <= 1)
                text_hex(text, value, width);
            else
                conversion = 0;
        } else if (conversion == '%' && width == 0 && longs == 0) {
            text_add(text, "%", 1);
        } else {
            conversion = 0;
        }
        if (conversion == 0) {
            text->length = before;
            return false;
        }
    }
    return true;
}

#endif
