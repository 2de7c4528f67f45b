/** Ends the run with one line that any reader, human or machine, can count: "N passed, N failed, N skipped". */
module.exports = class PlainSummaryReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    // A suite that could not even be loaded ran no test: it must not look like a success.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const line = `\n${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`;
    // Behind the summaries of the other reporters.
    process.once('exit', () => process.stdout.write(line));
  }
};
