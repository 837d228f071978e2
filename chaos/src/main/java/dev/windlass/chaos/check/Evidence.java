package dev.windlass.chaos.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.windlass.chaos.ledger.Ledger;
import dev.windlass.queue.AuditReport;
import dev.windlass.store.ListPage;
import tools.jackson.databind.JsonNode;

/**
 * All that the account of a run rests on.
 *
 * @param ledger the lines of all ledgers
 * @param objects all stored objects of tasks, workflows, leases and dead entries, by key
 * @param payloads large inputs and results that those name, by key
 * @param recorded when each step's object was written, by key, in milliseconds since 1970
 * @param seen what was seen as final while the run went on
 * @param changed what was seen to change though it was final
 * @param leftovers what an audit found, and repaired, when everything had drained
 * @param findings what an audit found at the very end
 * @param uncertaintyMillis how early the store's time may be
 */
public record Evidence(List<JsonNode> ledger, Map<String, JsonNode> objects, Map<String, JsonNode> payloads,
        Map<String, Long> recorded, Map<String, Watcher.Seen> seen, List<Watcher.Changed> changed,
        List<AuditReport.Finding> leftovers,
        List<AuditReport.Finding> findings, long uncertaintyMillis) {

    /** Gathers it, from a store at rest. */
    public static Evidence gather(Path ledgers, StoreReader store, Watcher watcher, AuditReport leftovers,
            AuditReport findings) throws IOException, InterruptedException {
        var objects = new TreeMap<String, JsonNode>();
        for (String prefix : List.of("tasks/", "workflow/", "leases/", "dead/")) {
            objects.putAll(store.readAll(prefix));
        }
        var payloads = new ArrayList<String>();
        objects.values().forEach(json -> {
            for (String field : List.of("inputRef", "outputRef", "resultKey")) {
                if (json.path(field).isString()) {
                    payloads.add(json.path(field).asString());
                }
            }
        });
        var recorded = new TreeMap<String, Long>();
        for (ListPage.Entry entry : store.list("workflow/")) {
            if (entry.key().contains("/steps/")) {
                recorded.put(entry.key(), entry.lastModified().toEpochMilli());
            }
        }
        return new Evidence(Ledger.readAll(ledgers), objects, store.readAll(payloads), recorded, watcher.seen(),
                watcher.changed(), leftovers.findings(), findings.findings(), store.uncertaintyMillis());
    }
}
