package dev.windlass.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.windlass.Windlass;
import dev.windlass.doctor.Checkup;
import dev.windlass.doctor.Doctor;
import dev.windlass.doctor.Role;
import dev.windlass.environment.Environment;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.Worker;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.Workflows;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A role that tries what it may not is told which permission is missing, and changes nothing. */
@Timeout(60)
class IamRefusalTest {
    private final IamWorld world = new IamWorld();

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private void initialise() throws Exception {
        world.connect(Role.OPERATOR).windlass().initialise(2);
    }

    @Test
    void submit_byReader_isRefusedAndChangesNothing() throws Exception {
        initialise();
        IamWorld.Site reader = world.connect(Role.READER);
        List<String> before = world.s3().keys("");

        assertThatThrownBy(() -> reader.queue().submit(IamWorld.ECHO, "x")).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("allow s3:PutObject on team/").hasMessageContaining("docs/iam");
        assertThat(world.s3().keys("")).isEqualTo(before);
    }

    @Test
    void cancel_byReader_isRefused() throws Exception {
        initialise();
        TaskHandle<String> handle = world.connect(Role.SUBMITTER).queue().submit(IamWorld.ECHO, "x");
        IamWorld.Site reader = world.connect(Role.READER);

        assertThatThrownBy(() -> reader.queue().cancel(handle.id(), "no")).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("allow s3:PutObject and s3:GetObject on team/tasks/");
        assertThat(reader.status(handle)).isEqualTo(TaskStatus.PENDING);
    }

    /** Nor is anything of a run changed by one who may only look, or ended by one who may only ask for its end. */
    @Test
    void run_changedByARoleThatMayNot_isRefusedAndGoesOn() throws Exception {
        initialise();
        Workflows submitter = world.connect(Role.SUBMITTER).workflows();
        submitter.start(IamWorld.FUNCTION, "f", "x");
        List<String> before = world.s3().keys("");
        WorkflowHandle read = world.connect(Role.READER).workflows().handle("f");

        assertThatThrownBy(() -> read.signal("go", "x", "s1")).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("allow s3:PutObject on team/workflow/f/signals/go/");
        assertThatThrownBy(() -> read.cancel("no")).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("team/workflow/f/state.json");
        assertThatThrownBy(() -> read.pause("no")).isInstanceOf(StoreRefusedException.class);
        assertThatThrownBy(() -> submitter.handle("f").terminate("no")).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("allow s3:PutObject on team/workflow/f/runs/1/result.json");
        assertThat(world.s3().keys("")).isEqualTo(before);
        assertThat(read.status()).isEqualTo(WorkflowStatus.PENDING);
        submitter.handle("f").signal("go", "x", "s1");
        assertThat(world.s3().keys("team/workflow/f/signals/")).hasSize(1);
    }

    @Test
    void startWorker_bySubmitter_isRefused() throws Exception {
        initialise();
        IamWorld.Site submitter = world.connect(Role.SUBMITTER);

        assertThatThrownBy(() -> world.start(submitter, "w")).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("allow s3:PutObject on team/workers/w.json");
    }

    @Test
    void sweep_bySubmitter_isRefused() throws Exception {
        initialise();
        Windlass submitter = world.connect(Role.SUBMITTER).windlass();

        assertThatThrownBy(() -> submitter.sweep(true)).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("allow s3:ListBucket on bucket 'jobs' for the prefix team/leases/");
    }

    /** The request to cancel holds; that the handler hears of it now is the worker's mailbox, and not a submitter's. */
    @Test
    void cancel_ofARunningTaskBySubmitter_isRequested() throws Exception {
        initialise();
        IamWorld.Site submitter = world.connect(Role.SUBMITTER);
        TaskHandle<String> handle = submitter.queue().submit(IamWorld.SLOW, "x");
        try (Worker worker = world.start(world.connect(Role.WORKER), "w")) {
            IamWorld.until(() -> submitter.status(handle) == TaskStatus.RUNNING);

            assertThat(handle.cancel("enough")).isTrue();
            assertThat(Objects.requireNonNull(submitter.queue().get(handle.id())).cancelRequested()).isTrue();
            assertThat(worker.isRunning()).isTrue();
            world.release();
        }
    }

    @Test
    void audit_withRepairByReader_isRefusedWhereItWouldRepair() throws Exception {
        initialise();
        TaskHandle<String> handle = world.connect(Role.SUBMITTER).queue().submit(IamWorld.ECHO, "x",
                SubmitOptions.ofDefaults().withDelay(Duration.ofHours(1)));
        world.s3().uproot(world.s3().keys("team/ready/").getFirst());
        Windlass reader = world.connect(Role.READER).windlass();

        assertThat(reader.audit(false).findings()).hasSize(1);
        assertThatThrownBy(() -> reader.audit(true)).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("allow s3:PutObject on team/ready/").hasMessageContaining(handle.id());
    }

    /** Nobody but an operator makes a store of an empty place. */
    @ParameterizedTest
    @EnumSource(names = {"SUBMITTER", "READER"})
    void connect_storeThatIsNotInitialised_isRefused(Role role) {
        assertThatThrownBy(() -> world.connect(role)).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("s3:GetObject on team/meta/store.json")
                .hasMessageContaining("without which what is missing looks as if it were forbidden");
    }

    @Test
    void startWorker_storeThatIsNotInitialised_isRefused() throws Exception {
        IamWorld.Site site = world.connect(Role.WORKER);

        assertThatThrownBy(() -> world.start(site, "w")).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("allow s3:PutObject on team/meta/store.json");
        assertThat(world.s3().keys("")).isEmpty();
    }

    /** Of the credentials of each role, what doctor says they can play. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void doctor_credentialsOfARole_canPlayIt(Role role) throws Exception {
        initialise();
        try (S3ObjectStore store = world.connect(role).client().store(IamWorld.PREFIX)) {
            for (Role other : Role.values()) {
                Checkup checkup = Doctor.of(Environment.system()).examineRole(store, other);
                boolean can = IamPolicy.of(role, IamWorld.BUCKET, IamWorld.PREFIX)
                        .allowsAllOf(IamPolicy.of(other, IamWorld.BUCKET, IamWorld.PREFIX));

                assertThat(checkup.fit()).as(role + " as " + other + ": " + checkup)
                        .isEqualTo(can || (role == Role.OPERATOR && other == Role.SUBMITTER));
                if (checkup.fit() && !can) {
                    assertThat(checkup.checks().getFirst().found()).as("what it may write, but not delete or list")
                            .contains("not known: ", "PUT payloads/*");
                }
            }
        }
        assertThat(world.s3().keys("")).containsExactly("team/meta/store.json");
    }

    @Test
    void doctor_wholeExaminationWithoutRights_saysWhichRolesRemain() throws Exception {
        initialise();
        try (S3ObjectStore store = world.connect(Role.READER).client().store(IamWorld.PREFIX)) {
            Checkup checkup = Doctor.of(Environment.system()).examine(store);

            assertThat(checkup.check("reach").found()).contains("allow s3:PutObject on team/doctor/");
            assertThat(checkup.check("role-reader").found())
                    .isEqualTo("nothing is known to be refused; not known: GET payloads/*");
            assertThat(checkup.check("role-worker").found()).startsWith("refused: ");
            assertThat(checkup.check("expiry").found()).startsWith("not known: ");
        }
    }
}
