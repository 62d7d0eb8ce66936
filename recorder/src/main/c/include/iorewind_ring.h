/*
 * iorewind_ring.h: hands events to an iorewind recorder over shared memory.
 *
 *   thread ─┐                                            ┌─▶ journal
 *   thread ─┼─ claim, fill, commit ─▶ file (mapped) ─────┤       recorder: one reader
 *   thread ─┘         full: wait, or count               └─▶ archive
 *
 * One process writes, with as many threads as it likes; one process reads. The order of the records is the order in which
 * they were claimed. Everything is little-endian. The protocol, for an implementation in another language, is described
 * in docs/ring.md; the records' content in iorewind_events.h and docs/ring.md.
 *
 *   struct iorewind_ring ring;
 *   const char *problem = iorewind_ring_open(&ring, "/dev/shm/my-vm.ring");   // made by the recorder
 *   if (problem) ...
 *   void *bytes = iorewind_ring_claim(&ring, IOREWIND_RECORD_EVENT, length);
 *   if (bytes) { fill(bytes); iorewind_ring_commit(bytes); }                  // NULL: lost, and counted
 *   iorewind_ring_close(&ring);
 *
 * Guarantees: no function exits, aborts or raises a signal; none waits once the reader is dead or has left; what is lost is
 * counted, and the recorder says so in the trace. Thread-safe: claim, commit, lost. Not safe in a signal handler.
 *
 * C11 with GCC or Clang, 64-bit little-endian Linux. No library but libc.
 */
#ifndef IOREWIND_RING_H
#define IOREWIND_RING_H

#ifndef _GNU_SOURCE
#error "define _GNU_SOURCE before the first #include: locks of open files need it"
#endif

#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define IOREWIND_RING_MAGIC UINT64_C(0x474e495257524f49) /* "IORWRING" */
#define IOREWIND_RING_VERSION 1
#define IOREWIND_RING_HEADER_BYTES 4096
#define IOREWIND_RING_TRAILER_BYTES 768
#define IOREWIND_RING_MIN_CAPACITY (UINT64_C(1) << 16)
#define IOREWIND_RING_MAX_CAPACITY (UINT64_C(1) << 30)

/* What a record holds. Other positive numbers: the reader counts and skips them. */
enum iorewind_record {
    IOREWIND_RECORD_EVENT = 1, /* one event frame (iorewind_events.h), timeNs by iorewind_ring_now() */
    IOREWIND_RECORD_TEXT = 2,  /* struct iorewind_text, then bytes up to the end of the record */
    IOREWIND_RECORD_LOST = 3,  /* struct iorewind_lost: records are missing here */
    IOREWIND_RECORD_CLOCK = 4  /* struct iorewind_clock */
};

/* Whose line a TEXT record holds. */
enum iorewind_stream {
    IOREWIND_STREAM_LOG = 1,    /* a line of the VMM's log, with what was read from memory behind " | " */
    IOREWIND_STREAM_STORES = 2, /* a "mem ..." line: a store by a CPU, or a page that became of interest */
    IOREWIND_STREAM_NOTE = 3    /* the recording side itself, for people */
};

/* What the writer does when the ring is full. */
enum iorewind_policy {
    IOREWIND_POLICY_WAIT = 0, /* waits as long as the reader lives: the recorded system slows down, nothing is lost */
    IOREWIND_POLICY_COUNT = 1 /* goes on: the record is lost and counted */
};

enum iorewind_side { IOREWIND_SIDE_NEVER = 0, IOREWIND_SIDE_HERE = 1, IOREWIND_SIDE_LEFT = 2 };

struct iorewind_text {
    int64_t time_ns;   /* iorewind_ring_now() */
    uint32_t thread;   /* of the operating system; 0 if unknown */
    uint16_t stream;   /* enum iorewind_stream */
    uint16_t reserved; /* 0 */
};

struct iorewind_lost {
    int64_t first_ns; /* when the first of them was lost */
    int64_t last_ns;
    uint64_t count;
};

struct iorewind_clock {
    int64_t time_ns; /* iorewind_ring_now() */
    int64_t unix_ns; /* the wall clock at that moment */
};

