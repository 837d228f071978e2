package dev.windlass.simulation;

import static dev.windlass.simulation.OneProcess.STEADY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.Worker;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.queue.spi.EngineHandler;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.queue.spi.EngineTaskSpec;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/** How workers come and go, and what is none of their business. */
class WorkerLifeTest {

    /** An engine whose tasks complete at once. */
    static final class Ends implements EngineHandler {
        @Override
        public EngineOutcome execute(EngineClaim claim) {
            return new EngineOutcome.Complete(JsonNodeFactory.instance.stringNode("by the engine"));
        }

        @Override
        public EngineOutcome finalise(EngineClaim claim) {
            return new EngineOutcome.Fail(new TaskError("engine", "no attempts left", null));
        }
    }

    private static String submitEngineTask(Site site, String type) {
        String id = site.windlass.engine().deriveTaskId("test", type);
        site.windlass.engine().submit(new EngineTaskSpec(id, Site.QUEUE, type,
                JsonNodeFactory.instance.objectNode(), 5, RetryPolicy.none(), null));
        return id;
    }

    /** Not even one of the same type's name: its body is the engine's. */
    @Test
    void engineTask_isLeftAlone_byHandlersAndByHand() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            String id = submitEngineTask(site, Site.ECHO.name());
            var ran = new ArrayList<String>();
            Site.of(sim, "w").work((task, input) -> {
                ran.add(task.id());
                return input;
            });
            String own = site.submit("own").id();
            site.handle(own).await(Site.LONG);
            sim.sleep(Duration.ofMinutes(5));
            assertThat(ran).containsExactly(own);
            assertThat(site.windlass.queue(Site.QUEUE).claim(ClaimOptions.ofDefaults())).isEmpty();
            assertThat(site.windlass.queue(Site.QUEUE).isDrained()).isFalse();
            assertThat(Site.status(sim, id)).isEqualTo("PENDING");
            Site.of(sim, "e").windlass.worker().queue(Site.QUEUE).id("e").engine(Site.ECHO.name(), new Ends()).start();
            sim.runUntil(() -> Site.status(sim, id).equals("COMPLETED"), Duration.ofMinutes(2));
        });
    }

    @Test
    void companion_thatCannotBegin_noWorkerIsLeft_andTheOthersEnd() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            site.submit("first").cancel("");
            var told = new ArrayList<String>();
            Worker.Companion first = id -> {
                told.add("begun " + id);
                return () -> told.add("ended");
            };
            assertThatThrownBy(() -> site.work(Site.ECHOES, builder -> builder.companion(first).companion(id -> {
                throw new IllegalStateException("the port is taken");
            }))).isInstanceOf(IllegalStateException.class).hasMessageContaining("the port is taken");
            assertThat(told).containsExactly("begun p", "ended");
            assertThat(sim.store().keys("workers/")).isEmpty();
            TaskHandle<String> task = site.submit("task");
            sim.sleep(Duration.ofMinutes(1));
            assertThat(Site.status(sim, task.id())).isEqualTo("PENDING");
            assertThat(sim.store().keys("leases/")).isEmpty();
        });
    }

    /** docs/protocol.md: read, and written by nobody yet. */
    @Test
    void message_drain_workerLeavesWhenItsTaskHasEnded() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            Worker worker = at.work(at.sleeper(Duration.ofSeconds(15)));
            TaskHandle<String> task = site.submit("task");
            sim.runUntil(() -> Site.status(sim, task.id()).equals("RUNNING"), Duration.ofMinutes(1));
            String lease = sim.store().keys("leases/").getFirst();
            String body = Site.json(sim.store().peek(lease)).toString();
            assertThat(body).contains("\"mailbox\":[]");
            sim.store().plant(lease, Site.bytes(body.replace("\"mailbox\":[]",
                    "\"mailbox\":[{\"id\":\"0000000000000001\",\"kind\":\"drain\",\"task\":null,\"claim\":null,\"reason\":\"\"}]")));
            sim.sleep(Duration.ofSeconds(11)); // a heartbeat
            assertThat(worker.isRunning()).isFalse();
            assertThat(Site.status(sim, task.id())).isEqualTo("RUNNING");
            assertThat(task.await(Site.LONG)).isEqualTo("slept task");
            sim.runUntil(() -> sim.store().keys("workers/").isEmpty(), Duration.ofSeconds(10));
            assertThat(Site.events(sim, task.id())).isEqualTo(List.of("submitted", "claimed", "completed"));
        });
    }
}
