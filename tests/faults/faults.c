/* Preloaded into a program: counts its disk calls below one folder, and lets one of them kill it or fail.

   Needs no headers of the C library, so that a compiler alone builds it. For 64-bit Linux. */

typedef unsigned long size_t;
typedef long ssize_t;
typedef long off_t;
typedef unsigned int mode_t;

extern void *dlsym(void *handle, const char *symbol);
extern int *__errno_location(void);
extern int getpid(void);
extern int kill(int pid, int signal);
extern int snprintf(char *text, size_t size, const char *format, ...);
extern size_t strlen(const char *text);
extern int strncmp(const char *one, const char *other, size_t length);
extern ssize_t readlink(const char *path, char *target, size_t size);
extern char *getcwd(char *path, size_t size);

#define NEXT ((void *)-1L)
#define AT_FDCWD -100
#define O_CREAT 0100
#define SIGKILL 9
#define LONGEST 4200
#define EXPORTED __attribute__((visibility("default")))

enum kind { OPEN = 1, WRITE = 2, SYNC = 4, TRUNCATE = 8, RENAME = 16, LINK = 32, UNLINK = 64, MKDIR = 128, READ = 256 };

static char folder[LONGEST];
static long counted, first, last;
static int kinds, what, log_to = -1;

enum { KILL = -1, TEAR = -2 };

/* From now on count the calls of the given kinds below `below`; those numbered from `from` through `through` (from 1)
   fail with the error `does`, or kill the program before (KILL) or half-way through (TEAR). Each is written to the
   descriptor `log`, unless that is -1. */
EXPORTED void faults_begin(const char *below, int of_kinds, long from, long through, int does, int log) {
    snprintf(folder, sizeof folder, "%s", below);
    kinds = of_kinds;
    counted = 0;
    first = from;
    last = through;
    what = does;
    log_to = log;
}

EXPORTED long faults_counted(void) { return counted; }

static ssize_t (*real_write)(int, const void *, size_t);

static int is_below(const char *path) {
    size_t length = strlen(folder);
    return length && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static void place_of(int descriptor, char *path) {
    char name[40];
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(name, path, LONGEST - 1);
    path[length < 0 ? 0 : length] = 0;
}

/* What is to become of a call: 0 nothing, otherwise an error, or TEAR. */
static int fate(enum kind kind, const char *call, const char *path) {
    if (!(kinds & kind) || !is_below(path)) return 0;
    long number = __atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST);
    if (log_to >= 0) {
        char line[LONGEST + 40];
        int length = snprintf(line, sizeof line, "%s %s\n", call, path);
        if (!real_write) real_write = dlsym(NEXT, "write");
        if (real_write(log_to, line, length) < 0) return 0;
    }
    if (number < first || number > last || what == 0) return 0;
    if (what == KILL || (what == TEAR && kind != WRITE)) {
        kill(getpid(), SIGKILL);
        for (;;) {}
    }
    return what;
}

static int fate_at(enum kind kind, const char *call, int at, const char *path) {
    char whole[LONGEST];
    if (!folder[0] || !path) return 0;
    if (path[0] == '/') return fate(kind, call, path);
    char base[LONGEST];
    if (at == AT_FDCWD) {
        if (!getcwd(base, sizeof base)) return 0;
    } else {
        place_of(at, base);
    }
    snprintf(whole, sizeof whole, "%s/%s", base, path);
    return fate(kind, call, whole);
}

static int fate_of(enum kind kind, const char *call, int descriptor) {
    char path[LONGEST];
    if (!folder[0] || !(kinds & kind)) return 0;
    place_of(descriptor, path);
    return fate(kind, call, path);
}