/* Start of the file. Who writes a field is told by its group; groups are 128 bytes apart. */
struct iorewind_ring_header {
    /* the reader, once, before the magic number */
    _Atomic uint64_t magic;
    uint32_t version;
    uint32_t header_bytes;
    uint64_t capacity;       /* of the data area in bytes, a power of two */
    uint16_t schema_id;      /* of the events that the reader understands */
    uint16_t schema_version;
    uint32_t policy;         /* enum iorewind_policy */
    uint64_t wait_limit_ns;  /* WAIT: how long a reader that lives may show no sign of life; 0: for ever */
    int64_t start_mono_ns;   /* CLOCK_MONOTONIC at time 0 */
    int64_t start_unix_ns;   /* the wall clock at time 0 */
    uint8_t unused0[72];
    /* the writer */
    alignas(128) _Atomic uint32_t writer_state; /* enum iorewind_side */
    _Atomic uint32_t writer_pid;
    _Atomic uint64_t waits;       /* how often a thread found the ring full */
    _Atomic uint64_t waited_ns;   /* for how long in all */
    _Atomic uint64_t writer_schema; /* schema id << 16 | version of the events that it writes */
    uint8_t unused1[96];
    /* the writer, when it loses records */
    alignas(128) _Atomic uint64_t lost;  /* in all */
    _Atomic uint64_t untold;      /* of these: not yet told by a LOST record */
    _Atomic int64_t untold_first_ns;
    _Atomic int64_t untold_last_ns;
    uint8_t unused2[96];
    /* the reader */
    alignas(128) _Atomic uint32_t reader_state; /* enum iorewind_side */
    _Atomic uint32_t reader_pid;
    _Atomic int64_t reader_alive_ns; /* CLOCK_MONOTONIC, at each look into the ring */
    _Atomic int64_t reader_taken;    /* position up to which records were handed on; a reader that died may not have freed them */
    /* the reader tells the writer what it asked the VMM; 0: unknown */
    _Atomic uint64_t device_table;   /* the register with the base of the IOMMU's device table */
    _Atomic uint64_t reader_starts;  /* rises whenever a reader begins afresh: it knows nothing of what earlier records told */
    uint8_t unused3[88];
};

_Static_assert(offsetof(struct iorewind_ring_header, start_unix_ns) == 48, "layout");
_Static_assert(offsetof(struct iorewind_ring_header, writer_state) == 128, "layout");
_Static_assert(offsetof(struct iorewind_ring_header, lost) == 256, "layout");
_Static_assert(offsetof(struct iorewind_ring_header, reader_state) == 384, "layout");
_Static_assert(offsetof(struct iorewind_ring_header, device_table) == 408, "layout");
_Static_assert(offsetof(struct iorewind_ring_header, reader_starts) == 416, "layout");
_Static_assert(sizeof(struct iorewind_ring_header) == 512, "layout");
_Static_assert(sizeof(struct iorewind_text) == 16 && sizeof(struct iorewind_lost) == 24, "layout");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && sizeof(void *) == 8, "64-bit little-endian only");

/* Locks on single bytes of the file tell who is alive, whatever happens: the kernel drops them. */
#define IOREWIND_LOCK_WRITER 64
#define IOREWIND_LOCK_READER 65

/* Offsets behind the data area, each on a cache line pair of its own: Agrona's ManyToOneRingBuffer. */
#define IOREWIND_TRAILER_TAIL 128
#define IOREWIND_TRAILER_HEAD_CACHE 256
#define IOREWIND_TRAILER_HEAD 384

#define IOREWIND_RECORD_HEADER_BYTES 8
#define IOREWIND_RECORD_PADDING (-1)

struct iorewind_ring {
    struct iorewind_ring_header *header;
    uint8_t *data;
    uint64_t capacity;
    size_t mapped_bytes;
    int fd;
};

static inline int64_t iorewind_mono_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t iorewind_unix_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Time of an event: ns since the recording began. */
static inline int64_t iorewind_ring_now(const struct iorewind_ring *ring) {
    return iorewind_mono_ns() - ring->header->start_mono_ns;
}

