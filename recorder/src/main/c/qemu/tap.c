/*
 * The tap: QEMU's log backend gives each trace event to vfprintf, in the thread and at the moment of the event. This takes the
 * lines of the IOMMU there, before anything is written to a file, and reads beside them what the device looks at in memory.
 *
 *   device model ── qemu_log ── vfprintf ──┬── amdvi_… ──▶ ring          (nothing reaches the log file)
 *                                          └── anything else ──▶ libc
 *
 * For LD_PRELOAD. In a program that is not QEMU it does nothing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "annotate.h"
#include "output.h"

#define LONGEST_LINE 4096
#define EXPORT __attribute__((visibility("default")))

typedef int (*print_function)(FILE *, const char *, va_list);

static print_function libc_print;
static bool tapping;
static bool keeps_lines;
static __thread struct text line;
/* With -msg timestamp=on QEMU 11 prints the time by a call of its own: kept back until it is known whose line follows. */
static __thread char held_stamp[48];
static __thread size_t held_bytes;
static __thread FILE *held_for;

/* "amdvi_…", perhaps behind the thread and time of -msg timestamp=on. */
static bool is_ours(const char *format) {
    static const char stamp[] = "%d@%zu.%06zu:";
    if (format[0] == '%' && strncmp(format, stamp, sizeof stamp - 1) == 0)
        format += sizeof stamp - 1;
    return strncmp(format, "amdvi_", 6) == 0;
}

static int print(FILE *file, const char *format, va_list arguments) {
    if (!libc_print)
        libc_print = (print_function)(uintptr_t)dlsym(RTLD_NEXT, "vfprintf");
    return libc_print ? libc_print(file, format, arguments) : -1;
}

static int print_plain(FILE *file, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int result = print(file, format, arguments);
    va_end(arguments);
    return result;
}

static void release_stamp(void) {
    if (held_bytes > 0) {
        held_bytes = 0;
        print_plain(held_for, "%s", held_stamp);
    }
}

/* Puts the line together; returns what vfprintf would. */
static int format_line(const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    text_start(&line);
    int length;
    if (text_print(&line, format, again) && !line.cut && line.length < LONGEST_LINE) {
        length = (int)line.length;
    } else {
        length = vsnprintf(line.bytes, LONGEST_LINE, format, arguments);
        line.length = length < LONGEST_LINE ? (size_t)(length < 0 ? 0 : length) : LONGEST_LINE - 1;
    }
    line.cut = false;
    va_end(again);
    return length;
}

static int take(const char *format, va_list arguments) {
    int length = format_line(format, arguments);
    if (length < 0)
        return length;
    while (line.length > 0 && line.bytes[line.length - 1] == '\n')
        line.length--;
    annotate(&line);
    output_line(IOREWIND_STREAM_LOG, line.bytes, line.length);
    return length;
}

static int tap(FILE *file, const char *format, va_list arguments) {
    if (!tapping || !is_ours(format)) {
        release_stamp();
        return print(file, format, arguments);
    }
    int saved = errno;
    va_list again;
    va_copy(again, arguments);
    int result = take(format, arguments);
    errno = saved;
    if (keeps_lines) {
        release_stamp();
        result = print(file, format, again);
    }
    held_bytes = 0;
    va_end(again);
    return result;
}

static bool hold(FILE *file, const char *format, va_list arguments) {
    if (!tapping || strcmp(format, "%s ") != 0)
        return false;
    const char *stamp = va_arg(arguments, const char *);
    size_t length = strlen(stamp);
    if (length < 20 || length > sizeof held_stamp - 2 || stamp[4] != '-' || stamp[length - 1] != 'Z')
        return false;
    memcpy(held_stamp, stamp, length);
    held_stamp[length] = ' ';
    held_stamp[length + 1] = 0;
    held_bytes = length + 1;
    held_for = file;
    return true;
}

EXPORT int vfprintf(FILE *file, const char *format, va_list arguments) { return tap(file, format, arguments); }

EXPORT int __vfprintf_chk(FILE *file, int flag, const char *format, va_list arguments);
EXPORT int __vfprintf_chk(FILE *file, int flag, const char *format, va_list arguments) {
    (void)flag;
    return tap(file, format, arguments);
}

static int tap_stamp(FILE *file, const char *format, va_list arguments) {
    va_list look;
    va_copy(look, arguments);
    bool held = hold(file, format, look);
    va_end(look);
    return held ? (int)held_bytes : tap(file, format, arguments);
}

EXPORT int fprintf(FILE *file, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int result = tap_stamp(file, format, arguments);
    va_end(arguments);
    return result;
}

EXPORT int __fprintf_chk(FILE *file, int flag, const char *format, ...);
EXPORT int __fprintf_chk(FILE *file, int flag, const char *format, ...) {
    (void)flag;
    va_list arguments;
    va_start(arguments, format);
    int result = tap_stamp(file, format, arguments);
    va_end(arguments);
    return result;
}

static bool is_qemu(void) {
    if (dlsym(RTLD_DEFAULT, "qemu_loglevel") || dlsym(RTLD_DEFAULT, "qemu_plugin_outs"))
        return true;
    const char *name = program_invocation_short_name;
    return strncmp(name, "qemu-", 5) == 0 || strcmp(name, "kvm") == 0;
}

/* What QEMU starts (scripts of network devices, ...) has no use for this library. */
static void leave_environment(void) {
    const char *list = getenv("LD_PRELOAD");
    const char *own = list ? strstr(list, "libiorewind-qemu") : NULL;
    if (!own)
        return;
    while (own > list && own[-1] != ' ' && own[-1] != ':')
        own--;
    const char *behind = own + strcspn(own, " :");
    char *rest = strdup(list);
    if (!rest)
        return;
    size_t from = (size_t)(own - list);
    memmove(rest + from, behind, strlen(behind) + 1);
    if (strspn(rest, " :") == strlen(rest))
        unsetenv("LD_PRELOAD");
    else
        setenv("LD_PRELOAD", rest, 1);
    free(rest);
}

__attribute__((constructor)) static void tap_start(void) {
    if (!getenv("IOREWIND_RING") || !is_qemu())
        return;
    leave_environment();
    keeps_lines = getenv("IOREWIND_KEEP_LOG") != NULL;
    /* The plug-in alone does not need the tap: then this library was not loaded before QEMU's own start. */
    tapping = output_start(NULL);
    if (tapping)
        annotate_start();
}
