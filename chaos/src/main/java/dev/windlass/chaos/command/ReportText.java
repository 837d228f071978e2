package dev.windlass.chaos.command;

import java.util.Locale;
import java.util.TreeMap;

import dev.windlass.chaos.ChaosReport;
import dev.windlass.chaos.Fault;
import dev.windlass.chaos.check.Finding;
import dev.windlass.chaos.ledger.Ledger;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The report, for people and for programs. */
final class ReportText {
    private ReportText() {
    }

    static String table(ChaosReport report) {
        var text = new StringBuilder();
        line(text, "what really happened", "times");
        for (Fault fault : Fault.values()) {
            boolean possible = !fault.needsServer() || report.store().equals("s3:");
            line(text, fault.says(), possible ? report.faults().getOrDefault(fault, 0L) : "no server");
        }
        line(text, "requests through the proxy", report.store().equals("s3:") ? report.proxied() : "no server");
        line(text, "processes in all", report.processes());
        text.append('\n');
        line(text, "accounted for", "number");
        new TreeMap<>(report.account().counts()).forEach((name, count) -> line(text, name, count));
        for (String remark : report.remarks()) {
            text.append("\nremark: ").append(remark.strip().replace("\n", "\n    ")).append('\n');
        }
        for (Finding finding : report.account().findings()) {
            text.append('\n').append(finding.rule()).append(" (").append(finding.rule().says())
                    .append(") does not hold of ")
                    .append(finding.id()).append(": ").append(finding.text()).append('\n');
            finding.history().forEach(known -> text.append("    ").append(known).append('\n'));
        }
        text.append(String.format(Locale.ROOT, "%n%s on %s after %.0f s. To run it again: ./windlass-chaos --store %s"
                + " --seed %d%n",
                report.isSound() ? "All adds up" : report.account().findings().size() + " things do not add up",
                report.store(), report.seconds(), report.store(), report.seed()));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(String.format(Locale.ROOT, "%-52s %10s%n", name, value));
    }

    static String json(ChaosReport report) {
        ObjectNode json = Ledger.JSON.createObjectNode().put("seed", report.seed()).put("store", report.store())
                .put("seconds", report.seconds()).put("sound", report.isSound())
                .put("requestsThroughProxy", report.proxied()).put("processes", report.processes());
        ObjectNode faults = json.putObject("faults");
        for (Fault fault : Fault.values()) {
            faults.put(fault.name().toLowerCase(Locale.ROOT), report.faults().getOrDefault(fault, 0L));
        }
        ObjectNode counts = json.putObject("counts");
        new TreeMap<>(report.account().counts()).forEach(counts::put);
        ArrayNode remarks = json.putArray("remarks");
        report.remarks().forEach(remarks::add);
        ArrayNode findings = json.putArray("findings");
        for (Finding finding : report.account().findings()) {
            ObjectNode node = findings.addObject().put("rule", finding.rule().name()).put("id", finding.id())
                    .put("text", finding.text());
            ArrayNode history = node.putArray("history");
            finding.history().forEach(history::add);
        }
        return Ledger.JSON.writeValueAsString(json) + System.lineSeparator();
    }
}
