package dev.heddle.bench.dashboard;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Tells the meters of a registry to whoever asks on a free port of this machine. */
public final class MetersServer implements AutoCloseable {

  private final HttpServer server;

  private MetersServer(HttpServer server) {
    this.server = server;
  }

  /** Begins to tell. */
  public static MetersServer start(PrometheusMeterRegistry registry) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/metrics",
        exchange -> {
          byte[] meters = registry.scrape().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
          exchange.sendResponseHeaders(200, meters.length);
          exchange.getResponseBody().write(meters);
          exchange.close();
        });
    server.start();
    return new MetersServer(server);
  }

  /** Its port. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
