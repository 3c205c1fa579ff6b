package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebServerTest {

  private static final int USERS = 50;

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private PoolConfig config;
  private WebServer server;

  @BeforeEach
  void start() throws SQLException, IOException {
    config = PoolConfig.builder(folder.resolve("users.db")).build();
    try (SqlitePool pool = SqlitePool.open(config)) {
      Users.schema().apply(pool);
      Users users = new Users(pool);
      for (int i = 1; i <= USERS; i++) {
        users.add("User " + i, i + "@example.com");
      }
    }
    server = new WebServer(config, 0);
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void get_userThere_answers200WithJson() throws Exception {
    HttpResponse<String> response = get("/users/7");
    assertEquals(200, response.statusCode());
    assertEquals(List.of("application/json"), response.headers().allValues("Content-Type"));
    assertEquals("{\"id\":7,\"name\":\"User 7\",\"email\":\"7@example.com\"}", response.body());
  }

  @Test
  void get_noSuchUser_answers404() throws Exception {
    HttpResponse<String> response = get("/users/51");
    assertEquals(404, response.statusCode());
    assertEquals("{\"error\":\"no such user\"}", response.body());
  }

  @Test
  void get_idIsNoNumber_answers404() throws Exception {
    assertEquals(404, get("/users/").statusCode());
    assertEquals(404, get("/users/1%20OR%201=1").statusCode());
    assertEquals(404, get("/users/99999999999999999999").statusCode());
  }

  @Test
  void post_user_answers405() throws Exception {
    HttpRequest post = request("/users/7").POST(HttpRequest.BodyPublishers.noBody()).build();
    assertEquals(405, client.send(post, BodyHandlers.ofString()).statusCode());
  }

  @Test
  void get_manyAtOnce_answersEach() {
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 500)
            .mapToObj(i -> request("/users/" + (i % USERS + 1)).build())
            .map(request -> client.sendAsync(request, BodyHandlers.ofString()))
            .toList();
    Set<String> bodies = new HashSet<>();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      HttpResponse<String> response = answer.join();
      assertEquals(200, response.statusCode());
      bodies.add(response.body());
    }
    assertEquals(USERS, bodies.size());
  }

  @Test
  void close_running_closesThePoolAndThePort() {
    server.close();
    assertThrows(ConnectException.class, () -> get("/users/7"));
    // The last connection to a database removes its WAL.
    assertEquals(false, Files.exists(folder.resolve("users.db-wal")));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }
}
