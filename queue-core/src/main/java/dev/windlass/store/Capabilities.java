package dev.windlass.store;

import java.time.Duration;

/**
 * What a store can do beyond the minimum.
 *
 * @param orderedList whether listings come in the order of the keys' UTF-8 bytes, so that a page after a key is a page
 *            of later keys; without it whole prefixes are read
 * @param conditionalDelete whether {@link ObjectStore#delete(String, String)} is there, and atomic against puts
 * @param timeUncertainty by how much a sample of the store's time may be early, at most: granularity and known lag;
 *            zero for a clock that all clients share
 */
public record Capabilities(boolean orderedList, boolean conditionalDelete, Duration timeUncertainty) {}