static inline _Atomic int64_t *iorewind_position(const struct iorewind_ring *ring, size_t offset) {
    return (_Atomic int64_t *)(void *)(ring->data + ring->capacity + offset);
}

static inline _Atomic int32_t *iorewind_length_at(const struct iorewind_ring *ring, uint64_t index) {
    return (_Atomic int32_t *)(void *)(ring->data + index);
}

/* Takes the lock, or asks who has it. Locks of the open file, not of the process: children that close it lose nothing. */
static inline bool iorewind_lock(int fd, int command, short type, int64_t byte, struct flock *lock) {
    memset(lock, 0, sizeof *lock);
    lock->l_type = type;
    lock->l_whence = SEEK_SET;
    lock->l_start = byte;
    lock->l_len = 1;
    return fcntl(fd, command, lock) == 0;
}

/*
 * Joins a ring as its writer. Returns NULL, or what is wrong, in English, for the user; then nothing is held.
 * The structure must live until iorewind_ring_close.
 */
static inline const char *iorewind_ring_open(struct iorewind_ring *ring, const char *path) {
    memset(ring, 0, sizeof *ring);
    ring->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (ring->fd < 0)
        return "cannot open the ring: it is made by the recorder, which must be started first";
    const char *problem = NULL;
    struct stat status;
    struct flock lock;
    void *map = MAP_FAILED;
    if (fstat(ring->fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < IOREWIND_RING_HEADER_BYTES)
        problem = "not a ring: no regular file of at least one page";
    if (!problem) {
        map = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd, 0);
        if (map == MAP_FAILED)
            problem = "cannot map the ring";
    }
    if (!problem) {
        struct iorewind_ring_header *header = map;
        uint64_t capacity = header->capacity;
        if (atomic_load_explicit(&header->magic, memory_order_acquire) != IOREWIND_RING_MAGIC)
            problem = "not a ring, or one that is not ready: no magic number";
        else if (header->version != IOREWIND_RING_VERSION || header->header_bytes != IOREWIND_RING_HEADER_BYTES)
            problem = "a ring of another version: use a recorder and a header file of the same release";
        else if (capacity < IOREWIND_RING_MIN_CAPACITY || capacity > IOREWIND_RING_MAX_CAPACITY
                 || (capacity & (capacity - 1)) != 0
                 || (uint64_t)status.st_size < IOREWIND_RING_HEADER_BYTES + capacity + IOREWIND_RING_TRAILER_BYTES)
            problem = "a damaged ring: its capacity does not fit its file";
        else if (!iorewind_lock(ring->fd, F_OFD_SETLK, F_WRLCK, IOREWIND_LOCK_WRITER, &lock))
            problem = "the ring has a writer already";
    }
    if (problem) {
        if (map != MAP_FAILED)
            munmap(map, (size_t)status.st_size);
        close(ring->fd);
        memset(ring, 0, sizeof *ring);
        ring->fd = -1;
        return problem;
    }
    ring->header = map;
    ring->capacity = ring->header->capacity;
    ring->data = (uint8_t *)map + IOREWIND_RING_HEADER_BYTES;
    ring->mapped_bytes = (size_t)status.st_size;
    atomic_store(&ring->header->writer_pid, (uint32_t)getpid());
    atomic_store(&ring->header->writer_state, IOREWIND_SIDE_HERE);
    return NULL;
}

/* Whether somebody reads: true if it cannot be known. A system call; asked only when the ring is full. */
static inline bool iorewind_ring_reader_lives(const struct iorewind_ring *ring) {
    struct flock lock;
    if (atomic_load(&ring->header->reader_state) == IOREWIND_SIDE_LEFT)
        return false;
    return !iorewind_lock(ring->fd, F_OFD_GETLK, F_WRLCK, IOREWIND_LOCK_READER, &lock) || lock.l_type != F_UNLCK;
}

