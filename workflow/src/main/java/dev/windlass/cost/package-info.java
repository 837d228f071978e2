/**
 * What a workload costs on a store that bills requests: for those who plan. {@link dev.windlass.cost.CostModel} turns a
 * {@link dev.windlass.cost.Workload} and a {@link dev.windlass.cost.PriceTable} into requests and dollars a month;
 * {@link dev.windlass.cost.Rehearsal} runs a workload and counts, so that the model can be held against it. Arithmetic
 * only: nothing here is used when tasks run.
 */
@NullMarked
package dev.windlass.cost;

import org.jspecify.annotations.NullMarked;
