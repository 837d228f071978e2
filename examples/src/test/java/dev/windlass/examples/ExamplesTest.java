package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example does what it says, on a directory. */
class ExamplesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private interface Program {
        void run(String[] args) throws Exception;
    }

    private String outputOf(Program program) throws Exception {
        var bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            program.run(new String[]{"file:" + directory.resolve("store")});
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void sendEmails_printsTheResult() throws Exception {
        assertThat(outputOf(SendEmails::main)).isEqualToIgnoringNewLines("sent to ada@example.org");
    }

    @Test
    void chargeOnce_submittedTwice_isOneTask() throws Exception {
        assertThat(outputOf(ChargeOnce::main)).startsWith("true: charged 1999 by k");
    }

    @Test
    void importRows_saysHowFarItIs() throws Exception {
        assertThat(outputOf(ImportRows::main)).contains("250 rows imported by ").contains("rows=250")
                .contains("at row 200");
    }

    @Test
    void encryptedPayloads_changedKey_readsWhatTheOldOneWrote() throws Exception {
        assertThat(outputOf(EncryptedPayloads::main)).startsWith("hello Ada");
    }

    @Test
    void checkedEmails_inputThatDoesNotFit_isRefusedWithItsPath() throws Exception {
        assertThat(outputOf(CheckedEmails::main)).contains("/to/1: does not match the regex pattern @")
                .contains("sent to [ada@example.org]");
    }

    @Test
    void watchedQueue_countsItsHandler() throws Exception {
        assertThat(outputOf(WatchedQueue::main)).contains("hello Ada").contains("handlers run: 1");
    }

    @Test
    void reportGraph_joinsBothSteps() throws Exception {
        assertThat(outputOf(ReportGraph::main)).contains("shop orders and shop returns");
    }

    @Test
    void nightlyReport_showsItsFireTimesAndRunsByHand() throws Exception {
        assertThat(outputOf(NightlyReport::main)).contains("fires at 20", "T02:00+0", "[Europe/Berlin]")
                .containsPattern("report on sales as of 20\\d\\d-\\d\\d-\\d\\dT");
    }

    @Test
    void orderApproval_signalArrives_isShipped() throws Exception {
        assertThat(outputOf(OrderApproval::main))
                .startsWith("shipped stock for 17, paid 1999 cents by key order-17/1/");
    }

    @Test
    void documentPipeline_mapsOverTheFleet() throws Exception {
        assertThat(outputOf(DocumentPipeline::main)).startsWith("20 documents, 80 words");
    }

    @Test
    void pagesGraph_pagesAreReadAndPutTogether() throws Exception {
        assertThat(outputOf(PagesGraph::main))
                .contains("Summary[title=minutes, pages=3, words=11, longest=astonishingly.]")
                .contains("4 steps, of pages (4 steps)");
    }
}
