/*
 * Prints trace events as QEMU's log backend does: one vfprintf for each, with the log's file locked, then fflush. What it
 * prints comes from standard input, so that a test can say what a device did:
 *
 *   fake_qemu LOG            a line: printed as an event; "@ ADDRESS BYTES…": memory gets these bytes first (hexadecimal)
 *                            "= FORMAT…": printed with fprintf instead; "! TEXT": printed to standard error
 *                            "+": the file PLACES of the environment gets the place of the memory in this process
 *                            "~": lines in formats of all kinds, each also printed by libc to standard output
 *   fake_qemu LOG bench N    N lines as fast as can be; prints ns per line
 *
 * The memory is the file MEMORY of the environment, if that is set.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

/* The library looks for this to know that it is inside QEMU. */
__attribute__((visibility("default"))) int qemu_loglevel = 1;

static FILE *log_file;
static uint8_t *memory;
static size_t memory_bytes;

__attribute__((format(printf, 1, 2))) static void qemu_log(const char *format, ...) {
    va_list arguments;
    flockfile(log_file);
    va_start(arguments, format);
    vfprintf(log_file, format, arguments);
    va_end(arguments);
    fflush(log_file);
    funlockfile(log_file);
}

/* The kinds of formats that there are; the rest of a line is text to the library. */
static void event(const char *line) {
    unsigned bus, device, function;
    unsigned long iova, page;
    if (sscanf(line, "amdvi_translation_result devid: %x:%x.%x gpa 0x%lx hpa 0x%lx", &bus, &device, &function, &iova, &page) == 5)
        qemu_log("amdvi_translation_result devid: %02x:%02x.%x gpa 0x%lx hpa 0x%lx\n", bus, device, function, iova, page);
    else if (strncmp(line, "amdvi_", 6) == 0)
        qemu_log("amdvi_%s\n", line + 6);
    else
        qemu_log("%s\n", line);
}

/* What a recorder finds out in the monitor. */
static void tell_places(void) {
    FILE *file = fopen(getenv("PLACES"), "w");
    char text[64];
    snprintf(text, sizeof text, "0+%zx=%lx\n", memory_bytes, (unsigned long)(uintptr_t)memory);
    fputs(text, file);
    fclose(file);
}

#define BOTH(...)                                                                                                             \
    do {                                                                                                                      \
        printf(__VA_ARGS__);                                                                                                  \
        qemu_log(__VA_ARGS__);                                                                                                \
    } while (0)

static void formats(void) {
    BOTH("amdvi_plain 100%% of it\n");
    BOTH("amdvi_signed %d|%d|%i|%5d|%05d|%ld|%d\n", 0, -1, 2147483647, -42, -42, INT64_MIN, 1);
    BOTH("amdvi_unsigned %u|%3u|%03u|%lu|%zu|%06zu|%06zu\n", 4294967295u, 7u, 7u, UINT64_MAX, (size_t)0, (size_t)57986, (size_t)1234567);
    BOTH("amdvi_hexadecimal %x|%02x|%08x|%lx|%016lx|%lx|0x%lx\n", 0u, 10u, 0xfedu, UINT64_MAX, 0xabcdeful, 0ul, 1ul << 63);
    BOTH("amdvi_text %s|%s|%s\n", "", "AMDVI_MMIO_CONTROL", "  two words ");
    BOTH("amdvi_other %X|%#x|%-4d|%+d|%4x|%5s|%hhu|%c|%20d|%.3s\n", 0xbeefu, 255u, 1, 1, 15u, "ab", (unsigned char)200, 'c', 1, "abcdef");
}

static void store(char *text) {
    uint64_t address = strtoull(text, &text, 16);
    for (; *text == ' '; address++) {
        uint8_t byte = (uint8_t)strtoul(text, &text, 16);
        if (address < memory_bytes)
            memory[address] = byte;
    }
}

int main(int count, char **arguments) {
    log_file = count > 1 ? fopen(arguments[1], "w") : NULL;
    if (!log_file)
        return 2;
    const char *file = getenv("MEMORY");
    if (file) {
        int fd = open(file, O_RDWR);
        struct stat status;
        if (fd < 0 || fstat(fd, &status) != 0)
            return 2;
        memory_bytes = (size_t)status.st_size;
        memory = mmap(NULL, memory_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    if (count > 3) {
        unsigned long lines = strtoul(arguments[3], NULL, 0);
        struct timespec from, to;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
        for (unsigned long i = 0; i < lines; i++)
            qemu_log("amdvi_translation_result devid: %02x:%02x.%x gpa 0x%lx hpa 0x%lx\n", 0u, 2u, 0u,
                     0xffffe000 + (i & 7) * 4096, 0x10aa2000 + (i & 7) * 4096);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
        printf("%.1f ns per line\n", ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / (double)lines);
        return 0;
    }
    char line[4096];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (line[0] == '@')
            store(line + 1);
        else if (line[0] == '+')
            tell_places();
        else if (line[0] == '~')
            formats();
        else if (line[0] == '=')
            fprintf(log_file, "%s ", line + 2);
        else if (line[0] == '!')
            fprintf(stderr, "%s\n", line + 2);
        else
            event(line);
    }
    return 0;
}
