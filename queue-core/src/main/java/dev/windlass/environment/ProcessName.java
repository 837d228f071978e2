package dev.windlass.environment;

/**
 * What process this is, for people: in the names and registrations of workers. Nothing of the protocol hangs on it.
 *
 * @param host the machine's name, at most 60 characters; "host" if it is not known
 * @param pid the number that the operating system gives the process
 */
public record ProcessName(String host, long pid) {}
