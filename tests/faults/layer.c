/* Calls that change files below one folder can fail, by their number: loaded before the C library (LD_PRELOAD).
 *
 * fault_arm(folder, mode, first, last, log) begins to count. Of the calls from number `first` to `last` each fails as
 * `mode` says; calls are numbered from 1, and first = 0 lets all succeed. Each call is written to the descriptor
 * `log`, where that is not -1: "pwrite64 sordiff.db-wal". All else is the C library's own.
 *
 * What SQLite writes into the mapped file -shm is seen by nobody here; after a crash nothing of that file is used.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* The modes. FULL: what needs room fails with ENOSPC, and what gives room back works. SHORT: the first is cut in half,
 * the others are as FULL. */
enum { NONE, ENOSPC_ANY, EIO_ANY, SHORT, FULL, DIES };
/* What a call is, to a full disk. */
enum { NEEDS_ROOM, GIVES_ROOM };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char below[4096];
static size_t below_length;
static int chosen = NONE, log_to = -1;
static long first_bad, last_bad, counted;
static time_t frozen;

void fault_arm(const char *folder, int mode, long first, long last, int log, long now) {
    snprintf(below, sizeof below, "%s/", folder);
    below_length = strlen(below);
    chosen = mode, first_bad = first, last_bad = last, log_to = log, counted = 0, frozen = now;
}

long fault_counted(void) { return counted; }

static int is_below(int directory, const char *path, char *found, size_t size) {
    char here[4096] = "";
    if (!below_length) return 0;
    if (path[0] != '/') {
        char name[64];
        ssize_t length;
        if (directory == AT_FDCWD) snprintf(name, sizeof name, "/proc/self/cwd");
        else snprintf(name, sizeof name, "/proc/self/fd/%d", directory);
        length = readlink(name, here, sizeof here - 2);
        if (length < 0) return 0;
        here[length] = '/', here[length + 1] = 0;
    }
    snprintf(found, size, "%s%s", here, path);
    return !strncmp(found, below, below_length);
}

/* Whether this call is to fail: -1 with errno set, 1 where it is to be cut short, else 0. */
static int judge(const char *name, const char *path, int room) {
    int bad, mode;
    pthread_mutex_lock(&turn);
    counted++;
    bad = first_bad && counted >= first_bad && counted <= last_bad;
    mode = bad ? chosen : NONE;
    if (mode == SHORT && counted > first_bad) mode = FULL;
    if (log_to >= 0) {
        char line[8300];
        int length = snprintf(line, sizeof line, "%s %s\n", name, path + below_length);
        syscall(SYS_write, log_to, line, length);
    }
    pthread_mutex_unlock(&turn);
    if (mode == DIES) raise(SIGKILL);
    if (mode == SHORT) return 1;
    if (mode == NONE || (mode == FULL && room == GIVES_ROOM)) return 0;
    errno = mode == EIO_ANY ? EIO : ENOSPC;
    return -1;
}

static int judge_path(const char *name, int directory, const char *path, int room) {
    char found[8200];
    return is_below(directory, path, found, sizeof found) ? judge(name, found, room) : 0;
}

static int judge_file(const char *name, int file, int room) {
    char found[8200], link[64];
    ssize_t length;
    int before = errno;
    if (!below_length) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, found, sizeof found - 1);
    errno = before;
    if (length < 0) return 0;
    found[length] = 0;
    return strncmp(found, below, below_length) ? 0 : judge(name, found, room);
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

/* Half of a write, as of a disk that gets full in its midst; of one byte nothing is left to halve. */
#define WRITES(type, name, declared, passed, passed_half) \
    type name declared { \
        REAL(name); \
        int bad = judge_file(#name, file, NEEDS_ROOM); \
        if (bad < 0) return -1; \
        return bad && size > 1 ? real passed_half : real passed; \
    }
WRITES(ssize_t, write, (int file, const void *from, size_t size), (file, from, size), (file, from, size / 2))
WRITES(ssize_t, pwrite, (int file, const void *from, size_t size, off_t at), (file, from, size, at), (file, from, size / 2, at))
WRITES(ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t at), (file, from, size, at), (file, from, size / 2, at))
WRITES(ssize_t, sendfile, (int file, int in, off_t *at, size_t size), (file, in, at, size), (file, in, at, size / 2))
WRITES(ssize_t, sendfile64, (int file, int in, off64_t *at, size_t size), (file, in, at, size), (file, in, at, size / 2))

