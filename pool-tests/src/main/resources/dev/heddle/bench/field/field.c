/*
 * The same SQL as the other contenders, in C: what SQLite can do on this machine.
 *
 *   field FILE SYNCHRONOUS pragmas               tells SQLite's version, and pragmas read back
 *   field FILE SYNCHRONOUS TASK WORKERS SECONDS  measures; tasks: read range scan insert batch
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROWS 100000
#define RANGE_ROWS 100
#define SCAN_ROWS 10000
#define BATCH_ROWS 10000
#define SUB 64
#define BUCKETS (36 * SUB)

typedef struct {
  uint64_t counts[BUCKETS], total, max, sum;
} histogram;

typedef struct {
  sqlite3 *db;
  sqlite3_stmt *statement;
  histogram times;
  uint64_t random;
} worker;

typedef void (*operation)(worker *);

static const char *file, *synchronous;
static operation task;
static sqlite3 *cleaner;
static char names[BATCH_ROWS][32];
static volatile int phase; /* 0: warming up, 1: measuring, 2: over */

static void fail(sqlite3 *db, const char *what) {
  fprintf(stderr, "%s: %s\n", what, db ? sqlite3_errmsg(db) : "");
  exit(1);
}

static void require(int condition, sqlite3 *db, const char *what) {
  if (!condition) fail(db, what);
}

static void run(sqlite3 *db, const char *sql) {
  require(sqlite3_exec(db, sql, 0, 0, 0) == SQLITE_OK, db, sql);
}

static sqlite3 *open_database(void) {
  sqlite3 *db;
  char pragma[64];
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  require(sqlite3_open_v2(file, &db, flags, 0) == SQLITE_OK, db, file);
  sqlite3_busy_timeout(db, 60000);
  run(db, "PRAGMA journal_mode = WAL; PRAGMA cache_size = -16384; PRAGMA mmap_size = 0;"
          "PRAGMA foreign_keys = ON");
  snprintf(pragma, sizeof pragma, "PRAGMA synchronous = %s", synchronous);
  run(db, pragma);
  return db;
}

