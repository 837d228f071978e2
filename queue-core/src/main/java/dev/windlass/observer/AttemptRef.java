package dev.windlass.observer;

/**
 * Names an attempt.
 *
 * @param taskId the task
 * @param queue its queue
 * @param type the name of its type
 * @param attempt how often the task had been claimed, this time included; from 1
 * @param workerId whose attempt it is
 */
public record AttemptRef(String taskId, String queue, String type, int attempt, String workerId) {}
