package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.AuditReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code windlass audit}. */
@Command(name = "audit", description = {"Check the whole store against the invariants of the protocol.",
    "Exit code 1 if something is wrong and was not repaired."}, footerHeading = "%nExample:%n", footer = "  windlass audit --repair")
final class AuditCommand extends ConnectedCommand {
    @Option(names = "--repair", description = "Repair what can be.")
    private boolean repair;

    @Override
    int run(Windlass windlass) {
        AuditReport report = windlass.audit(repair);
        long left = report.findings().stream().filter(finding -> !finding.repaired()).count();
        if (json()) {
            ObjectNode json = JsonText.object().put("tasks", report.tasks()).put("readyKeys", report.readyKeys())
                    .put("repaired", report.repaired()).put("unrepaired", left);
            ArrayNode findings = json.putArray("findings");
            report.findings().forEach(finding -> findings.add(JsonText.object().put("kind", finding.kind())
                    .put("key", finding.key()).put("detail", finding.detail()).put("repaired", finding.repaired())));
            print(json);
        } else {
            if (!report.findings().isEmpty()) {
                Table table = table("KIND", "KEY", "REPAIRED", "DETAIL");
                report.findings().forEach(finding -> table.row(finding.kind(), finding.key(),
                        finding.repaired() ? "yes" : "no", finding.detail()));
                table.print(out());
            }
            print("tasks " + report.tasks() + ", ready keys " + report.readyKeys() + ": "
                    + (report.findings().isEmpty()
                            ? "nothing wrong"
                            : report.findings().size() + " found, " + report.repaired() + " repaired")
                    + (left > 0 && !repair ? "; --repair repairs what can be" : ""));
        }
        return left > 0 ? ExitCode.FAILED : ExitCode.DONE;
    }
}
