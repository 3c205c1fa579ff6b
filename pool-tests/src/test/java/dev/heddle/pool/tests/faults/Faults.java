package dev.heddle.pool.tests.faults;

import dev.heddle.pool.tests.Preload;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.EnumSet;
import java.util.Set;

/**
 * In a child of {@link FaultyJvm}: what becomes of the system calls that SQLite makes. One rule at
 * a time, for all threads.
 */
@SuppressWarnings("EnumOrdinal") // faults.c has them in the same order
final class Faults {

  /** Calls, as faults.c knows them: by their number. */
  enum Call {
    OPEN,
    READ,
    WRITE,
    SYNC,
    TRUNCATE,
    LOCK,
    MAP,
    UNLINK;

    /** Those after which there is something else on the disk. */
    static final Set<Call> CHANGING = EnumSet.of(OPEN, WRITE, SYNC, TRUNCATE, UNLINK);
  }

  /** Files that a database consists of. */
  enum Kind {
    DATABASE,
    WAL,
    INDEX,
    JOURNAL,
    PART,
    TEMPORARY
  }

  /** What the call does instead. */
  private enum Deed {
    NOTHING,
    FAIL,
    HALF,
    TORN,
    KILL_BEFORE,
    KILL_IN_THE_MIDDLE,
    KILL_AFTER
  }

  /** What strikes a call; the numbers are those of Linux. */
  enum Fault {
    /** Nothing: calls are counted. */
    NONE(Deed.NOTHING, 0),
    EIO(Deed.FAIL, 5),
    EINTR(Deed.FAIL, 4),
    EAGAIN(Deed.FAIL, 11),
    ENOMEM(Deed.FAIL, 12),
    ENOSPC(Deed.FAIL, 28),
    EDQUOT(Deed.FAIL, 122),
    /** Half of it is read or written, and that is said. */
    HALF(Deed.HALF, 0),
    /** Half of it is written, or the whole is done if there is no half, and EIO is said. */
    TORN(Deed.TORN, 5),
    KILL_BEFORE(Deed.KILL_BEFORE, 0),
    KILL_IN_THE_MIDDLE(Deed.KILL_IN_THE_MIDDLE, 0),
    KILL_AFTER(Deed.KILL_AFTER, 0);

    private final Deed deed;
    private final int errno;

    Fault(Deed deed, int errno) {
      this.deed = deed;
      this.errno = errno;
    }
  }

  /**
   * Which calls are struck, and by what.
   *
   * @param first the first of these calls that may be struck, from 1
   * @param last the last one
   * @param oneIn of so many that may be, one is
   * @param seed which one
   */
  record Rule(
      Fault fault, Set<Call> calls, Set<Kind> kinds, long first, long last, long oneIn, long seed) {

    /** Every one of these calls. */
    static Rule of(Fault fault, Set<Call> calls) {
      return new Rule(fault, calls, EnumSet.allOf(Kind.class), 1, Long.MAX_VALUE, 1, 0);
    }

    Rule on(Kind... kinds) {
      return new Rule(fault, calls, Set.of(kinds), first, last, oneIn, seed);
    }

    /** Only the n-th. */
    Rule at(long n) {
      return new Rule(fault, calls, kinds, n, n, oneIn, seed);
    }

    /** The n-th, and so many in all. */
    Rule at(long n, int times) {
      return new Rule(fault, calls, kinds, n, n + times - 1, oneIn, seed);
    }

    Rule oneIn(long many, long seed) {
      return new Rule(fault, calls, kinds, first, last, many, seed);
    }
  }

  private static final MethodHandle SET =
      function(
          "faults_set",
          FunctionDescriptor.ofVoid(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle CLEAR = function("faults_clear", FunctionDescriptor.ofVoid());
  private static final MethodHandle SEEN = count("faults_seen");
  private static final MethodHandle STRUCK = count("faults_struck");
  private static final MethodHandle LATEST = count("faults_latest");

  private Faults() {}

  private static MethodHandle count(String name) {
    return function(name, FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  /** Of the library that was preloaded: opening it once more gives the same one. */
  @SuppressWarnings("restricted") // the library is of these tests
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    SymbolLookup library =
        SymbolLookup.libraryLookup(System.getenv(Preload.VARIABLE), Arena.global());
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
  }

  /** From now on, and nothing else. */
  static void set(Rule rule) {
    try {
      SET.invokeExact(
          bits(rule.calls),
          bits(rule.kinds),
          rule.fault.deed.ordinal(),
          rule.fault.errno,
          rule.first,
          rule.last,
          rule.oneIn,
          rule.seed);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  private static int bits(Set<? extends Enum<?>> set) {
    return set.stream().mapToInt(element -> 1 << element.ordinal()).sum();
  }

  /** No faults any more. */
  static void clear() {
    try {
      CLEAR.invokeExact();
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** How many calls the rule was for, struck or not. */
  static long seen() {
    return number(SEEN);
  }

  /** How many calls the rule has struck. */
  static long struck() {
    return number(STRUCK);
  }

  /** The call that was struck last, in words. */
  static String latest() {
    long latest = number(LATEST);
    return latest < 0
        ? "nothing"
        : Call.values()[(int) latest & 0xFF] + " of " + Kind.values()[(int) (latest >> 8)];
  }

  private static long number(MethodHandle function) {
    try {
      return (long) function.invokeExact();
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }
}
