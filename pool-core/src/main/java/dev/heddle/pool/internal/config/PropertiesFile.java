package dev.heddle.pool.internal.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;

/** Reads a properties file in UTF-8; errors name the file. */
final class PropertiesFile {

  private PropertiesFile() {}

  static Properties read(Path file) throws IOException {
    String text = withoutByteOrderMark(text(file));
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      // usually a Windows path: a backslash and a u start an escape
      String advice = "; write a backslash as \\\\, or use / in paths";
      throw new IllegalArgumentException("file " + file + ": " + e.getMessage() + advice, e);
    }
    return properties;
  }

  private static String text(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "is a folder, not a properties file");
    }
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      String reason = "no such configuration file (looked for " + file.toAbsolutePath() + ")";
      NoSuchFileException clearer = new NoSuchFileException(file.toString(), null, reason);
      clearer.initCause(e);
      throw clearer;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("file " + file + ": is not text in UTF-8", e);
    }
  }

  // some editors write one, and it would become part of the first key
  private static String withoutByteOrderMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
