/* A line under construction: bounded, no locale, no printf. */
#ifndef IOREWIND_TEXT_H
#define IOREWIND_TEXT_H

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

/* Hexadecimal, without 0x, at least `least` digits. */
static inline void text_hex(struct text *text, uint64_t value, unsigned least) {
    char digits[16];
    unsigned at = 16;
    while (at > 0 && (value != 0 || 16 - at < least || at == 16)) {
        digits[--at] = "0123456789abcdef"[value & 15];
        value >>= 4;
    }
    text_add(text, digits + at, 16 - at);
}

#endif