#define REAL(type, name, ...)                        \
    static type (*real)(__VA_ARGS__);                \
    if (!real) real = dlsym(NEXT, #name)

#define FAILED(result, error) return *__errno_location() = (error), (result)

#define OPENING(name)                                                        \
    EXPORTED int name(const char *path, int flags, mode_t mode) {            \
        REAL(int, name, const char *, int, mode_t);                          \
        int error = flags & O_CREAT ? fate_at(OPEN, "open", AT_FDCWD, path) : 0; \
        if (error) FAILED(-1, error);                                        \
        return real(path, flags, mode);                                      \
    }

#define OPENING_AT(name)                                                     \
    EXPORTED int name(int at, const char *path, int flags, mode_t mode) {    \
        REAL(int, name, int, const char *, int, mode_t);                     \
        int error = flags & O_CREAT ? fate_at(OPEN, "open", at, path) : 0;   \
        if (error) FAILED(-1, error);                                        \
        return real(at, path, flags, mode);                                  \
    }

OPENING(open)
OPENING(open64)
OPENING_AT(openat)
OPENING_AT(openat64)

static void torn(int error) {
    if (error == TEAR) {
        kill(getpid(), SIGKILL);
        for (;;) {}
    }
}

EXPORTED ssize_t write(int descriptor, const void *bytes, size_t count) {
    REAL(ssize_t, write, int, const void *, size_t);
    int error = fate_of(WRITE, "write", descriptor);
    if (error == TEAR) real(descriptor, bytes, count / 2), torn(error);
    if (error) FAILED(-1, error);
    return real(descriptor, bytes, count);
}

#define WRITING(name)                                                                \
    EXPORTED ssize_t name(int descriptor, const void *bytes, size_t count, off_t at) { \
        REAL(ssize_t, name, int, const void *, size_t, off_t);                       \
        int error = fate_of(WRITE, "pwrite", descriptor);                            \
        if (error == TEAR) real(descriptor, bytes, count / 2, at), torn(error);      \
        if (error) FAILED(-1, error);                                                \
        return real(descriptor, bytes, count, at);                                   \
    }

WRITING(pwrite)
WRITING(pwrite64)

#define READING(name)                                                          \
    EXPORTED ssize_t name(int descriptor, void *bytes, size_t count, off_t at) { \
        REAL(ssize_t, name, int, void *, size_t, off_t);                       \
        int error = fate_of(READ, "pread", descriptor);                        \
        if (error) FAILED(-1, error);                                          \
        return real(descriptor, bytes, count, at);                             \
    }

READING(pread)
READING(pread64)

EXPORTED ssize_t read(int descriptor, void *bytes, size_t count) {
    REAL(ssize_t, read, int, void *, size_t);
    int error = fate_of(READ, "read", descriptor);
    if (error) FAILED(-1, error);
    return real(descriptor, bytes, count);
}

#define SYNCING(name)                                      \
    EXPORTED int name(int descriptor) {                    \
        REAL(int, name, int);                              \
        int error = fate_of(SYNC, #name, descriptor);      \
        if (error) FAILED(-1, error);                      \
        return real(descriptor);                           \
    }

SYNCING(fsync)
SYNCING(fdatasync)

#define TRUNCATING(name)                                     \
    EXPORTED int name(int descriptor, off_t length) {        \
        REAL(int, name, int, off_t);                         \
        int error = fate_of(TRUNCATE, "ftruncate", descriptor); \
        if (error) FAILED(-1, error);                        \
        return real(descriptor, length);                     \
    }

TRUNCATING(ftruncate)
TRUNCATING(ftruncate64)

#define ALLOCATING(name)                                           \
    EXPORTED int name(int descriptor, off_t at, off_t length) {    \
        REAL(int, name, int, off_t, off_t);                        \
        int error = fate_of(TRUNCATE, "fallocate", descriptor);    \
        return error ? error : real(descriptor, at, length);       \
    }

ALLOCATING(posix_fallocate)
ALLOCATING(posix_fallocate64)

EXPORTED int rename(const char *path, const char *name) {
    REAL(int, rename, const char *, const char *);
    int error = fate_at(RENAME, "rename", AT_FDCWD, name);
    if (error) FAILED(-1, error);
    return real(path, name);
}

EXPORTED int renameat(int from, const char *path, int to, const char *name) {
    REAL(int, renameat, int, const char *, int, const char *);
    int error = fate_at(RENAME, "rename", to, name);
    if (error) FAILED(-1, error);
    return real(from, path, to, name);
}

EXPORTED int renameat2(int from, const char *path, int to, const char *name, unsigned int flags) {
    REAL(int, renameat2, int, const char *, int, const char *, unsigned int);
    int error = fate_at(RENAME, "rename", to, name);
    if (error) FAILED(-1, error);
    return real(from, path, to, name, flags);
}

EXPORTED int link(const char *path, const char *name) {
    REAL(int, link, const char *, const char *);
    int error = fate_at(LINK, "link", AT_FDCWD, name);
    if (error) FAILED(-1, error);
    return real(path, name);
}

EXPORTED int linkat(int from, const char *path, int to, const char *name, int flags) {
    REAL(int, linkat, int, const char *, int, const char *, int);
    int error = fate_at(LINK, "link", to, name);
    if (error) FAILED(-1, error);
    return real(from, path, to, name, flags);
}

EXPORTED int unlink(const char *path) {
    REAL(int, unlink, const char *);
    int error = fate_at(UNLINK, "unlink", AT_FDCWD, path);
    if (error) FAILED(-1, error);
    return real(path);
}

EXPORTED int unlinkat(int at, const char *path, int flags) {
    REAL(int, unlinkat, int, const char *, int);
    int error = fate_at(UNLINK, "unlink", at, path);
    if (error) FAILED(-1, error);
    return real(at, path, flags);
}

EXPORTED int rmdir(const char *path) {
    REAL(int, rmdir, const char *);
    int error = fate_at(UNLINK, "rmdir", AT_FDCWD, path);
    if (error) FAILED(-1, error);
    return real(path);
}

EXPORTED int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    int error = fate_at(MKDIR, "mkdir", AT_FDCWD, path);
    if (error) FAILED(-1, error);
    return real(path, mode);
}

EXPORTED int mkdirat(int at, const char *path, mode_t mode) {
    REAL(int, mkdirat, int, const char *, mode_t);
    int error = fate_at(MKDIR, "mkdir", at, path);
    if (error) FAILED(-1, error);
    return real(at, path, mode);
}
