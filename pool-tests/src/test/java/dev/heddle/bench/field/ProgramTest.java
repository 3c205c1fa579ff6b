package dev.heddle.bench.field;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs it makes are shell scripts")
class ProgramTest {

  @TempDir Path folder;
  private Path tools;

  @BeforeEach
  void createFolderOfTools() throws IOException {
    tools = Files.createDirectory(folder.resolve("tools"));
  }

  /** A tool that is a shell script. */
  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private Program c() throws Program.Absent, InterruptedException {
    return Program.c(tools.toString(), folder, folder.resolve("some.db"));
  }

  private String whyAbsent() {
    return String.valueOf(assertThrows(Program.Absent.class, this::c).getMessage());
  }

  @Test
  void c_noCompilerOnThePath_saysWhatWasLookedFor() {
    assertEquals("no cc or gcc was found", whyAbsent());
  }

  @Test
  void c_compilerFails_saysWhatItSaid() throws IOException {
    tool("cc", "echo 'sqlite3.h: No such file' >&2; exit 1");
    String why = whyAbsent();
    assertTrue(why.contains("sqlite3.h: No such file"), why);
  }

  @Test
  void c_programDoesNotRun_isAbsent() throws IOException {
    tool("cc", "exit 0");
    assertTrue(whyAbsent().contains("does not run"));
  }

  @Test
  void c_onlyGccIsThere_isCompiledByIt() throws Exception {
    // What it "compiles" tells what the real program tells, and no more.
    tool(
        "gcc",
        """
        printf '#!/bin/sh\\necho version=3.99.0\\necho synchronous=1\\n' > %1$s
        chmod +x %1$s
        """
            .formatted("'" + folder.resolve("field") + "'")
            .replace("chmod", "/bin/chmod"));
    Program program = c();
    assertEquals("3.99.0", program.version());
    assertEquals(Map.of("synchronous", "1"), program.pragmas());
  }

  @Test
  void python_notOnThePath_saysWhatWasLookedFor() {
    Program.Absent absent =
        assertThrows(
            Program.Absent.class,
            () -> Program.python(tools.toString(), folder, folder.resolve("some.db")));
    assertEquals("no python3 was found", absent.getMessage());
  }
}