ssize_t writev(int file, const struct iovec *parts, int count) {
    REAL(writev);
    int bad = judge_file("writev", file, NEEDS_ROOM);
    if (bad < 0) return -1;
    return bad && count > 1 ? real(file, parts, 1) : real(file, parts, count);
}

#define ON_FILE(name, declared, passed, room) \
    int name declared { \
        REAL(name); \
        return judge_file(#name, file, room) < 0 ? -1 : real passed; \
    }
ON_FILE(fsync, (int file), (file), NEEDS_ROOM)
ON_FILE(fdatasync, (int file), (file), NEEDS_ROOM)
ON_FILE(ftruncate, (int file, off_t size), (file, size), GIVES_ROOM)
ON_FILE(ftruncate64, (int file, off64_t size), (file, size), GIVES_ROOM)
ON_FILE(fallocate, (int file, int mode, off_t at, off_t size), (file, mode, at, size), NEEDS_ROOM)
ON_FILE(fallocate64, (int file, int mode, off64_t at, off64_t size), (file, mode, at, size), NEEDS_ROOM)

/* These two return the number of the error. */
int posix_fallocate(int file, off_t at, off_t size) {
    REAL(posix_fallocate);
    return judge_file("posix_fallocate", file, NEEDS_ROOM) < 0 ? errno : real(file, at, size);
}
int posix_fallocate64(int file, off64_t at, off64_t size) {
    REAL(posix_fallocate64);
    return judge_file("posix_fallocate64", file, NEEDS_ROOM) < 0 ? errno : real(file, at, size);
}

#define ON_PATH(name, declared, passed, directory, path, room) \
    int name declared { \
        REAL(name); \
        return judge_path(#name, directory, path, room) < 0 ? -1 : real passed; \
    }
ON_PATH(rename, (const char *from, const char *to), (from, to), AT_FDCWD, to, NEEDS_ROOM)
ON_PATH(renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), b, to, NEEDS_ROOM)
ON_PATH(link, (const char *from, const char *to), (from, to), AT_FDCWD, to, NEEDS_ROOM)
ON_PATH(unlink, (const char *path), (path), AT_FDCWD, path, GIVES_ROOM)
ON_PATH(unlinkat, (int at, const char *path, int flags), (at, path, flags), at, path, GIVES_ROOM)
ON_PATH(rmdir, (const char *path), (path), AT_FDCWD, path, GIVES_ROOM)
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path, NEEDS_ROOM)
ON_PATH(mkdirat, (int at, const char *path, mode_t mode), (at, path, mode), at, path, NEEDS_ROOM)
ON_PATH(truncate, (const char *path, off_t size), (path, size), AT_FDCWD, path, GIVES_ROOM)

/* To open is counted where it makes a file, or empties one. */
#define OPENS(name, declared, passed, directory) \
    int name declared { \
        mode_t mode = 0; \
        REAL(name); \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list rest; \
            va_start(rest, flags); \
            mode = va_arg(rest, mode_t); \
            va_end(rest); \
        } \
        if ((flags & (O_CREAT | O_TRUNC)) && judge_path(#name, directory, path, NEEDS_ROOM) < 0) return -1; \
        if (frozen && !strcmp(path, "/dev/urandom")) path = "/dev/zero"; \
        return real passed; \
    }
OPENS(open, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
OPENS(open64, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
OPENS(openat, (int at, const char *path, int flags, ...), (at, path, flags, mode), at)
OPENS(openat64, (int at, const char *path, int flags, ...), (at, path, flags, mode), at)

/* The time of day stands still once it is armed, so that two calls write the same. */
int clock_gettime(clockid_t which, struct timespec *to) {
    REAL(clock_gettime);
    if (which != CLOCK_REALTIME || !frozen) return real(which, to);
    to->tv_sec = frozen, to->tv_nsec = 0;
    return 0;
}

int gettimeofday(struct timeval *restrict to, void *restrict zone) {
    REAL(gettimeofday);
    if (!frozen) return real(to, zone);
    to->tv_sec = frozen, to->tv_usec = 0;
    return 0;
}

/* What is drawn by lot, too, here and (by SQLite) from /dev/urandom: a changelog has the same name in each try. */
ssize_t getrandom(void *to, size_t size, unsigned flags) {
    static unsigned char drawn;
    REAL(getrandom);
    if (!frozen) return real(to, size, flags);
    for (size_t place = 0; place < size; place++) ((unsigned char *)to)[place] = drawn++;
    return (ssize_t)size;
}