/* One try: the index of a record of `bytes` (header included), or -1 if there is no room. */
static inline int64_t iorewind_ring_try(struct iorewind_ring *ring, uint64_t bytes) {
    _Atomic int64_t *tail_position = iorewind_position(ring, IOREWIND_TRAILER_TAIL);
    _Atomic int64_t *head_position = iorewind_position(ring, IOREWIND_TRAILER_HEAD);
    _Atomic int64_t *head_cache = iorewind_position(ring, IOREWIND_TRAILER_HEAD_CACHE);
    const int64_t capacity = (int64_t)ring->capacity;
    const int64_t mask = capacity - 1;
    const int64_t needed = (int64_t)((bytes + 7) & ~UINT64_C(7));
    int64_t head = atomic_load(head_cache);
    for (;;) {
        int64_t tail = atomic_load(tail_position);
        int64_t index = tail & mask;
        int64_t to_end = capacity - index;
        int64_t padding = needed > to_end ? to_end : 0;
        /* A record never wraps: what is left at the end becomes padding, so both must be free. */
        if (needed + padding > capacity - (tail - head)) {
            head = atomic_load(head_position);
            if (needed + padding > capacity - (tail - head))
                return -1;
            atomic_store_explicit(head_cache, head, memory_order_release);
        }
        if (!atomic_compare_exchange_weak(tail_position, &tail, tail + needed + padding))
            continue;
        if (padding) {
            memcpy(ring->data + index + 4, &(int32_t){IOREWIND_RECORD_PADDING}, 4);
            atomic_store_explicit(iorewind_length_at(ring, (uint64_t)index), (int32_t)padding, memory_order_release);
            index = 0;
        }
        return index;
    }
}

/* Counts records that were lost now. */
static inline void iorewind_ring_lose(struct iorewind_ring *ring, uint64_t count) {
    struct iorewind_ring_header *header = ring->header;
    int64_t now = iorewind_ring_now(ring);
    atomic_fetch_add(&header->lost, count);
    if (atomic_fetch_add(&header->untold, count) == 0)
        atomic_store(&header->untold_first_ns, now);
    atomic_store(&header->untold_last_ns, now);
}

static inline void *iorewind_ring_begin(struct iorewind_ring *ring, int64_t index, int32_t type, uint64_t bytes) {
    atomic_store_explicit(iorewind_length_at(ring, (uint64_t)index), -(int32_t)bytes, memory_order_release);
    atomic_thread_fence(memory_order_release);
    memcpy(ring->data + index + 4, &type, 4);
    return ring->data + index + IOREWIND_RECORD_HEADER_BYTES;
}

/* Makes a claimed record visible to the reader. */
static inline void iorewind_ring_commit(void *content) {
    _Atomic int32_t *length = (_Atomic int32_t *)(void *)((uint8_t *)content - IOREWIND_RECORD_HEADER_BYTES);
    atomic_store_explicit(length, -atomic_load_explicit(length, memory_order_relaxed), memory_order_release);
}

/* Gives up a claimed record: the reader skips it. */
static inline void iorewind_ring_abandon(void *content) {
    memcpy((uint8_t *)content - 4, &(int32_t){IOREWIND_RECORD_PADDING}, 4);
    iorewind_ring_commit(content);
}

/* Tells of lost records in their place: before the next one that finds room. False if there is none even for that. */
static inline bool iorewind_ring_tell_lost(struct iorewind_ring *ring) {
    struct iorewind_ring_header *header = ring->header;
    const uint64_t bytes = IOREWIND_RECORD_HEADER_BYTES + sizeof(struct iorewind_lost);
    int64_t index = iorewind_ring_try(ring, bytes);
    if (index < 0)
        return false;
    void *content = iorewind_ring_begin(ring, index, IOREWIND_RECORD_LOST, bytes);
    struct iorewind_lost lost = {atomic_load(&header->untold_first_ns), atomic_load(&header->untold_last_ns),
                                 atomic_exchange(&header->untold, 0)};
    memcpy(content, &lost, sizeof lost);
    if (lost.count)
        iorewind_ring_commit(content);
    else /* another thread was faster */
        iorewind_ring_abandon(content);
    return true;
}

