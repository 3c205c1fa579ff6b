package dev.heddle.pool.tests.containers;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import dev.heddle.pool.tests.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame.OutputType;

/**
 * A container that runs a main class of these tests, which says things as a {@link ChildJvm} does.
 * It has what a careful operator gives to a service, and nothing else: a user who is not root, no
 * capability, no network, a root file system that is read-only, and two folders to write to.
 */
final class Contained implements AutoCloseable {

  /** The test's folder, as the container sees it. */
  static final String DATA = "/data";

  /** {@link ContainerFixture#file()}, as the container sees it. */
  static final String FILE = DATA + "/test.db";

  /** By default, engines mount a tmpfs so that nothing in it can be run or loaded. */
  static final String LOADABLE = "rw,exec,mode=1777";

  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final GenericContainer<?> container;

  private Contained(GenericContainer<?> container) {
    this.container = container;
  }

  /** What a container is to be. */
  static final class Plan {
    private final GenericContainer<?> container;
    private final List<String> command = new ArrayList<>(ProgramImage.JAVA);

    /** Containers of an image, whose user has this folder. */
    Plan(String image, Path folder, String user) {
      container =
          new GenericContainer<>(image)
              .withNetworkMode("none")
              .withCreateContainerCmdModifier(create -> create.withUser(user));
      on(
          host ->
              host.withBinds(new Bind(folder.toString(), new Volume(DATA)))
                  .withReadonlyRootfs(true)
                  .withCapDrop(Capability.ALL));
      tmp(LOADABLE);
    }

    /** With these options of the mount for temporary files. */
    Plan tmp(String options) {
      return on(host -> host.withTmpFs(Map.of("/tmp", options)));
    }

    /** With this on the host. */
    Plan on(Consumer<HostConfig> change) {
      container.withCreateContainerCmdModifier(
          (CreateContainerCmd create) ->
              change.accept(Objects.requireNonNull(create.getHostConfig())));
      return this;
    }

    /** With an option of the JVM. */
    Plan option(String option) {
      command.add(option);
      return this;
    }

    /** Starts it, and comes back when it has said something. */
    Contained start(Class<?> main, Object... arguments) throws InterruptedException {
      command.add(main.getName());
      for (Object argument : arguments) {
        command.add(argument.toString());
      }
      container.withCommand(command.toArray(String[]::new)).start();
      Contained started = new Contained(container);
      started.awaitSaid("");
      return started;
    }
  }

  /** Waits until it has said something that begins so, or has ended. */
  void awaitSaid(String begin) throws InterruptedException {
    CountDownLatch heard = new CountDownLatch(1);
    container.followOutput(
        frame -> {
          if (frame.getType() == OutputType.END || says(frame.getUtf8String(), begin)) {
            heard.countDown();
          }
        });
    assertTrue(heard.await(LIMIT.toSeconds(), SECONDS), () -> "never said: " + begin);
  }

  private static boolean says(String output, String begin) {
    return ChildJvm.saidIn(output).stream().anyMatch(line -> line.startsWith(begin));
  }

  /** Ends it in the middle of whatever it does. */
  void kill() {
    client().killContainerCmd(id()).exec();
    awaitEnd();
  }

  /** Asks it to end, by SIGTERM, and waits for that; gives its exit code. */
  int stop() {
    try {
      client().stopContainerCmd(id()).withTimeout((int) LIMIT.toSeconds()).exec();
    } catch (NotModifiedException e) {
      // It has ended before, and its code tells of that.
    }
    return awaitEnd();
  }

  /** Waits until it has ended by itself; gives its exit code. */
  int awaitEnd() {
    return client()
        .waitContainerCmd(id())
        .exec(new WaitContainerResultCallback())
        .awaitStatusCode(LIMIT.toSeconds(), SECONDS);
  }

  /** All that it has said. */
  List<String> said() {
    return ChildJvm.saidIn(container.getLogs(OutputType.STDOUT));
  }

  /** Whether the kernel ended it, since its memory was not enough. */
  boolean ranOutOfMemory() {
    return Boolean.TRUE.equals(container.getCurrentContainerInfo().getState().getOOMKilled());
  }

  private DockerClient client() {
    return container.getDockerClient();
  }

  private String id() {
    return container.getContainerId();
  }

  @Override
  public void close() {
    container.stop();
  }
}
