/*
 * Preloaded into a JVM: writes down what it does to the files of one folder, in the order in which
 * it happens. One lock is held around a call and its record. Only while a file is being synced,
 * others go on: what is written meanwhile need not be in that sync, so its begin and its end are
 * two records.
 *
 * WRITELOG_FOLDER: the folder, by its real path. Only files that are directly in it are meant.
 * WRITELOG_LOG: the log, somewhere else. A record is a struct record and its data.
 *
 * Left out: the -shm file, which SQLite makes anew after a crash; and calls that neither SQLite nor
 * Heddle needs. (The test sees that none is missing: it makes the same files from the log.)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { CREATE, LINK, UNLINK, WRITE, TRUNCATE, SYNC, SYNCED };

struct record {
  uint32_t kind;
  uint32_t length; /* of the data: a name, or what was written */
  uint64_t file;   /* its inode */
  uint64_t number; /* where in the file; its size; which sync */
};

#define FOLDER UINT64_MAX /* in the place of an inode */
#define DESCRIPTORS 65536

#define REAL(name) ((__typeof__(&name))real(#name))

static const char *folder;
static int log_fd = -1;
static uint64_t files[DESCRIPTORS]; /* the inode behind a descriptor; 0: none of the folder's */
static uint64_t syncs;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}

__attribute__((constructor)) static void begin(void) {
  folder = getenv("WRITELOG_FOLDER");
  const char *path = getenv("WRITELOG_LOG");
  if (!folder || !path) abort();
  log_fd = REAL(open64)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd < 0) abort();
}

/* The name of a file of the folder, or null. */
static const char *name_of(const char *path) {
  size_t length = strlen(folder);
  if (strncmp(path, folder, length) != 0 || path[length] != '/') return NULL;
  const char *name = path + length + 1;
  size_t rest = strlen(name);
  if (rest > 4 && strcmp(name + rest - 4, "-shm") == 0) return NULL;
  return *name && !strchr(name, '/') ? name : NULL;
}

static uint64_t file_of(int fd) { return fd >= 0 && fd < DESCRIPTORS ? files[fd] : 0; }

static uint64_t inode_of(const char *path) {
  struct stat found;
  return lstat(path, &found) == 0 ? found.st_ino : 0;
}

static void put(enum kind kind, uint64_t file, uint64_t number, const void *data, size_t length) {
  int before = errno;
  struct record record = {kind, (uint32_t)length, file, number};
  struct iovec parts[] = {{&record, sizeof record}, {(void *)data, length}};
  if (writev(log_fd, parts, 2) != (ssize_t)(sizeof record + length)) abort();
  errno = before;
}

int open64(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  const char *name = name_of(path);
  int is_folder = strcmp(path, folder) == 0;
  if (!name && !is_folder) return REAL(open64)(path, flags, mode);
  pthread_mutex_lock(&lock);
  uint64_t existed = inode_of(path);
  int fd = REAL(open64)(path, flags, mode);
  if (fd >= 0) {
    if (fd >= DESCRIPTORS) abort();
    uint64_t file = inode_of(path);
    files[fd] = is_folder ? FOLDER : file;
    if (!existed) put(CREATE, file, 0, name, strlen(name));
    else if (flags & O_TRUNC) put(TRUNCATE, file, 0, NULL, 0);
  }
  pthread_mutex_unlock(&lock);
  return fd;
}

int close(int fd) {
  if (file_of(fd)) files[fd] = 0;
  return REAL(close)(fd);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  uint64_t file = file_of(fd);
  if (!file) return REAL(pwrite64)(fd, data, length, offset);
  pthread_mutex_lock(&lock);
  ssize_t written = REAL(pwrite64)(fd, data, length, offset);
  if (written > 0) put(WRITE, file, (uint64_t)offset, data, (size_t)written);
  pthread_mutex_unlock(&lock);
  return written;
}

ssize_t write(int fd, const void *data, size_t length) {
  uint64_t file = file_of(fd);
  if (!file) return REAL(write)(fd, data, length);
  pthread_mutex_lock(&lock);
  ssize_t written = REAL(write)(fd, data, length);
  if (written > 0) {
    off64_t end = lseek64(fd, 0, SEEK_CUR);
    put(WRITE, file, (uint64_t)(end - written), data, (size_t)written);
  }
  pthread_mutex_unlock(&lock);
  return written;
}

/* Without these the JVM copies by write(), which is seen here. */
ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *offset, size_t length,
                        unsigned flags) {
  (void)from, (void)at, (void)to, (void)offset, (void)length, (void)flags;
  errno = ENOSYS;
  return -1;
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t length) {
  (void)to, (void)from, (void)offset, (void)length;
  errno = EINVAL;
  return -1;
}

int ftruncate64(int fd, off64_t size) {
  uint64_t file = file_of(fd);
  if (!file) return REAL(ftruncate64)(fd, size);
  pthread_mutex_lock(&lock);
  int result = REAL(ftruncate64)(fd, size);
  if (result == 0) put(TRUNCATE, file, (uint64_t)size, NULL, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

static int synced(int fd, int (*call)(int)) {
  uint64_t file = file_of(fd);
  if (!file) return call(fd);
  pthread_mutex_lock(&lock);
  uint64_t sync = ++syncs;
  put(SYNC, file, sync, NULL, 0);
  pthread_mutex_unlock(&lock);
  int result = call(fd);
  if (result == 0) {
    pthread_mutex_lock(&lock);
    put(SYNCED, file, sync, NULL, 0);
    pthread_mutex_unlock(&lock);
  }
  return result;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }

int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

int unlink(const char *path) {
  const char *name = name_of(path);
  if (!name) return REAL(unlink)(path);
  pthread_mutex_lock(&lock);
  int result = REAL(unlink)(path);
  if (result == 0) put(UNLINK, 0, 0, name, strlen(name));
  pthread_mutex_unlock(&lock);
  return result;
}

int link(const char *from, const char *to) {
  const char *name = name_of(to);
  if (!name) return REAL(link)(from, to);
  pthread_mutex_lock(&lock);
  int result = REAL(link)(from, to);
  if (result == 0) put(LINK, inode_of(to), 0, name, strlen(name));
  pthread_mutex_unlock(&lock);
  return result;
}
