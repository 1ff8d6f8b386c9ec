/** How far it is proved that the model predicts what the original predicts. */

import type { ModelFacts, VerificationFacts } from './data.js';
import { named } from './dom.js';
import { probesText, undecidedText } from './probes.js';
import { dataTable, factTable, section, wide } from './section.js';
import { count, difference, plural } from './text.js';

const REFERENCES: Record<string, string> = {
  native: 'the original framework',
  file: 'the expected predictions beside the model',
  onnx: 'the raw ONNX graph alone',
};

const TITLES: Record<VerificationFacts['status'], string> = {
  passed: 'Verified',
  failed: 'Not the same predictions',
  unavailable: 'Compared, not verified',
};

export function verificationSection({ verification }: ModelFacts): HTMLElement | null {
  if (verification === undefined) return null;
  const { status, rows, rowsSource, reference, runtimes, runtimesNotChecked, rounding } = verification;
  const from = rowsSource === 'sample' ? 'of the sample' : 'made up from what the model knows';
  const pairs: [string, string][] = [
    ['held against', `${REFERENCES[reference] ?? reference}, on ${plural(rows, 'row')} ${from}`],
    ...fact('probes', probesText(verification.probes, reference)),
    ...fact('undecided', undecidedText(verification.undecided)),
    [
      'in',
      `ONNX Runtime ${runtimes.join(' and ')}${runtimesNotChecked.map((each) => `; ${each} not checked`).join('')}`,
    ],
    [
      'largest difference',
      `${difference(verification.maxAbsDiff)} absolute, ${difference(verification.maxRelDiff)} relative`,
    ],
    ['tolerance', `${verification.atol} + ${verification.rtol} × |expected|`],
    ['labels', verification.labelMismatches === 0 ? 'none changed' : `${count(verification.labelMismatches)} changed`],
    ['rounding', roundingText(rounding)],
  ];
  return section(TITLES[status], factTable(pairs), worstRows(verification));
}

function fact(name: string, text: string | null): [string, string][] {
  return text === null ? [] : [[name, text]];
}

function roundingText({ rowsChanged, maxAbsDiff }: VerificationFacts['rounding']): string {
  if (rowsChanged === 0) return 'numbers as the columns hold them change no row';
  return `${plural(rowsChanged, 'row')} differ by up to ${difference(maxAbsDiff)} when numbers are rounded to the columns`;
}

function worstRows({ worst = [] }: VerificationFacts): HTMLElement | null {
  if (worst.length === 0) return null;
  return wide(
    'Rows that differ most',
    dataTable('Rows that differ most', {
      headings: ['Row', 'Output', 'Expected', 'Got', 'Runtime', 'Inputs'],
      numbers: [2, 3],
      rows: worst.map(({ row, probe, column, expected, got, runtime, inputs }) => [
        probe ?? count(row + 1),
        named(column),
        String(expected),
        String(got),
        runtime,
        Object.entries(inputs)
          .map(([name, value]) => `${name}=${value}`)
          .join(', '),
      ]),
    }),
  );
}
