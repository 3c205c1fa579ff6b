package dev.heddle.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /users/{id}}: the pool is opened when the server starts, and closed with it. */
public final class WebServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final String PATH = "/users/";
  private static final Answer NOT_FOUND = new Answer(404, "{\"error\":\"no such user\"}");

  private final SqlitePool pool;
  private final Users users;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private record Answer(int status, String json) {}

  /** Starts the server; on port 0, it takes one that is free. */
  public WebServer(PoolConfig config, int port) throws SQLException, IOException {
    pool = SqlitePool.open(config);
    try {
      Users.schema().apply(pool);
      users = new Users(pool);
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      server.setExecutor(threads); // each request runs on a virtual thread of its own
      server.createContext(PATH, this::handle);
      server.start();
    } catch (Throwable t) {
      pool.close();
      throw t;
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String id = exchange.getRequestURI().getPath().substring(PATH.length());
      Answer answer = answer(exchange.getRequestMethod(), id);
      byte[] body = answer.json().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer answer(String method, String id) {
    if (!method.equals("GET")) {
      return new Answer(405, "{\"error\":\"only GET\"}");
    }
    try {
      return id.matches("\\d{1,18}")
          ? users.json(Long.parseLong(id)).map(json -> new Answer(200, json)).orElse(NOT_FOUND)
          : NOT_FOUND;
    } catch (SQLTransientConnectionException e) { // no lease within acquire-timeout
      return new Answer(503, "{\"error\":\"busy, try again\"}");
    } catch (SQLException e) {
      LOG.error("GET {}{} failed", PATH, id, e);
      return new Answer(500, "{\"error\":\"internal error\"}");
    }
  }

  @Override
  public void close() {
    server.stop(5); // takes no more requests, and gives the running ones 5 seconds
    pool.close(); // gives open leases close-timeout
    threads.close();
  }

  public static void main(String[] args) throws SQLException, IOException {
    Path database = Path.of(args.length == 0 ? "users.db" : args[0]);
    WebServer server = new WebServer(PoolConfig.builder(database).build(), 8080);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
    IO.println("http://localhost:" + server.port() + PATH + "1");
  }
}
