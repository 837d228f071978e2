package dev.windlass.doctor;

import java.time.Duration;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;

/**
 * Examines a store before tasks are trusted to it: makes real requests, several at once, below {@code doctor/}, looks
 * whether what docs/protocol.md, section 2 asks of a store holds, and removes what it has put.
 *
 * <pre>{@code
 * try (ObjectStore store = ObjectStores.open(uri, settings)) {
 *     Checkup checkup = Doctor.of(Environment.system()).examine(store);
 *     checkup.checks().forEach(check -> System.out.println(check.verdict() + " " + check.name() + ": " + check.found()));
 * }
 * }</pre>
 *
 * <p>A store that passes has not been proved right: a race that is rare may not be met. One that fails has been proved
 * wrong. Tasks of the store are neither read nor touched, so it may be examined while it is in use, which then shows in
 * what is said of its speed. Immutable; any number may examine one store at once.
 */
public final class Doctor {
    /** How many clients race, if nothing else is said. */
    public static final int DEFAULT_CLIENTS = 16;
    /** How many races of each kind, if nothing else is said. */
    public static final int DEFAULT_ROUNDS = 25;
    /** How many requests are billed for {@link #glance}, at most; one DELETE comes on top. */
    public static final int GLANCE_REQUESTS = 8;
    private static final int MOST_CLIENTS = 256;
    private static final int MOST_ROUNDS = 10_000;
    private static final Duration DEFAULT_LOAD = Duration.ofSeconds(2);

    private final Environment environment;
    private final int clients;
    private final int rounds;
    private final Duration load;

    private Doctor(Environment environment, int clients, int rounds, Duration load) {
        this.environment = environment;
        this.clients = clients;
        this.rounds = rounds;
        this.load = load;
    }

    /**
     * A doctor who examines as much as the defaults say.
     *
     * @param environment time, threads and randomness
     */
    public static Doctor of(Environment environment) {
        return new Doctor(environment, DEFAULT_CLIENTS, DEFAULT_ROUNDS, DEFAULT_LOAD);
    }

    /**
     * How many clients race for one object, and load the store, at once: {@value #DEFAULT_CLIENTS} unless said otherwise.
     *
     * @throws InvalidInputException if it is not 2 to 256
     */
    public Doctor withClients(int number) {
        if (number < 2 || number > MOST_CLIENTS) {
            throw new InvalidInputException("There can be 2 to " + MOST_CLIENTS + " clients, not " + number + ".");
        }
        return new Doctor(environment, number, rounds, load);
    }

    /**
     * How often each race is run: {@value #DEFAULT_ROUNDS} times unless said otherwise. More find rarer faults.
     *
     * @throws InvalidInputException if it is not 1 to 10,000
     */
    public Doctor withRounds(int number) {
        if (number < 1 || number > MOST_ROUNDS) {
            throw new InvalidInputException("There can be 1 to 10,000 rounds, not " + number + ".");
        }
        return new Doctor(environment, clients, number, load);
    }

    /**
     * For how long the store is loaded to see what it can carry: 2 s unless said otherwise.
     *
     * @param time zero leaves that check out
     * @throws InvalidInputException if it is negative, or more than an hour
     */
    public Doctor withLoad(Duration time) {
        if (time.isNegative() || time.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidInputException("The store can be loaded for 0 s to 1 h, not " + time + ".");
        }
        return new Doctor(environment, clients, rounds, time);
    }

    /**
     * Examines a store through one connection. What goes wrong with it is in the result, not thrown. A repeat is safe; what
     * one that was broken off has left is removed by the next, once it is an hour old.
     *
     * @param store stays the caller's to close
     * @throws InterruptedException if the calling thread is interrupted; some objects below {@code doctor/} may be left
     */
    public Checkup examine(ObjectStore store) throws InterruptedException {
        return new Examination(List.of(store), environment, clients, rounds, load).run();
    }

    /**
     * The cheap form, which each worker makes before its first task on a store: {@value #GLANCE_REQUESTS} billed requests
     * at most and a DELETE, on one object below {@code doctor/}, in five round trips. It finds a store that plainly ignores
     * the conditions of puts, changes bodies, or does not say its time; races that are rare it may miss, and
     * {@link #examine(ObjectStore)} may not. An honest store never fails it, whatever becomes of single requests: a check
     * for which an answer was missing is {@link Verdict#SKIPPED}. A repeat is safe.
     *
     * @param store stays the caller's to close
     * @throws InterruptedException if the calling thread is interrupted; an object below {@code doctor/} may be left
     */
    public Checkup glance(ObjectStore store) throws InterruptedException {
        return new Glance(new Examination(List.of(store), environment, Glance.CLIENTS, 1, Duration.ZERO)).run();
    }

    /**
     * Asks whether the credentials of this connection may do all that a role does, by requests that change nothing: puts
     * whose condition cannot hold, and reads and deletes of objects that are not there. Where the right to write but not to
     * read is to be seen, an empty object named {@code doctor-} stands for a moment. One check, named
     * {@code role-worker} and so on; {@link Verdict#BAD} if something is refused. On a store that ignores the conditions
     * of puts, which {@link #examine(ObjectStore)} finds, objects named {@code doctor-} may be left. A repeat is safe.
     *
     * @param store stays the caller's to close
     * @param role what the credentials are for
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Checkup examineRole(ObjectStore store, Role role) throws InterruptedException {
        return new Examination(List.of(store), environment, clients, rounds, load).role(role);
    }

    /**
     * The same as {@link #examine(ObjectStore)} through two connections, so that it also shows whether one client sees at once what another has written.
     *
     * @param store stays the caller's to close
     * @param second another connection to the same place; stays the caller's to close
     * @throws InterruptedException if the calling thread is interrupted; some objects below {@code doctor/} may be left
     */
    public Checkup examine(ObjectStore store, ObjectStore second) throws InterruptedException {
        return new Examination(List.of(store, second), environment, clients, rounds, load).run();
    }
}
