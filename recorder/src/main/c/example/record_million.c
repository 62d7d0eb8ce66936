/*
 * An example, and a test: records a million events into a ring.
 *
 *   record_million RING [EVENTS [THREADS [PAUSE_US]]]
 *
 * Each thread stands for a virtual CPU that stores to a page table; the low half of the value is the number of the store, from
 * 0, the high half the thread. Prints how many were recorded and how many were lost.
 */
#define _GNU_SOURCE
#include "../include/iorewind_events.h"
#include "../include/iorewind_ring.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST_THREADS 64

static struct iorewind_ring ring;
static uint64_t events_per_thread;
static long pause_us;
static _Atomic uint64_t recorded, lost;

static void *record(void *argument) {
    uint64_t thread = (uint64_t)(uintptr_t)argument;
    for (uint64_t i = 0; i < events_per_thread; i++) {
        if (pause_us > 0)
            nanosleep(&(struct timespec){0, pause_us * 1000}, NULL);
        struct iorewind_memory_write *store;
        uint64_t value = thread << 32 | i;
        size_t length = iorewind_frame_length(sizeof *store + 2 + sizeof value);
        store = iorewind_ring_claim(&ring, IOREWIND_RECORD_EVENT, length);
        if (!store) {
            atomic_fetch_add(&lost, 1);
            continue;
        }
        iorewind_frame_start(store, IOREWIND_MEMORY_WRITE, length);
        store->origin.time_ns = iorewind_ring_now(&ring);
        store->from = IOREWIND_MEMORY_ORIGIN_CPU_STORE;
        store->region = IOREWIND_MEMORY_REGION_TABLE_LEVEL_1;
        store->address = 0x100000 + 8 * (i & 511);
        iorewind_frame_data(store + 1, &value, sizeof value);
        iorewind_ring_commit(store);
        atomic_fetch_add(&recorded, 1);
    }
    return NULL;
}

int main(int count, char **arguments) {
    if (count < 2) {
        fprintf(stderr, "usage: record_million RING [EVENTS [THREADS [PAUSE_US]]]\n");
        return 2;
    }
    uint64_t events = count > 2 ? strtoull(arguments[2], NULL, 0) : 1000000;
    unsigned threads = count > 3 ? (unsigned)strtoul(arguments[3], NULL, 0) : 1;
    pause_us = count > 4 ? strtol(arguments[4], NULL, 0) : 0;
    if (threads < 1 || threads > MOST_THREADS)
        threads = 1;
    events_per_thread = events / threads;
    const char *problem = iorewind_ring_open(&ring, arguments[1]);
    if (problem) {
        fprintf(stderr, "record_million: %s: %s\n", arguments[1], problem);
        return 4;
    }
    int64_t from = iorewind_mono_ns();
    pthread_t thread[MOST_THREADS];
    for (unsigned i = 0; i < threads; i++)
        if (pthread_create(&thread[i], NULL, record, (void *)(uintptr_t)i) != 0)
            return 4;
    for (unsigned i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
    int64_t took = iorewind_mono_ns() - from;
    iorewind_ring_close(&ring);
    printf("recorded=%llu lost=%llu ns=%lld\n", (unsigned long long)recorded, (unsigned long long)lost, (long long)took);
    return 0;
}
