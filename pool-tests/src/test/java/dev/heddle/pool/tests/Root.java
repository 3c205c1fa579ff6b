package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What needs a superuser on Linux; a test that can't have it is skipped, saying why. */
final class Root {

  private Root() {}

  /** A file system of so many bytes at a folder, until it is closed. */
  static Mount tmpfs(Path folder, String size) throws IOException {
    run("a small tmpfs", "mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder + "");
    return new Mount(folder);
  }

  /** A folder once more, read-only, at another one, until it is closed. */
  static Mount readOnly(Path folder, Path at) throws IOException {
    run("a bind mount", "mount", "--bind", folder + "", at + "");
    Mount mount = new Mount(at);
    run("a read-only mount", "mount", "-o", "remount,ro,bind", at + "");
    return mount;
  }

  record Mount(Path folder) implements AutoCloseable {
    void makeReadOnly() throws IOException {
      run("a read-only mount", "mount", "-o", "remount,ro", folder + "");
    }

    @Override
    public void close() throws IOException {
      run("umount", "umount", "-l", folder + "");
    }
  }

  /** Makes a file or folder immutable, even for root, until it is closed. */
  static Immutable immutable(Path path) throws IOException {
    run("chattr +i", "chattr", "+i", path + "");
    return new Immutable(path);
  }

  record Immutable(Path path) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      run("chattr -i", "chattr", "-i", path + "");
    }
  }

  private static void run(String what, String... command) throws IOException {
    String output;
    int code;
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      code = process.waitFor();
    } catch (IOException e) {
      output = e.toString();
      code = -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    String reason = output.strip();
    // Root in a container may be without the right to mount or to change attributes: then there is
    // no file system of that kind to test on. What was missing is in the reason.
    assumeTrue(code == 0, () -> what + " is not to be had here: " + reason);
  }
}
