/** Accounts for every task and run, from the ledgers and the stored objects. */
@NullMarked
package dev.windlass.chaos.check;

import org.jspecify.annotations.NullMarked;
