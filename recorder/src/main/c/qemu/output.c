#define _GNU_SOURCE
#include "output.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>

#define CLOCK_EVERY_NS INT64_C(1000000000)

static struct iorewind_ring ring;
static _Atomic bool on;
static pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int64_t next_clock;
static __thread uint32_t thread_id;
static _Atomic uint32_t own_pid;

_Atomic bool output_stores_recorded;

static uint32_t thread(void) {
    if (thread_id == 0)
        thread_id = (uint32_t)syscall(SYS_gettid);
    return thread_id;
}

/* A QEMU that makes itself a daemon goes on as a child; children that run other programs never record a line. */
static void in_child(void) {
    thread_id = 0;
    atomic_store(&own_pid, (uint32_t)getpid());
}

/* The process that records is the writer: the parent of a daemon, which ends in order, must not end the stream. */
static void be_the_writer(void) {
    uint32_t pid = atomic_load_explicit(&own_pid, memory_order_relaxed);
    if (atomic_load_explicit(&ring.header->writer_pid, memory_order_relaxed) != pid) {
        atomic_store(&ring.header->writer_pid, pid);
        atomic_store(&ring.header->writer_state, IOREWIND_SIDE_HERE);
    }
}

bool output_start(const char *path) {
    pthread_mutex_lock(&starting);
    if (!atomic_load(&on)) {
        const char *name = path ? path : getenv("IOREWIND_RING");
        const char *problem = name && *name ? iorewind_ring_open(&ring, name) : "IOREWIND_RING is not set";
        if (!problem) {
            atomic_store(&own_pid, (uint32_t)getpid());
            pthread_atfork(NULL, NULL, in_child);
            atomic_store(&on, true);
            iorewind_ring_clock(&ring);
        } else if (name && *name) {
            (void)!write(STDERR_FILENO, "iorewind: nothing is recorded: ", 31);
            (void)!write(STDERR_FILENO, problem, strlen(problem));
            (void)!write(STDERR_FILENO, "\n", 1);
        }
    }
    pthread_mutex_unlock(&starting);
    return atomic_load(&on);
}

bool output_on(void) { return atomic_load_explicit(&on, memory_order_relaxed); }

static void clock_now_and_then(int64_t now) {
    int64_t due = atomic_load_explicit(&next_clock, memory_order_relaxed);
    if (now >= due && atomic_compare_exchange_strong(&next_clock, &due, now + CLOCK_EVERY_NS))
        iorewind_ring_clock(&ring);
}

bool output_line(enum iorewind_stream stream, const char *text, size_t length) {
    if (!output_on())
        return false;
    be_the_writer();
    int64_t now = iorewind_ring_now(&ring);
    clock_now_and_then(now);
    return iorewind_ring_text(&ring, now, stream, thread(), text, length);
}

void output_note(const char *text) { output_line(IOREWIND_STREAM_NOTE, text, strlen(text)); }

uint64_t output_generation(void) {
    if (!output_on())
        return 0;
    return atomic_load_explicit(&ring.header->lost, memory_order_relaxed) << 32
           | (uint32_t)atomic_load_explicit(&ring.header->reader_starts, memory_order_relaxed);
}

uint64_t output_device_table(void) {
    return output_on() ? atomic_load_explicit(&ring.header->device_table, memory_order_relaxed) : 0;
}

/* QEMU leaves by exit(): whatever is recorded after this is not QEMU's work. The mapping stays, other threads may run. */
__attribute__((destructor)) static void output_end(void) {
    if (output_on() && atomic_load(&ring.header->writer_pid) == atomic_load(&own_pid)) {
        if (atomic_load(&ring.header->untold))
            iorewind_ring_tell_lost(&ring);
        atomic_store(&ring.header->writer_state, IOREWIND_SIDE_LEFT);
    }
}