static uint64_t nanos(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int bucket(uint64_t n) {
  int shift;
  if (n < SUB) return (int)n;
  shift = 57 - __builtin_clzll(n);
  return (shift + 1) * SUB + (int)(n >> shift) - SUB;
}

static uint64_t upper_bound(int b) {
  return b < SUB ? (uint64_t)b : ((uint64_t)(b % SUB + SUB + 1) << (b / SUB - 1)) - 1;
}

static void record(histogram *h, uint64_t n) {
  int b = bucket(n);
  h->counts[b < BUCKETS ? b : BUCKETS - 1]++;
  h->total++;
  h->sum += n;
  if (n > h->max) h->max = n;
}

static void tell(const char *name, const histogram *h, double share) {
  uint64_t seen = 0, wanted = (uint64_t)(h->total * share + 0.999999);
  for (int b = 0; b < BUCKETS; b++) {
    seen += h->counts[b];
    if (seen >= wanted && seen > 0) {
      uint64_t n = upper_bound(b) < h->max ? upper_bound(b) : h->max;
      printf("figure %s=%f\n", name, n / 1e3);
      return;
    }
  }
}

static uint64_t among(worker *w, uint64_t count) {
  w->random ^= w->random << 13;
  w->random ^= w->random >> 7;
  w->random ^= w->random << 17;
  return w->random % count + 1;
}

/* The row that is there, folded into a number; checked, too. */
static uint64_t row(worker *w, sqlite3_int64 wanted) {
  sqlite3_int64 id = sqlite3_column_int64(w->statement, 0);
  sqlite3_int64 balance = sqlite3_column_int64(w->statement, 2);
  const char *name = (const char *)sqlite3_column_text(w->statement, 1);
  require(name && balance == id * 17 && (!wanted || id == wanted), w->db, "not the row wanted");
  return id + balance + strlen(name);
}

static void done(worker *w) {
  require(sqlite3_reset(w->statement) == SQLITE_OK, w->db, "reset");
}

static void read_one(worker *w) {
  sqlite3_int64 id = among(w, ROWS);
  sqlite3_bind_int64(w->statement, 1, id);
  require(sqlite3_step(w->statement) == SQLITE_ROW, w->db, "read");
  row(w, id);
  done(w);
}

static void read_rows(worker *w, sqlite3_int64 first, int wanted) {
  int rows = 0;
  while (sqlite3_step(w->statement) == SQLITE_ROW) {
    row(w, first + rows++);
  }
  require(rows == wanted, w->db, "rows");
  done(w);
}

static void range(worker *w) {
  sqlite3_int64 first = among(w, ROWS - RANGE_ROWS + 1);
  sqlite3_bind_int64(w->statement, 1, first);
  sqlite3_bind_int64(w->statement, 2, first + RANGE_ROWS - 1);
  read_rows(w, first, RANGE_ROWS);
}

static void scan(worker *w) {
  sqlite3_bind_int64(w->statement, 1, SCAN_ROWS);
  read_rows(w, 1, SCAN_ROWS);
}

static void insert_row(worker *w, const char *name, double value) {
  sqlite3_bind_text(w->statement, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_double(w->statement, 2, value);
  require(sqlite3_step(w->statement) == SQLITE_DONE, w->db, "insert");
  done(w);
}

static void insert_one(worker *w) { insert_row(w, "name of a row", (double)among(w, ROWS)); }

static void batch(worker *w) {
  run(w->db, "BEGIN IMMEDIATE");
  for (int i = 0; i < BATCH_ROWS; i++) insert_row(w, names[i], i * 0.5);
  run(w->db, "COMMIT");
}

static const char *choose(const char *name) {
  for (int i = 0; i < BATCH_ROWS; i++) snprintf(names[i], sizeof names[i], "name of row %d", i);
  if (!strcmp(name, "read")) {
    task = read_one;
    return "SELECT id, name, balance FROM t WHERE id = ?";
  }
  if (!strcmp(name, "range")) {
    task = range;
    return "SELECT id, name, balance FROM t WHERE id BETWEEN ? AND ?";
  }
  if (!strcmp(name, "scan")) {
    task = scan;
    return "SELECT id, name, balance FROM t WHERE id <= ?";
  }
  task = strcmp(name, "batch") ? insert_one : batch;
  if (task == batch) cleaner = open_database();
  return "INSERT INTO b(name, value) VALUES (?, ?)";
}

static void *work(void *argument) {
  worker *w = argument;
  while (phase < 2) {
    uint64_t start;
    if (cleaner) run(cleaner, "DELETE FROM b; PRAGMA wal_checkpoint(TRUNCATE)");
    start = nanos(CLOCK_MONOTONIC);
    task(w);
    if (phase == 1) record(&w->times, nanos(CLOCK_MONOTONIC) - start);
  }
  sqlite3_finalize(w->statement);
  sqlite3_close(w->db);
  return 0;
}

static void pause_ms(long ms) {
  struct timespec t = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&t, 0);
}

static void measure(const char *name, int count, int seconds) {
  const char *sql = choose(name);
  worker *workers = calloc(count, sizeof *workers);
  pthread_t *threads = calloc(count, sizeof *threads);
  histogram *all = calloc(1, sizeof *all);
  uint64_t start, cpu, least = UINT64_MAX, most = 0, unserved = 0;
  double elapsed, spent;
  for (int i = 0; i < count; i++) {
    workers[i].db = open_database();
    workers[i].random = 0x9E3779B97F4A7C15ull * (i + 1);
    require(sqlite3_prepare_v2(workers[i].db, sql, -1, &workers[i].statement, 0) == SQLITE_OK,
            workers[i].db, sql);
  }
  for (int i = 0; i < count; i++) pthread_create(&threads[i], 0, work, &workers[i]);
  pause_ms(500);
  start = nanos(CLOCK_MONOTONIC);
  cpu = nanos(CLOCK_PROCESS_CPUTIME_ID);
  phase = 1;
  pause_ms(seconds * 1000L);
  phase = 2;
  elapsed = (nanos(CLOCK_MONOTONIC) - start) / 1e9;
  spent = (nanos(CLOCK_PROCESS_CPUTIME_ID) - cpu) / 1e3;
  for (int i = 0; i < count; i++) {
    histogram *h = &workers[i].times;
    pthread_join(threads[i], 0);
    for (int b = 0; b < BUCKETS; b++) all->counts[b] += h->counts[b];
    all->total += h->total;
    all->sum += h->sum;
    if (h->max > all->max) all->max = h->max;
    if (h->total < least) least = h->total;
    if (h->total > most) most = h->total;
    unserved += h->total == 0;
  }
  printf("figure perSecond=%f\n", cleaner ? all->total * 1e9 / all->sum : all->total / elapsed);
  printf("figure cpuMicros=%f\n", spent / all->total);
  printf("figure leastServed=%llu\n", (unsigned long long)least);
  printf("figure mostServed=%llu\n", (unsigned long long)most);
  printf("figure unserved=%llu\n", (unsigned long long)unserved);
  tell("opP50Micros", all, 0.5);
  tell("opP99Micros", all, 0.99);
  tell("opP999Micros", all, 0.999);
  tell("opMaxMicros", all, 1);
}

static void pragmas(void) {
  static const char *const names[] = {"journal_mode",  "synchronous",  "cache_size",
                                      "mmap_size",     "foreign_keys", "busy_timeout",
                                      "wal_autocheckpoint", "temp_store", "page_size"};
  sqlite3 *db = open_database();
  printf("version=%s\n", sqlite3_libversion());
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char sql[64];
    sqlite3_stmt *statement;
    snprintf(sql, sizeof sql, "PRAGMA %s", names[i]);
    require(sqlite3_prepare_v2(db, sql, -1, &statement, 0) == SQLITE_OK, db, sql);
    require(sqlite3_step(statement) == SQLITE_ROW, db, sql);
    printf("%s=%s\n", names[i], (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
  }
}

int main(int argc, char **argv) {
  if (argc != 4 && argc != 6) return 2;
  file = argv[1];
  synchronous = argv[2];
  if (argc == 4) {
    pragmas();
  } else {
    measure(argv[3], atoi(argv[4]), atoi(argv[5]));
  }
  return 0;
}
