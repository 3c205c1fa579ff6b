package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The blocks of a page that show what a program has said, each marked with its name, {@code <!--
 * output: dump -->}. Numbers and times may be others than those that were shown, and {@code …}
 * stands for what the page leaves out.
 */
record ShownOutput(Map<String, String> blocks) {

  private static final Pattern BLOCK =
      Pattern.compile("<!-- output: ([\\w-]+) -->\n```text\n(.*?)\n```", Pattern.DOTALL);

  private static final Pattern NUMBER = Pattern.compile("\\d[\\d.,:]*(?<=\\d)");
  private static final Pattern UNIT = Pattern.compile("# (ms|s|threads?)\\b");
  private static final String LEFT_OUT = "…";

  static ShownOutput read(Path page) throws IOException {
    Map<String, String> blocks = new LinkedHashMap<>();
    BLOCK
        .matcher(Files.readString(page))
        .results()
        .forEach(block -> blocks.put(block.group(1), block.group(2)));
    return new ShownOutput(blocks);
  }

  /** Fails unless this is what the block of that name shows. */
  void requireShown(String name, String said) {
    String shown = Objects.requireNonNull(blocks.get(name), name);
    String pattern =
        Arrays.stream(withoutNumbers(shown).split(LEFT_OUT, -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    assertTrue(
        Pattern.compile(pattern, Pattern.DOTALL).matcher(withoutNumbers(said)).matches(),
        () -> "the page shows of " + name + ":\n" + shown + "\nbut this was said:\n" + said);
  }

  private static String withoutNumbers(String text) {
    String numbers = NUMBER.matcher(text.strip()).replaceAll("#");
    return UNIT.matcher(numbers).replaceAll("#");
  }
}
