/**
 * JSON Schemas (2020-12) for the inputs and results of tasks, one pair for each type, published to the store:
 * {@link dev.windlass.schema.Schemas}. A connection that is to check by them is given
 * {@link dev.windlass.schema.Schemas#check()}.
 */
@NullMarked
package dev.windlass.schema;

import org.jspecify.annotations.NullMarked;
