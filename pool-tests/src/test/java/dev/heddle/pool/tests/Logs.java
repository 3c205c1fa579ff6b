package dev.heddle.pool.tests;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What the pool logs, from construction to {@link #close}. */
public final class Logs extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.heddle.pool");
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

  private Logs() {}

  public static Logs capture() {
    Logs logs = new Logs();
    logs.start();
    logs.logger.addAppender(logs);
    return logs;
  }

  /** With what is only for information, which is not logged otherwise. */
  public static Logs captureInformation() {
    Logs logs = capture();
    logs.logger.setLevel(Level.INFO);
    return logs;
  }

  /** With everything that may ever be logged. */
  public static Logs captureAll() {
    Logs logs = capture();
    logs.logger.setLevel(Level.TRACE);
    return logs;
  }

  @Override
  protected void append(ILoggingEvent event) {
    events.add(event);
  }

  /** The warnings and errors so far. */
  public List<String> warnings() {
    return events.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /** The warnings and errors so far that contain this text. */
  public List<String> warnings(String part) {
    return warnings().stream().filter(warning -> warning.contains(part)).toList();
  }

  /** What was said so far, at any level, that contains this text. */
  public List<String> said(String part) {
    return events.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(message -> message.contains(part))
        .toList();
  }

  /** The stack traces logged with the warnings and errors so far that contain this text. */
  public List<String> traces(String part) {
    return events.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .filter(event -> event.getFormattedMessage().contains(part))
        .map(ILoggingEvent::getThrowableProxy)
        .filter(Objects::nonNull)
        .map(ThrowableProxyUtil::asString)
        .toList();
  }

  /** Every message so far, at any level, with its stack trace if it has one. */
  public List<String> all() {
    return events.stream()
        .map(event -> event.getFormattedMessage() + trace(event.getThrowableProxy()))
        .toList();
  }

  private static String trace(@Nullable IThrowableProxy thrown) {
    return thrown == null ? "" : ThrowableProxyUtil.asString(thrown);
  }

  @Override
  public void close() {
    logger.setLevel(null);
    logger.detachAppender(this);
    stop();
  }
}
