package dev.heddle.pool.tests;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes texts of rules. A rule is a line, {@code name: one|another}, in which {@code <name>} stands
 * for what that rule makes, a keyword for itself in any case, and a blank often for what {@code
 * <blank>} makes; with {@code name= one|another} both stay as they are. Where a text has become
 * deep, each rule makes its first form.
 */
final class Grammar {

  private static final int DEEP = 6;
  private static final Pattern REFERENCE = Pattern.compile("<([a-z]+)>");
  private static final Pattern KEYWORD = Pattern.compile("\\b[A-Z]{2,}\\b");

  private record Rule(boolean literal, List<String> forms) {}

  private final Map<String, Rule> rules = new HashMap<>();
  private final Random random;

  Grammar(String rules, Random random) {
    this.random = random;
    rules.lines().forEach(this::add);
  }

  private void add(String rule) {
    int name = rule.indexOf(' ') - 1;
    List<String> forms = List.of(rule.substring(name + 2).translateEscapes().split("\\|", -1));
    rules.put(rule.substring(0, name), new Rule(rule.charAt(name) == '=', forms));
  }

  /** A text of this rule. */
  String make(String name) {
    return make(name, 0);
  }

  private String make(String name, int depth) {
    Rule rule = Objects.requireNonNull(rules.get(name), name);
    List<String> forms = rule.forms();
    String form = depth > DEEP ? forms.getFirst() : forms.get(random.nextInt(forms.size()));
    String varied = rule.literal() ? form : blanks(KEYWORD.matcher(form).replaceAll(this::cased));
    return REFERENCE
        .matcher(varied)
        .replaceAll(found -> Matcher.quoteReplacement(make(found.group(1), depth + 1)));
  }

  private String blanks(String form) {
    return form.replace(" ", random.nextInt(3) == 0 ? "<blank>" : " ");
  }

  private String cased(MatchResult keyword) {
    return switch (random.nextInt(4)) {
      case 0 -> keyword.group().toLowerCase(Locale.ROOT);
      case 1 -> keyword.group().charAt(0) + keyword.group().substring(1).toLowerCase(Locale.ROOT);
      default -> keyword.group();
    };
  }
}
