/*
 * The system calls that SQLite makes for a database, made to fail, or to be the last thing that the
 * process does. To be preloaded (LD_PRELOAD) into a JVM, whose Faults.java sets the one rule there
 * is: which calls, on which files, from which of them on, and what becomes of them.
 *
 * These are the symbols that the driver's library imports (nm -D libsqlitejdbc.so). The JDK's own
 * files go through some of them, too: there it is the pool's Java code that meets the fault.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* In the order of Faults.Call, Faults.Kind, Faults.Deed: Java gives their ordinals. */
enum call { OPEN, READ, WRITE, SYNC, TRUNCATE, LOCK, MAP, UNLINK };
enum kind { NO_KIND = -1, DATABASE, WAL, INDEX, JOURNAL, PART, TEMPORARY };
enum deed { NOTHING, FAIL, HALF, TORN, KILL_BEFORE, KILL_IN_THE_MIDDLE, KILL_AFTER };

static _Atomic int calls, kinds, deed, error;
static _Atomic long first, last, one_in, seed, seen, struck, latest;

/* The kind of file behind each descriptor, plus one: zero is none. */
#define DESCRIPTORS 65536
static _Atomic signed char descriptors[DESCRIPTORS];

/* The function of the same name that would be called without this library. */
#define REAL(name)                         \
  static __typeof__(&name) real;           \
  if (real == NULL) {                      \
    *(void **)&real = dlsym(RTLD_NEXT, #name); \
  }

static int ends_with(const char *text, const char *suffix) {
  size_t length = strlen(text), tail = strlen(suffix);
  return length >= tail && strcmp(text + length - tail, suffix) == 0;
}

static enum kind kind_of_path(const char *path) {
  return strstr(path, "/etilqs_") != NULL  ? TEMPORARY
         : strstr(path, ".db.part") != NULL ? PART
         : ends_with(path, ".db")          ? DATABASE
         : ends_with(path, ".db-wal")      ? WAL
         : ends_with(path, ".db-shm")      ? INDEX
         : ends_with(path, ".db-journal")  ? JOURNAL
                                           : NO_KIND;
}

static enum kind kind_of(int fd) {
  return fd >= 0 && fd < DESCRIPTORS ? descriptors[fd] - 1 : NO_KIND;
}

static void remember(int fd, enum kind kind) {
  if (fd >= 0 && fd < DESCRIPTORS) {
    descriptors[fd] = (signed char)(kind + 1);
  }
}

/* A number that is as good as random, and the same for the n-th call of every run (splitmix64). */
static uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static _Noreturn void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) {
    pause();
  }
}

/* What becomes of a call that is about to be made. */
static enum deed deed_of(enum call call, enum kind kind) {
  if (kind == NO_KIND || !(calls >> call & 1) || !(kinds >> kind & 1)) {
    return NOTHING;
  }
  long n = atomic_fetch_add(&seen, 1) + 1;
  if (deed == NOTHING || n < first || n > last || mixed((uint64_t)(seed + n)) % (uint64_t)one_in != 0) {
    return NOTHING;
  }
  enum deed what = deed;
  if (what == KILL_BEFORE) {
    die();
  }
  latest = call | kind << 8;
  atomic_fetch_add(&struck, 1);
  return what;
}

static long failed(void) {
  errno = error;
  return -1;
}

/* After a call that was made, if only in part: what its caller is told. */
static long told(enum deed what, long result) {
  switch (what) {
    case KILL_IN_THE_MIDDLE:
    case KILL_AFTER:
      die();
    case TORN:
      return failed();
    default:
      return result;
  }
}

static size_t part(enum deed what, size_t size) {
  return what == HALF || what == TORN || what == KILL_IN_THE_MIDDLE ? (size + 1) / 2 : size;
}

/* The rule, from Java. While it changes, none holds. */

void faults_set(int of_calls, int on_kinds, int do_deed, int with_error, long from, long to,
                long of_so_many, long random_seed) {
  calls = 0;
  kinds = on_kinds;
  deed = do_deed;
  error = with_error;
  first = from;
  last = to;
  one_in = of_so_many;
  seed = random_seed;
  seen = struck = 0;
  latest = -1;
  calls = of_calls;
}

void faults_clear(void) { calls = 0; }

/* Calls that the rule was asked about, and those it struck; the last of them as call | kind << 8. */
long faults_seen(void) { return seen; }
long faults_struck(void) { return struck; }
long faults_latest(void) { return latest; }

/* The calls. A mode or an argument that was not passed is read all the same, and not looked at. */

int open64(const char *path, int flags, ...) {
  REAL(open64);
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = va_arg(arguments, mode_t);
  va_end(arguments);
  enum kind kind = kind_of_path(path);
  enum deed what = deed_of(OPEN, kind);
  if (what == FAIL || what == TORN) {
    return (int)failed();
  }
  int fd = real(path, flags, mode);
  remember(fd, kind);
  return (int)told(what, fd);
}

int close(int fd) {
  REAL(close);
  remember(fd, NO_KIND); /* before somebody else can have the number */
  return real(fd);
}

ssize_t pread64(int fd, void *buffer, size_t size, off64_t offset) {
  REAL(pread64);
  enum deed what = deed_of(READ, kind_of(fd));
  return what == FAIL ? failed() : told(what, real(fd, buffer, part(what, size), offset));
}

ssize_t pwrite64(int fd, const void *buffer, size_t size, off64_t offset) {
  REAL(pwrite64);
  enum deed what = deed_of(WRITE, kind_of(fd));
  return what == FAIL ? failed() : told(what, real(fd, buffer, part(what, size), offset));
}

int fsync(int fd) {
  REAL(fsync);
  enum deed what = deed_of(SYNC, kind_of(fd));
  return (int)(what == FAIL ? failed() : told(what, real(fd)));
}

int ftruncate64(int fd, off64_t size) {
  REAL(ftruncate64);
  enum deed what = deed_of(TRUNCATE, kind_of(fd));
  return (int)(what == FAIL ? failed() : told(what, real(fd, size)));
}

/* Only what asks for a lock: the kernel does not refuse to take one back. */
static int takes_lock(int command, void *argument) {
  return (command == F_SETLK || command == F_SETLKW) &&
         ((struct flock *)argument)->l_type != F_UNLCK;
}

int fcntl(int fd, int command, ...) {
  REAL(fcntl);
  va_list arguments;
  va_start(arguments, command);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  enum deed what = takes_lock(command, argument) ? deed_of(LOCK, kind_of(fd)) : NOTHING;
  if (what == FAIL || what == TORN) {
    return (int)failed();
  }
  return (int)told(what, real(fd, command, argument));
}

void *mmap64(void *address, size_t size, int protection, int flags, int fd, off64_t offset) {
  REAL(mmap64);
  enum deed what = deed_of(MAP, kind_of(fd));
  if (what == FAIL || what == TORN) {
    errno = error;
    return MAP_FAILED;
  }
  void *mapped = real(address, size, protection, flags, fd, offset);
  told(what, 0);
  return mapped;
}

int unlink(const char *path) {
  REAL(unlink);
  enum deed what = deed_of(UNLINK, kind_of_path(path));
  return (int)(what == FAIL ? failed() : told(what, real(path)));
}
