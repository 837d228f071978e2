/** What producers and handlers write down on disk, force, and what is read of it afterwards. */
@NullMarked
package dev.windlass.chaos.ledger;

import org.jspecify.annotations.NullMarked;
