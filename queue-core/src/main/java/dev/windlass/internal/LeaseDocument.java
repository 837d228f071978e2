package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of a lease, {@code leases/{leaseId}.json}: a worker's liveness, the claims that it covers, its mailbox.
 *
 * @param leaseId its id: fresh per start and per fencing
 * @param workerId whose it is
 * @param writeId the last write
 * @param ownerWriteId the last write by its owner, kept by all others
 * @param dead whether a sweeper has taken it over
 * @param ttl how long it lives without a renewal
 * @param aliveAt when its owner last wrote, if somebody else has written since; otherwise null, and the object's own
 *            modification time says it
 * @param claims what it covers
 * @param mailbox what others want the owner to do
 */
record LeaseDocument(String leaseId, String workerId, String writeId, String ownerWriteId, boolean dead, Duration ttl,
        @Nullable Instant aliveAt, List<Claim> claims, List<Message> mailbox) {

    /** Copies the lists. */
    LeaseDocument {
        claims = List.copyOf(claims);
        mailbox = List.copyOf(mailbox);
    }

    /**
     * A claim: the write that made it names it, not the task alone.
     *
     * @param deadline when the attempt's time is over, or null
     */
    record Claim(String taskId, String claimWriteId, @Nullable Instant deadline) {}

    /**
     * A message.
     *
     * @param kind {@code cancel} or {@code drain}
     * @param taskId the task it is about, or null
     * @param claimWriteId the claim it is about, or null
     */
    record Message(String id, String kind, @Nullable String taskId, @Nullable String claimWriteId, String reason) {}

    boolean isDead() {
        return dead;
    }

    static @Nullable LeaseDocument parse(byte[] body) {
        ObjectNode json = Json.object(body);
        if (json == null || !json.path("leaseId").isString() || !json.path("ttlMillis").isIntegralNumber()) {
            return null;
        }
        var claims = new ArrayList<Claim>();
        for (JsonNode claim : json.path("claims")) {
            JsonNode deadline = claim.path("deadline");
            claims.add(new Claim(claim.path("task").asString(""), claim.path("claim").asString(""),
                    deadline.isIntegralNumber() ? Instant.ofEpochMilli(deadline.asLong()) : null));
        }
        var mailbox = new ArrayList<Message>();
        for (JsonNode message : json.path("mailbox")) {
            mailbox.add(new Message(message.path("id").asString(""), message.path("kind").asString(""),
                    message.path("task").asString(null), message.path("claim").asString(null),
                    message.path("reason").asString("")));
        }
        JsonNode aliveAt = json.path("aliveAt");
        return new LeaseDocument(json.path("leaseId").asString(""), json.path("workerId").asString(""),
                json.path("writeId").asString(""), json.path("ownerWriteId").asString(""),
                json.path("state").asString("").equals("DEAD"), Duration.ofMillis(json.path("ttlMillis").asLong()),
                aliveAt.isIntegralNumber() ? Instant.ofEpochMilli(aliveAt.asLong()) : null, claims, mailbox);
    }

    byte[] bytes() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("leaseId", leaseId);
        json.put("workerId", workerId);
        json.put("writeId", writeId);
        json.put("ownerWriteId", ownerWriteId);
        json.put("state", dead ? "DEAD" : "LIVE");
        json.put("ttlMillis", ttl.toMillis());
        if (aliveAt != null) {
            json.put("aliveAt", aliveAt.toEpochMilli());
        }
        ArrayNode claimNodes = json.putArray("claims");
        for (Claim claim : claims) {
            ObjectNode node = claimNodes.addObject();
            node.put("task", claim.taskId());
            node.put("claim", claim.claimWriteId());
            Instant deadline = claim.deadline();
            if (deadline != null) {
                node.put("deadline", deadline.toEpochMilli());
            }
        }
        ArrayNode messageNodes = json.putArray("mailbox");
        for (Message message : mailbox) {
            ObjectNode node = messageNodes.addObject();
            node.put("id", message.id());
            node.put("kind", message.kind());
            node.put("task", message.taskId());
            node.put("claim", message.claimWriteId());
            node.put("reason", message.reason());
        }
        return Json.bytes(json);
    }

    /** With one more message, by somebody else than the owner. */
    LeaseDocument withMessage(Message message, Instant ownerAliveAt, String newWriteId) {
        var messages = new ArrayList<>(mailbox);
        messages.add(message);
        return new LeaseDocument(leaseId, workerId, newWriteId, ownerWriteId, dead, ttl, ownerAliveAt, claims,
                messages);
    }

    /** Taken over by a sweeper, with every claim that it lists. */
    LeaseDocument asDead(Instant ownerAliveAt, String newWriteId) {
        return new LeaseDocument(leaseId, workerId, newWriteId, ownerWriteId, true, ttl, ownerAliveAt, claims, mailbox);
    }
}
