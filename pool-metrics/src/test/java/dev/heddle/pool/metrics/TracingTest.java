package dev.heddle.pool.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The leases of a request, as spans of OpenTelemetry. */
class TracingTest {

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
  private final ObservationRegistry observations = ObservationRegistry.create();
  private SqlitePool real;
  private LeasePool pool;

  @BeforeEach
  void open() throws SQLException {
    real = SqlitePool.ephemeral();
    real.useWriter(lease -> lease.update("CREATE TABLE t(v)"));
    // page: tracing
    Tracer tracer = new OtelTracer(provider.get("app"), new OtelCurrentTraceContext(), event -> {});
    observations
        .observationConfig()
        .observationHandler(new DefaultTracingObservationHandler(tracer));
    pool = ObservedPool.of(real, observations);
    // page end
  }

  @AfterEach
  void close() {
    pool.close();
    provider.close();
  }

  private SpanData span(String name) {
    return exporter.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " in " + exporter.getFinishedSpanItems()));
  }

  private void request(LeasePool asked) throws SQLException {
    Observation request = Observation.start("http.request", observations);
    try (Observation.Scope _ = request.openScope()) {
      asked.useWriter(lease -> lease.update("INSERT INTO t(v) VALUES (?)", "secret"));
    } finally {
      request.stop();
    }
  }

  private void assertNested() {
    SpanData lease = span("heddle.lease");
    assertEquals(span("http.request").getSpanId(), lease.getParentSpanId());
    assertEquals(lease.getSpanId(), span("heddle.lease.commit").getParentSpanId());
    assertEquals(3, exporter.getFinishedSpanItems().size());
  }

  @Test
  void spans_ofAWriteInARequest_areNested() throws SQLException {
    request(pool);
    assertNested();
    assertEquals("heddle.granted", span("heddle.lease").getEvents().getFirst().getName());
  }

  @Test
  void spans_ofALeaseThatIsCommittedElsewhere_areNested() throws Exception {
    Observation request = Observation.start("http.request", observations);
    WriteLease lease;
    try (Observation.Scope _ = request.openScope()) {
      lease = pool.acquireWriter();
    }
    Threads.result(
        Threads.start(
            () -> {
              lease.update("INSERT INTO t(v) VALUES (1)");
              lease.commit();
              return lease;
            }));
    request.stop();
    assertNested();
  }

  @Test
  void span_ofASlowStatement_hasItsSqlAndNoValues() throws SQLException {
    request(ObservedPool.of(real, observations, Duration.ofNanos(1)));
    SpanData lease = span("heddle.lease");
    assertEquals(
        "INSERT INTO t(v) VALUES (?)",
        lease.getAttributes().get(AttributeKey.stringKey("heddle.slow.sql")));
    assertEquals("slow: INSERT INTO t(v) VALUES (?)", lease.getEvents().getLast().getName());
  }
}
