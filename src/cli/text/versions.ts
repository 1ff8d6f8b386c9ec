/** Versions of a registry in words. */

import type { ModelVersion } from '../../registry/registry.js';
import { probesText, undecidedText } from '../../report/page/probes.js';
import { SIGNATURE, signerText } from '../../signing/stored.js';
import { TARGETS } from '../../targets/targets.js';
import { size, table } from '../output.js';

export function versionTable(versions: ModelVersion[]): string[] {
  return table(
    ['NAME', 'VERSION', 'ALIASES', 'TARGET', 'SIZE', 'VERIFIED', 'CREATED', 'SHA256'],
    versions.map((version) => [
      version.name,
      version.version,
      version.aliases.join(', '),
      version.target,
      size(version.bytes),
      verified(version),
      shortTime(version.created),
      version.sha256.slice(0, 12),
    ]),
  );
}

/** Everything about one version, a line a fact. */
export function versionText(version: ModelVersion): string[] {
  const { signature, verification } = version;
  const { [SIGNATURE]: _, ...provenance } = version.provenance;
  const signer = signerText(version.provenance);
  return [
    `${version.name}@${version.version}${version.aliases.map((alias) => `  @${alias}`).join('')}`,
    `  created   ${shortTime(version.created)}${version.createdBy === null ? '' : ` by ${version.createdBy}`}`,
    `  target    ${TARGETS[version.target].title}`,
    `  size      ${size(version.bytes)}, sha256 ${version.sha256}`,
    ...(version.description === null ? [] : [`  model     ${version.description}`]),
    `  verified  ${verified(version)}${verification === null ? '' : `, ${verification.rows} rows, in ONNX Runtime ${verification.runtimes.join(' and ')}`}`,
    ...probes(version),
    ...(signer === null ? [] : [`  signed    ${signer}`]),
    ...table(
      ['  COLUMN', 'TYPE', 'NULL', 'VALUES'],
      signature.inputs.map(({ name, sqlType, nulls, categories, unknown }) => [
        `  ${name}`,
        sqlType,
        String(nulls),
        categories === undefined ? '' : `${categories.join(', ')} (unknown: ${unknown})`,
      ]),
    ),
    ...table(
      ['  OUTPUT', 'TYPE', 'LABELS'],
      signature.outputs.map(({ name, sqlType, labels }) => [`  ${name}`, sqlType, labels?.join(', ') ?? '']),
    ),
    ...Object.entries(provenance).map(
      ([key, value]) => `  ${key.padEnd(14)} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ];
}

export function shortTime(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

/** A line each for probes and undecided rows. */
function probes({ verification }: ModelVersion): string[] {
  if (verification === null) return [];
  const texts = [probesText(verification.probes, verification.reference), undecidedText(verification.undecided)];
  return texts.filter((text) => text !== null).map((text) => `            ${text}`);
}

function verified({ verification }: ModelVersion): string {
  return verification === null ? 'no' : verification.status === 'passed' ? 'yes' : verification.status;
}
