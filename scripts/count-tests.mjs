// Prints the closing line of a test run, `N passed, N failed, N skipped`, and exits non-zero unless all is well.

import { readFileSync } from 'node:fs';

const [report, status] = process.argv.slice(2);
let counts = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 };
try {
  counts = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  console.error('the tests did not get as far as a report');
}
const { numPassedTests: passed, numFailedTests, numPendingTests: skipped } = counts;
// A suite that fails before its first test, or a failed type check, counts as a failure too.
const failed = numFailedTests === 0 && status !== '0' ? 1 : numFailedTests;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
