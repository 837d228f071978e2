package dev.windlass.internal;

import java.util.ArrayList;

import dev.windlass.LeaseLostException;
import org.jspecify.annotations.Nullable;

/**
 * Ends a claim that nobody works on any more, or makes sure that it can never be made: a compare-and-swap that may still
 * be on its way is fenced by a touch (docs/protocol.md, "Fence before forget"). Only then may its coverage go.
 */
final class ClaimResolver {
    private final Core core;
    private final Settlement settlement;
    private final ReadyKeyJudge judge;

    ClaimResolver(Core core) {
        this.core = core;
        this.settlement = new Settlement(core);
        this.judge = new ReadyKeyJudge(core);
    }

    /**
     * Resolves a claim.
     *
     * @param worker whose claim it was
     * @param verdict what becomes of the task if the claim was made
     * @return the task if this call has ended the claim, null if there was nothing to end
     */
    @Nullable
    TaskDocument resolve(String taskId, String claim, String worker, Settlement.Verdict verdict) {
        while (true) {
            TaskVersion version = core.tasks().read(taskId);
            TaskDocument document = version == null ? null : version.document();
            if (version == null || document == null) {
                return null;
            }
            if (document.isOwnedBy(claim)) {
                try {
                    return settlement.settle(version, taskId, claim, worker, verdict, new ArrayList<>());
                } catch (LeaseLostException e) {
                    return null; // somebody else has ended it meanwhile
                }
            }
            if (document.state() != TaskState.PENDING || judge.touch(version, document)) {
                return null;
            }
        }
    }
}
