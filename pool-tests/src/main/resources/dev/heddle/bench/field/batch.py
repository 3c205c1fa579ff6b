"""Many rows at once in Python, by executemany.

batch.py FILE SYNCHRONOUS pragmas        tells SQLite's version, and pragmas read back
batch.py FILE SYNCHRONOUS batch 1 SECONDS
"""

import sqlite3
import sys
import time

ROWS = 10_000
PRAGMAS = (
    "journal_mode synchronous cache_size mmap_size foreign_keys busy_timeout"
    " wal_autocheckpoint temp_store page_size"
).split()


def connect(file, synchronous):
    connection = sqlite3.connect(file, timeout=60)
    for pragma in (
        "journal_mode = WAL",
        "cache_size = -16384",
        "mmap_size = 0",
        "foreign_keys = ON",
        f"synchronous = {synchronous}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def pragmas(connection):
    print(f"version={sqlite3.sqlite_version}")
    for pragma in PRAGMAS:
        print(f"{pragma}={connection.execute(f'PRAGMA {pragma}').fetchone()[0]}")


def batch(connection, items):
    connection.executemany("INSERT INTO b(name, value) VALUES (?, ?)", items)
    connection.commit()


def measure(connection, cleaner, seconds):
    items = [(f"name of row {i}", i * 0.5) for i in range(ROWS)]
    times = []
    warm = time.perf_counter_ns() + 500_000_000
    end = warm + seconds * 1_000_000_000
    while time.perf_counter_ns() < end:
        cleaner.execute("DELETE FROM b")
        cleaner.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        start = time.perf_counter_ns()
        batch(connection, items)
        if start >= warm:
            times.append(time.perf_counter_ns() - start)
    times.sort()
    print(f"figure perSecond={1e9 * len(times) / sum(times)}")
    print(f"figure opP50Micros={times[len(times) // 2] / 1e3}")
    print(f"figure opMaxMicros={times[-1] / 1e3}")


def main():
    file, synchronous, task = sys.argv[1:4]
    connection = connect(file, synchronous)
    if task == "pragmas":
        pragmas(connection)
    else:
        cleaner = connect(file, synchronous)
        cleaner.isolation_level = None
        measure(connection, cleaner, int(sys.argv[5]))


main()
