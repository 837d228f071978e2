package dev.windlass.workflow.internal;

import dev.windlass.InvalidInputException;
import dev.windlass.workflow.WorkflowFunction;
import dev.windlass.workflow.WorkflowType;
import tools.jackson.databind.JsonNode;

/**
 * A durable function of this process.
 *
 * @param type its type, with the version
 * @param function what it does
 */
record RegisteredFunction(WorkflowType<?, ?> type, WorkflowFunction<?, ?> function) {

    FunctionBody body(FunctionRun run) {
        return body(run, type, function);
    }

    private static <I, O> FunctionBody body(FunctionRun run, WorkflowType<?, ?> type,
            WorkflowFunction<I, O> function) {
        FunctionValues values = new FunctionValues(run);
        return context -> {
            JsonNode tree = run.input().value(run.engine());
            I input = input(values, tree, type);
            O result = function.run(context, input);
            return values.encode(type.name(), result, type.outputType());
        };
    }

    @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"}) // the type says it; no input is null
    private static <I> I input(FunctionValues values, JsonNode tree, WorkflowType<?, ?> type) {
        if (tree.isNull()) {
            return null;
        }
        try {
            return values.as(tree, type.inputType());
        } catch (InvalidInputException e) {
            throw new InvalidInputException("The input of a run of '" + type.name() + "' cannot be read: "
                    + e.getMessage(), e);
        }
    }
}
