package dev.windlass.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.windlass.environment.Monitor;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreException;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreUnavailableException;

/**
 * Which roles the credentials at hand can play. Asked by requests that change nothing where they are allowed: puts under
 * a condition that cannot hold, gets and deletes of keys that nobody has. Only who may write and delete but not read
 * is asked by an empty object, which is removed at once and which no part of the protocol takes for its own.
 */
final class Permissions {
    /** The MD5 of nothing that anybody would store. */
    private static final String NO_ETAG = "\"d0c70200000000000000000000000000\"";

    private final Examination examination;
    private final ObjectStore store;

    /** What came of asking. */
    private enum Answer {
        ALLOWED, REFUSED, NOT_KNOWN, NO_ANSWER, APPLIED
    }

    Permissions(Examination examination) {
        this.examination = examination;
        this.store = examination.connection(0);
    }

    private static String name(Role role) {
        return "role-" + role.name().toLowerCase(Locale.ROOT);
    }

    /** A check for each role, all left out for that reason. */
    List<Check> leftOut(String reason) {
        return Arrays.stream(Role.values()).map(role -> Check.skipped(name(role), reason, null)).toList();
    }

    /** A check for each role; that a role cannot be played is no fault of the store. */
    List<Check> roles() throws InterruptedException {
        Map<Role.Access, Answer> answers = askAll(Arrays.stream(Role.values())
                .flatMap(role -> role.accesses().stream()).collect(Collectors.toCollection(LinkedHashSet::new)));
        return Arrays.stream(Role.values()).map(role -> check(role, answers, Verdict.NOTE)).toList();
    }

    /** A check for a role that the credentials must be able to play. */
    Check demand(Role role) throws InterruptedException {
        return check(role, askAll(new LinkedHashSet<>(role.accesses())), Verdict.BAD);
    }

    private static Check check(Role role, Map<Role.Access, Answer> answers, Verdict refused) {
        String name = name(role);
        String word = role.name().toLowerCase(Locale.ROOT);
        List<Role.Access> applied = those(role, answers, Answer.APPLIED);
        if (!applied.isEmpty()) {
            return Check.bad(name, "puts whose condition cannot hold were applied: " + texts(applied),
                    Examination.LOSES);
        }
        List<Role.Access> silent = those(role, answers, Answer.NO_ANSWER);
        if (!silent.isEmpty()) {
            return Check.skipped(name, "no answer to: " + texts(silent), "Examine it again once the store answers.");
        }
        List<Role.Access> no = those(role, answers, Answer.REFUSED);
        List<Role.Access> open = those(role, answers, Answer.NOT_KNOWN);
        String unknown = open.isEmpty() ? "" : "; not known: " + texts(open);
        if (!no.isEmpty()) {
            return Check.of(name, refused, "refused: " + texts(no) + unknown, "To play the role of a " + word
                    + ", these credentials need what docs/iam/" + word + ".json allows, on this store's prefix.");
        }
        if (!open.isEmpty()) {
            return Check.note(name, "nothing is known to be refused" + unknown,
                    "Without the right to list or to delete that cannot be told: compare the credentials' policy with docs/iam/"
                            + word + ".json.");
        }
        return Check.good(name, "these credentials can play it: all " + role.accesses().size()
                + " kinds of requests of a " + word + " are allowed");
    }

    private static List<Role.Access> those(Role role, Map<Role.Access, Answer> answers, Answer wanted) {
        return role.accesses().stream().filter(access -> answers.get(access) == wanted).toList();
    }

    private static String texts(List<Role.Access> accesses) {
        return accesses.stream().map(Role.Access::toString).collect(Collectors.joining(", "));
    }

    private Map<Role.Access, Answer> askAll(Set<Role.Access> accesses) throws InterruptedException {
        var answers = new LinkedHashMap<Role.Access, Answer>();
        Monitor monitor = examination.environment.newMonitor();
        var all = new ArrayList<>(accesses);
        int members = Math.min(examination.clients, all.size());
        examination.together(members, member -> {
            for (int i = member; i < all.size(); i += members) {
                Answer answer = ask(all.get(i));
                monitor.lock();
                try {
                    answers.put(all.get(i), answer);
                } finally {
                    monitor.unlock();
                }
            }
        });
        return answers;
    }

    private Answer ask(Role.Access access) {
        String key = access.keys().replace("*", "doctor-" + examination.id());
        try {
            return switch (access.kind()) {
                case GET -> {
                    store.get(key);
                    yield Answer.ALLOWED;
                }
                case PUT -> put(key);
                case DELETE -> {
                    store.delete(key);
                    yield Answer.ALLOWED;
                }
                case LIST -> {
                    store.list(key, null, 1);
                    yield Answer.ALLOWED;
                }
            };
        } catch (StoreRefusedException e) {
            return access.kind() == Role.Kind.GET ? unlessMissing(key) : Answer.REFUSED;
        } catch (StoreUnavailableException e) {
            return Answer.NO_ANSWER;
        }
    }

    private Answer put(String key) {
        PutResult result;
        try {
            result = store.put(key, new byte[0], Precondition.ifMatch(NO_ETAG));
        } catch (StoreRefusedException e) {
            return putWithoutReading(key);
        }
        return switch (result) {
            case PutResult.Conflict conflict -> Answer.ALLOWED;
            case PutResult.Unknown unknown -> Answer.NO_ANSWER;
            case PutResult.Applied applied -> {
                remove(key);
                yield Answer.APPLIED;
            }
        };
    }

    /** Amazon wants the right to read for If-Match: who may write and not read is asked by an object that he may remove. */
    private Answer putWithoutReading(String key) {
        if (!isAllowed(() -> store.delete(key))) {
            return Answer.NOT_KNOWN;
        }
        PutResult result = store.put(key, new byte[0], Precondition.ifAbsent());
        remove(key);
        return result instanceof PutResult.Unknown ? Answer.NO_ANSWER : Answer.ALLOWED;
    }

    private static boolean isAllowed(Runnable request) {
        try {
            request.run();
            return true;
        } catch (StoreRefusedException e) {
            return false;
        }
    }

    private void remove(String key) {
        try {
            store.delete(key);
        } catch (StoreException e) {
            Examination.LOG.warn("{} could not be removed: {}", key, e.getMessage());
        }
    }

    /** Where one may not list, what is missing looks as if it were forbidden. */
    private Answer unlessMissing(String key) {
        String folder = key.substring(0, key.indexOf('/') + 1) + "doctor-" + examination.id() + '/';
        try {
            return isAllowed(() -> store.list(folder, null, 1)) ? Answer.REFUSED : Answer.NOT_KNOWN;
        } catch (StoreUnavailableException e) {
            return Answer.NO_ANSWER;
        }
    }
}
