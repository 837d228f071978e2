package dev.windlass.simulation.check;

import static dev.windlass.queue.TaskStatus.CANCELLED;
import static dev.windlass.queue.TaskStatus.COMPLETED;
import static dev.windlass.queue.TaskStatus.EXPIRED;
import static dev.windlass.queue.TaskStatus.FAILED;
import static dev.windlass.queue.TaskStatus.PENDING;
import static dev.windlass.queue.TaskStatus.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.regex.Pattern;

import dev.windlass.queue.TaskStatus;
import dev.windlass.simulation.check.TaskHistory.Call;
import dev.windlass.simulation.check.TaskHistory.CancelAnswer;
import dev.windlass.simulation.check.TaskHistory.EndAnswer;
import dev.windlass.simulation.check.TaskHistory.ReadAnswer;
import dev.windlass.simulation.check.TaskHistory.SubmitAnswer;
import dev.windlass.simulation.check.TaskHistory.Verdict;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    private final TaskHistory history = new TaskHistory("t");
    private long now;

    @Test
    void check_emptyHistory_accepted() {
        accepted();
    }

    @Test
    void check_wholeLife_accepted() {
        read(ReadAnswer.notFound());
        cancel(CancelAnswer.NOT_FOUND);
        submit(SubmitAnswer.CREATED);
        read(PENDING, 0);
        submit(SubmitAnswer.DUPLICATE);
        submit(SubmitAnswer.CONFLICTING_INPUT);
        start(1);
        read(RUNNING, 1);
        end(1, Verdict.FAIL, EndAnswer.PENDING);
        read(PENDING, 1);
        start(2);
        end(2, Verdict.GO_BACK, EndAnswer.PENDING);
        start(3);
        end(3, Verdict.COMPLETE, EndAnswer.COMPLETED);
        read(COMPLETED, 3);
        read(ReadAnswer.ofStatus(COMPLETED));
        cancel(CancelAnswer.FALSE);
        submit(SubmitAnswer.ACKNOWLEDGED);
        accepted();
    }

    @Test
    void check_hiddenTransitions_accepted() {
        submit(SubmitAnswer.CREATED);
        read(RUNNING, 1); // claimed by a worker that crashed before its handler started
        read(PENDING, 1); // swept
        read(RUNNING, 4);
        end(1, Verdict.COMPLETE, EndAnswer.LOST);
        start(5);
        read(FAILED, 5); // swept, with no attempts left
        end(5, Verdict.COMPLETE, EndAnswer.LOST);
        accepted();
    }

    @Test
    void check_handlerSeenBeforeItsSubmitAnswers_accepted() {
        Call<SubmitAnswer> submit = history.submit(tick());
        start(1);
        submit.answer(SubmitAnswer.CREATED, tick());
        accepted();
    }

    @Test
    void check_submitRecordedAfterTheHandlerStarted_accepted() {
        long invoked = tick();
        start(1);
        history.submittedSince(invoked).answer(SubmitAnswer.ACKNOWLEDGED, tick());
        accepted();
    }

    @Test
    void check_handlerStartedBeforeTheSubmitWasInvoked_rejected() {
        start(1);
        history.submittedSince(tick()).answer(SubmitAnswer.ACKNOWLEDGED, tick());
        rejected("handler starts attempt 1");
    }

    @Test
    void check_overlappingReadsInEitherOrder_accepted() {
        submit(SubmitAnswer.CREATED);
        start(1);
        Call<EndAnswer> end = history.end(1, Verdict.COMPLETE, tick());
        Call<ReadAnswer> read = history.get(tick());
        end.answer(EndAnswer.COMPLETED, tick());
        read.answer(ReadAnswer.of(RUNNING, 1, false), tick());
        read(COMPLETED, 1);
        accepted();
    }

    @Test
    void check_unknownSubmit_mayTakeEffectLateOrNever() {
        history.submit(tick());
        read(ReadAnswer.notFound());
        accepted();
        submit(SubmitAnswer.DUPLICATE);
        start(1);
        accepted();
        read(ReadAnswer.notFound());
        rejected("→ not found");
    }

    @Test
    void check_unknownCancel_mayTakeEffectLateOrNever() {
        submit(SubmitAnswer.CREATED);
        history.cancel(tick());
        start(1);
        read(RUNNING, 1);
        accepted();
        read(ReadAnswer.of(RUNNING, 1, true));
        end(1, Verdict.FAIL, EndAnswer.CANCELLED);
        accepted();
    }

    @Test
    void check_requestWithoutCancel_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        read(ReadAnswer.of(RUNNING, 1, true));
        rejected("RUNNING in attempt 1, cancel requested");
    }

    @Test
    void check_cancelInvokedLaterThanItsEffect_rejected() {
        submit(SubmitAnswer.CREATED);
        read(CANCELLED, 0);
        history.cancel(tick());
        rejected("CANCELLED in attempt 0");
    }

    @Test
    void check_unknownCompletion_mayTakeEffectLateOrNever() {
        submit(SubmitAnswer.CREATED);
        start(1);
        history.end(1, Verdict.COMPLETE, tick());
        read(RUNNING, 1);
        read(COMPLETED, 1);
        accepted();
    }

    @Test
    void check_unknownCompletionOfAnOldAttempt_neverCounts() {
        submit(SubmitAnswer.CREATED);
        start(1);
        history.end(1, Verdict.COMPLETE, tick());
        start(2);
        accepted();
        read(COMPLETED, 2);
        rejected("COMPLETED in attempt 2");
    }

    @Test
    void check_completionThatNoHandlerReached_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        read(COMPLETED, 1);
        rejected("COMPLETED in attempt 1");
    }

    @Test
    void check_cancelOfRunningTask_leavesItToTheWorker() {
        submit(SubmitAnswer.CREATED);
        start(1);
        cancel(CancelAnswer.TRUE);
        cancel(CancelAnswer.TRUE);
        read(ReadAnswer.of(RUNNING, 1, true));
        end(1, Verdict.COMPLETE, EndAnswer.COMPLETED);
        read(ReadAnswer.of(COMPLETED, 1, true));
        cancel(CancelAnswer.FALSE);
        accepted();
    }

    @Test
    void check_permanentFailureOfTaskAskedToCancel_accepted() {
        submit(SubmitAnswer.CREATED);
        start(1);
        read(RUNNING, 1);
        cancel(CancelAnswer.TRUE);
        end(1, Verdict.FAIL_FOR_GOOD, EndAnswer.FAILED);
        read(ReadAnswer.of(FAILED, 1, true));
        accepted();
    }

    @Test
    void check_sweptAfterCancel_cancelledOnly() {
        submit(SubmitAnswer.CREATED);
        start(1);
        read(RUNNING, 1);
        cancel(CancelAnswer.TRUE);
        read(ReadAnswer.of(CANCELLED, 1, true));
        cancel(CancelAnswer.TRUE);
        accepted();
        read(ReadAnswer.of(FAILED, 1, true));
        rejected("FAILED in attempt 1");
    }

    @Test
    void check_requestForgottenByRetry_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        read(RUNNING, 1);
        cancel(CancelAnswer.TRUE);
        end(1, Verdict.FAIL, EndAnswer.PENDING);
        rejected("end of attempt 1: fail → PENDING");
    }

    @Test
    void check_requestOnWaitingTask_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        read(RUNNING, 1);
        cancel(CancelAnswer.TRUE);
        read(ReadAnswer.of(PENDING, 1, true));
        rejected("PENDING in attempt 1, cancel requested");
    }

    @Test
    void check_retryWhoseStatusIsNotKnown_accepted() {
        submit(SubmitAnswer.CREATED);
        start(1);
        end(1, Verdict.FAIL, EndAnswer.RECORDED);
        start(2);
        end(2, Verdict.GO_BACK, EndAnswer.RECORDED);
        read(PENDING, 2);
        accepted();
    }

    @Test
    void check_rescheduleThatFails_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        end(1, Verdict.GO_BACK, EndAnswer.FAILED);
        rejected("go back → FAILED");
    }

    @Test
    void check_completedThenRunning_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        history.end(1, Verdict.COMPLETE, tick());
        read(COMPLETED, 1);
        read(RUNNING, 1);
        rejected("#5");
    }

    @Test
    void check_twoCompletions_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        Call<EndAnswer> one = history.end(1, Verdict.COMPLETE, tick());
        start(2);
        Call<EndAnswer> two = history.end(2, Verdict.COMPLETE, tick());
        two.answer(EndAnswer.COMPLETED, tick());
        accepted();
        one.answer(EndAnswer.COMPLETED, tick());
        rejected("end of attempt 1");
    }

    @Test
    void check_completedAfterLost_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        end(1, Verdict.COMPLETE, EndAnswer.LOST);
        accepted();
        end(1, Verdict.COMPLETE, EndAnswer.COMPLETED);
        rejected("complete → COMPLETED");
    }

    @Test
    void check_lostWhileSurelyRunning_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        end(1, Verdict.COMPLETE, EndAnswer.LOST);
        read(RUNNING, 1);
        rejected("RUNNING in attempt 1");
    }

    @Test
    void check_lostWhileSurelyRunningAskedToCancel_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        read(RUNNING, 1);
        cancel(CancelAnswer.TRUE);
        end(1, Verdict.COMPLETE, EndAnswer.LOST);
        accepted();
        read(ReadAnswer.of(RUNNING, 1, true));
        rejected("RUNNING in attempt 1, cancel requested");
    }

    @Test
    void check_requestKeptByUnknownEnd_accepted() {
        submit(SubmitAnswer.CREATED);
        start(1);
        read(RUNNING, 1);
        cancel(CancelAnswer.TRUE);
        history.end(1, Verdict.FAIL_FOR_GOOD, tick());
        read(ReadAnswer.of(FAILED, 1, true));
        accepted();
    }

    @Test
    void check_completedByUnknownEndAfterRequest_accepted() {
        submit(SubmitAnswer.CREATED);
        start(1);
        read(RUNNING, 1);
        cancel(CancelAnswer.TRUE);
        history.end(1, Verdict.COMPLETE, tick());
        read(ReadAnswer.of(COMPLETED, 1, true));
        accepted();
    }

    @Test
    void check_longHistoryWithOverlaps_accepted() {
        Call<SubmitAnswer> submit = history.submit(tick());
        start(1);
        for (int i = 0; i < 200; i++) {
            read(RUNNING, 1);
        }
        submit.answer(SubmitAnswer.CREATED, tick());
        assertThat(Linearizability.judge(history).answer()).isEqualTo(Linearizability.Answer.LINEARIZABLE);
    }

    @Test
    void check_lostBeforeTheAttemptWasClaimed_rejected() {
        submit(SubmitAnswer.CREATED);
        end(2, Verdict.COMPLETE, EndAnswer.LOST);
        read(PENDING, 1);
        rejected("PENDING in attempt 1");
    }

    @Test
    void check_startAfterCancelledWhileWaiting_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        end(1, Verdict.FAIL, EndAnswer.PENDING);
        cancel(CancelAnswer.TRUE);
        start(2); // its claim may have come before the cancel
        accepted();
        read(ReadAnswer.of(CANCELLED, 1, false));
        rejected("CANCELLED in attempt 1");
    }

    @Test
    void check_startAfterCancelledWasSeen_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        end(1, Verdict.FAIL, EndAnswer.PENDING);
        cancel(CancelAnswer.TRUE);
        read(ReadAnswer.of(CANCELLED, 1, false));
        accepted();
        start(2);
        rejected("handler starts attempt 2");
    }

    @Test
    void check_cancelFalseThenCancelled_rejected() {
        submit(SubmitAnswer.CREATED);
        cancel(CancelAnswer.FALSE);
        read(ReadAnswer.ofStatus(CANCELLED));
        rejected("get → CANCELLED");
    }

    @Test
    void check_cancelFalseOfCancelledTask_rejected() {
        submit(SubmitAnswer.CREATED);
        cancel(CancelAnswer.TRUE);
        read(ReadAnswer.of(CANCELLED, 0, false));
        cancel(CancelAnswer.FALSE);
        rejected("cancel → false");
    }

    @Test
    void check_createdTwice_rejected() {
        submit(SubmitAnswer.CREATED);
        submit(SubmitAnswer.CREATED);
        rejected("#2");
    }

    @Test
    void check_createdTwiceAtTheSameTime_rejected() {
        Call<SubmitAnswer> one = history.submit(tick());
        Call<SubmitAnswer> two = history.submit(tick());
        one.answer(SubmitAnswer.CREATED, tick());
        two.answer(SubmitAnswer.CREATED, tick());
        rejected("#2");
    }

    @Test
    void check_duplicateOfNothing_rejected() {
        submit(SubmitAnswer.DUPLICATE);
        rejected("submit → duplicate");
    }

    @Test
    void check_duplicateOfSubmitThatAnswersLater_accepted() {
        Call<SubmitAnswer> one = history.submit(tick());
        submit(SubmitAnswer.DUPLICATE);
        one.answer(SubmitAnswer.CREATED, tick());
        accepted();
    }

    @Test
    void check_sameAttemptStartsTwice_rejected() {
        submit(SubmitAnswer.CREATED);
        start(1);
        start(1);
        rejected("a second start of the same attempt");
    }

    @Test
    void check_attemptStartsLate_accepted() {
        submit(SubmitAnswer.CREATED);
        start(2); // a fast worker claimed it again before the handler of the first came to its start
        start(1);
        accepted();
    }

    @Test
    void check_waitingBelowAStartedAttempt_rejected() {
        submit(SubmitAnswer.CREATED);
        start(2);
        read(PENDING, 1);
        rejected("PENDING in attempt 1");
    }

    @Test
    void check_notFoundAfterAcknowledgedSubmit_rejected() {
        submit(SubmitAnswer.ACKNOWLEDGED);
        read(ReadAnswer.notFound());
        rejected("get → not found");
    }

    @Test
    void check_cancelNotFoundAfterAcknowledgedSubmit_rejected() {
        submit(SubmitAnswer.ACKNOWLEDGED);
        cancel(CancelAnswer.NOT_FOUND);
        rejected("cancel → not found");
    }

    @Test
    void check_statusThatNothingLeadsTo_rejected() {
        submit(SubmitAnswer.ACKNOWLEDGED);
        read(ReadAnswer.ofStatus(EXPIRED));
        rejected("get → EXPIRED");
    }

    @Test
    void check_violation_explainsHistoryAndLongestOrder() {
        submit(SubmitAnswer.CREATED);
        history.cancel(tick());
        Call<EndAnswer> end = history.end(1, Verdict.COMPLETE, tick());
        read(COMPLETED, 1);
        end.answer(EndAnswer.COMPLETED, tick());
        read(RUNNING, 2);
        assertThat(Linearizability.check(history)).hasValue(
                """
                        task t
                          #1 [+0.000001000, +0.000002000] submit → created
                          #2 [+0.000003000, ?] cancel → not known
                          #3 [+0.000004000, +0.000007000] end of attempt 1: complete → COMPLETED
                          #4 [+0.000005000, +0.000006000] get → COMPLETED in attempt 1
                          #5 [+0.000008000, +0.000009000] get → RUNNING in attempt 2
                        not linearizable: #5 [+0.000008000, +0.000009000] get → RUNNING in attempt 2 fits no order of what came \
                        before
                        longest order found: #1 #3 #4, after which the task may be COMPLETED in attempt 1""");
    }

    @Test
    void judge_overTheLimit_undecided() {
        for (int i = 0; i < 6; i++) {
            history.get(tick()).answer(ReadAnswer.notFound(), tick());
        }
        read(PENDING, 0);
        assertThat(Linearizability.judge(history, 7).answer()).isEqualTo(Linearizability.Answer.VIOLATED);
        Linearizability.Result result = Linearizability.judge(history, 6);
        assertThat(result.answer()).isEqualTo(Linearizability.Answer.UNDECIDED);
        assertThat(result.explanation()).isEqualTo("task t: too many operations overlap");
    }

    @Test
    void judge_manyOperationsOverlap_endsUndecided() {
        var reads = new ArrayList<Call<ReadAnswer>>();
        submit(SubmitAnswer.CREATED);
        for (int i = 0; i < 60; i++) {
            reads.add(history.get(tick()));
        }
        for (int i = 0; i < 59; i++) {
            reads.get(i).answer(ReadAnswer.of(PENDING, 0, false), tick());
        }
        reads.get(59).answer(ReadAnswer.of(COMPLETED, 0, false), tick());
        assertThat(Linearizability.judge(history).answer()).isEqualTo(Linearizability.Answer.UNDECIDED);
        assertThat(Linearizability.check(history)).isEmpty();
    }

    @Test
    void judge_tooManyAttempts_undecided() {
        submit(SubmitAnswer.CREATED);
        start(61);
        read(PENDING, 61);
        end(61, Verdict.COMPLETE, EndAnswer.LOST);
        assertThat(Linearizability.judge(history).answer()).isEqualTo(Linearizability.Answer.LINEARIZABLE);
        start(62);
        assertThat(Linearizability.judge(history).answer()).isEqualTo(Linearizability.Answer.UNDECIDED);
    }

    @Test
    void record_earlierThanTheLast_refused() {
        history.submit(5);
        assertThatThrownBy(() -> history.cancel(4)).isInstanceOf(IllegalArgumentException.class);
        assertThat(history.size()).isEqualTo(1);
    }

    @Test
    void answer_twice_refused() {
        Call<CancelAnswer> cancel = history.cancel(1);
        cancel.answer(CancelAnswer.NOT_FOUND, 2);
        assertThatThrownBy(() -> cancel.answer(CancelAnswer.NOT_FOUND, 3)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void start_attemptZero_refused() {
        assertThatThrownBy(() -> history.started(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private long tick() {
        now += 1000;
        return now;
    }

    private void submit(SubmitAnswer answer) {
        history.submit(tick()).answer(answer, tick());
    }

    private void cancel(CancelAnswer answer) {
        history.cancel(tick()).answer(answer, tick());
    }

    private void read(ReadAnswer answer) {
        history.get(tick()).answer(answer, tick());
    }

    private void read(TaskStatus status, int attempt) {
        read(ReadAnswer.of(status, attempt, false));
    }

    private void start(int attempt) {
        history.started(attempt, tick());
    }

    private void end(int attempt, Verdict verdict, EndAnswer answer) {
        history.end(attempt, verdict, tick()).answer(answer, tick());
    }

    private void accepted() {
        assertThat(Linearizability.check(history)).isEmpty();
    }

    private void rejected(String why) {
        assertThat(Linearizability.check(history)).hasValueSatisfying(
                text -> assertThat(text).containsPattern("not linearizable: .*" + Pattern.quote(why)));
    }
}
