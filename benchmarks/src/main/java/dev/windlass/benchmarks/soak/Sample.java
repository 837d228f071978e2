package dev.windlass.benchmarks.soak;

/**
 * What the process and the store held at a moment.
 *
 * @param seconds since the load began
 * @param heapBytes used right after a full collection
 * @param platformThreads of the virtual machine
 * @param strands threads of the queue, virtual ones included
 * @param openFiles file descriptors of the process
 * @param objects keys in the store that belong to no task: ready keys, leases, workers, entries of failures
 */
public record Sample(double seconds, long heapBytes, int platformThreads, int strands, long openFiles, long objects) {}
