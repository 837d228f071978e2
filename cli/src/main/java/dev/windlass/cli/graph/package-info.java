/** Workflow graphs in WfFormat: reading, checking, generating, digesting. */
@NullMarked
package dev.windlass.cli.graph;

import org.jspecify.annotations.NullMarked;
