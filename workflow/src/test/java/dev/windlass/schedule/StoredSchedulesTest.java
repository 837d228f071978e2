package dev.windlass.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import dev.windlass.schedule.internal.ScheduleDocument;
import dev.windlass.schedule.internal.Targets;
import dev.windlass.store.StoredObject;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The examples of docs/protocol.md are what the code reads. */
class StoredSchedulesTest {
    private static final Path FIXTURES = Path.of("..", "queue-core", "src", "test", "resources", "protocol");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static ScheduleDocument read(String name) throws Exception {
        return ScheduleDocument.parse(MAPPER, new StoredObject("schedules/hourly.json",
                Files.readAllBytes(FIXTURES.resolve(name)), "e", Instant.EPOCH));
    }

    @Test
    void parse_active_allThatItSays() throws Exception {
        ScheduleDocument document = read("schedule-active.json");

        assertThat(document.status()).isEqualTo(ScheduleDocument.Status.ACTIVE);
        assertThat(document.cron()).isEqualTo(Cron.parse("0 * * * *"));
        assertThat(document.zone().getId()).isEqualTo("Europe/Berlin");
        assertThat(document.options()).isEqualTo(ScheduleOptions.ofDefaults().withMisfire(MisfirePolicy.catchUp(2))
                .withOverlap(OverlapPolicy.CANCEL_PREVIOUS).withStartAt(Instant.parse("2030-01-01T00:00:00Z"))
                .withEndAt(Instant.parse("2031-01-01T00:00:00Z")));
        TaskTarget target = (TaskTarget) Targets.read(document.target());
        assertThat(target.queue()).isEqualTo("reports");
        assertThat(target.type()).isEqualTo("report");
        assertThat(target.fireTimeField()).isEqualTo("hour");
        assertThat(target.options().timeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(document.nextAt()).isEqualTo(Instant.parse("2030-01-01T08:00:00Z"));
        assertThat(document.lateUntil()).isEqualTo(Instant.parse("2030-01-01T08:29:00Z"));
        assertThat(document.open()).singleElement().satisfies(open -> {
            assertThat(open.at()).isEqualTo(Instant.parse("2030-01-01T07:00:00Z"));
            assertThat(open.id()).isEqualTo(document.lastId());
            assertThat(open.cancels()).isEqualTo(document.history().get(1).id());
        });
        assertThat(document.count("fired")).isEqualTo(2);
        assertThat(document.count("missed")).isEqualTo(6);
        assertThat(document.history()).hasSize(4);
        assertThat(document.history().get(2)).isEqualTo(new ScheduleEvent(Instant.parse("2030-01-01T08:30:00Z"),
                "missed", Instant.parse("2030-01-01T01:00:00Z"), 6, null, "nobody fired them in time"));
        assertThat(document.times().between(Instant.parse("2030-01-01T01:00:00Z"),
                Objects.requireNonNull(document.lateUntil()), 100)).hasSize(8);
    }

    @Test
    void parse_pausedAndDeleted_allThatTheySay() throws Exception {
        ScheduleDocument paused = read("schedule-buffered.json");
        assertThat(paused.status()).isEqualTo(ScheduleDocument.Status.PAUSED);
        assertThat(paused.bufferedAt()).isEqualTo(Instant.parse("2030-01-01T01:00:00Z"));
        assertThat(paused.options()).isEqualTo(ScheduleOptions.ofDefaults().withOverlap(OverlapPolicy.BUFFER_ONE));

        ScheduleDocument deleted = read("schedule-deleted.json");
        assertThat(deleted.status()).isEqualTo(ScheduleDocument.Status.DELETED);
        assertThat(deleted.lastAt()).isEqualTo(Instant.parse("2030-01-01T00:00:00Z"));
        assertThat(deleted.nextAt()).isNull();
    }
}