/* One try that does not pass lost records by. */
static inline int64_t iorewind_ring_room(struct iorewind_ring *ring, uint64_t bytes) {
    if (atomic_load_explicit(&ring->header->untold, memory_order_relaxed) != 0 && !iorewind_ring_tell_lost(ring))
        return -1;
    return iorewind_ring_try(ring, bytes);
}

/* Waits for room as the policy says; -1 if there will be none. */
static inline int64_t iorewind_ring_wait(struct iorewind_ring *ring, uint64_t bytes) {
    struct iorewind_ring_header *header = ring->header;
    if (header->policy != IOREWIND_POLICY_WAIT || !iorewind_ring_reader_lives(ring))
        return -1;
    atomic_fetch_add(&header->waits, 1);
    const int64_t from = iorewind_mono_ns();
    int64_t index = -1;
    for (unsigned i = 0; index < 0; i++) {
        nanosleep(&(struct timespec){0, i < 20 ? 20000 : 200000}, NULL);
        index = iorewind_ring_room(ring, bytes);
        if (index >= 0 || (i & 31) != 31)
            continue;
        int64_t alive = atomic_load(&header->reader_alive_ns);
        int64_t since = alive > from ? alive : from;
        bool silent = header->wait_limit_ns != 0 && iorewind_mono_ns() - since > (int64_t)header->wait_limit_ns;
        if (silent || !iorewind_ring_reader_lives(ring))
            break;
    }
    atomic_fetch_add(&header->waited_ns, (uint64_t)(iorewind_mono_ns() - from));
    return index;
}

/*
 * Room for a record of this many bytes, at most an eighth of the ring; aligned to 8 bytes and zero. NULL if it is lost:
 * too long, or the ring is full and the policy, or a dead reader, says not to wait. The record takes its place in the order
 * now, and must be committed or abandoned soon: the reader waits for it.
 */
static inline void *iorewind_ring_claim(struct iorewind_ring *ring, enum iorewind_record type, size_t length) {
    if (length > ring->capacity / 8 - IOREWIND_RECORD_HEADER_BYTES) {
        iorewind_ring_lose(ring, 1);
        return NULL;
    }
    const uint64_t bytes = length + IOREWIND_RECORD_HEADER_BYTES;
    int64_t index = iorewind_ring_room(ring, bytes);
    if (index < 0)
        index = iorewind_ring_wait(ring, bytes);
    if (index < 0) {
        iorewind_ring_lose(ring, 1);
        return NULL;
    }
    return iorewind_ring_begin(ring, index, (int32_t)type, bytes);
}

/* Records one text, of time iorewind_ring_now(); true unless it is lost. */
static inline bool iorewind_ring_text(struct iorewind_ring *ring, int64_t time_ns, enum iorewind_stream stream,
                                      uint32_t thread, const char *text, size_t length) {
    struct iorewind_text head = {time_ns, thread, (uint16_t)stream, 0};
    uint8_t *content = iorewind_ring_claim(ring, IOREWIND_RECORD_TEXT, sizeof head + length);
    if (!content)
        return false;
    memcpy(content, &head, sizeof head);
    memcpy(content + sizeof head, text, length);
    iorewind_ring_commit(content);
    return true;
}

/* Relates the clocks again: the wall clock may have been set. Once a second is plenty. */
static inline void iorewind_ring_clock(struct iorewind_ring *ring) {
    void *content = iorewind_ring_claim(ring, IOREWIND_RECORD_CLOCK, sizeof(struct iorewind_clock));
    if (content) {
        struct iorewind_clock now = {iorewind_ring_now(ring), iorewind_unix_ns()};
        memcpy(content, &now, sizeof now);
        iorewind_ring_commit(content);
    }
}

/* Says that the stream ends here in order, and leaves. Without it the reader says that the writer was killed. */
static inline void iorewind_ring_close(struct iorewind_ring *ring) {
    if (!ring->header)
        return;
    if (atomic_load(&ring->header->untold))
        iorewind_ring_tell_lost(ring);
    atomic_store(&ring->header->writer_state, IOREWIND_SIDE_LEFT);
    munmap(ring->header, ring->mapped_bytes);
    close(ring->fd);
    memset(ring, 0, sizeof *ring);
    ring->fd = -1;
}

#endif
