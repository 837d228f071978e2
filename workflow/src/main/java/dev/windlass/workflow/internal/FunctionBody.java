package dev.windlass.workflow.internal;

import tools.jackson.databind.JsonNode;

/** A durable function, as its owner runs it: it decodes the input and encodes the result. */
@FunctionalInterface
interface FunctionBody {
    JsonNode run(FunctionContext context) throws Exception;
}
