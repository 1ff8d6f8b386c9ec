/** What this machine and its registry have of all that predictable can use: one finding a part. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findInterpreters } from '../environments/interpreters.js';
import { type EnvironmentSurvey, surveyConverters } from '../environments/survey.js';
import { pythonRuntimeState } from '../inference/python-runtime.js';
import { checkedRuntimes } from '../inference/runtimes.js';
import { runtimeState } from '../runtimes/ensure.js';
import type { NodeRuntimeVersion } from '../runtimes/manifest.js';
import type { OpenServerOptions } from '../server/open.js';
import { forShell } from '../shell.js';
import { type RuntimeVersion, TARGETS } from '../targets/targets.js';
import type { Finding } from './finding.js';
import { diagnoseRegistry } from './registry.js';
import { diagnoseSandbox } from './sandbox.js';

/** `options`: how a registry on a server is opened. Errors of the registry are findings. */
export async function diagnose(registry: string, options: OpenServerOptions = {}): Promise<Finding[]> {
  const parts = await Promise.all([
    node(),
    pythons(),
    program('Java', 'java', ['-version'], 'Spark ML and H2O models need a Java 17, e.g. openjdk-17-jre-headless'),
    program('C compiler', 'cc', ['--version'], 'packages that exist as source only need one, e.g. build-essential'),
    diagnoseSandbox(),
    environments(),
    runtimes(),
    diagnoseRegistry(registry, options),
  ]);
  return parts.flat();
}

function node(): Finding[] {
  return [{ part: 'Node', state: 'ok', detail: process.versions.node }];
}

async function pythons(): Promise<Finding[]> {
  const found = await findInterpreters();
  if (found.length === 0) {
    return [
      {
        part: 'Python',
        state: 'missing',
        detail: 'none',
        hint: 'Install Python 3.11 or newer, or say where it is with --python.',
      },
    ];
  }
  return found.map(({ version, path, source }) => ({
    part: `Python ${version}`,
    state: 'ok',
    detail: `${path} (${source})`,
  }));
}

async function program(part: string, command: string, args: string[], hint: string): Promise<Finding[]> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args);
    return [{ part, state: 'ok', detail: (stdout || stderr).split('\n')[0] ?? '' }];
  } catch {
    // Not there, or there and not working: either way it cannot be used.
    return [{ part, state: 'optional', detail: 'not found', hint }];
  }
}

async function environments(): Promise<Finding[]> {
  const surveys = await surveyConverters();
  return surveys.flatMap(({ id, title, environments }) =>
    environments.map((environment, index) => findingOf(environment, title, id, index === 0)),
  );
}

/** A converter works without its further environments: they are for files of other times, or with other packages. */
function findingOf(
  { name, state, python, loads }: EnvironmentSurvey,
  title: string,
  id: string,
  first: boolean,
): Finding {
  const build = first ? `predictable setup ${id}` : `predictable setup ${id} --environment ${forShell(name)}`;
  const files = first || loads === null ? '' : ` (${loads})`;
  return {
    part: title,
    state: state === 'ready' ? 'ok' : state === 'no interpreter' && first ? 'missing' : 'optional',
    detail: `${name} environment${files} ${state}${python === null ? '' : `, Python ${python}`}`,
    ...(state === 'not built' ? { hint: `${build} (or the first convert that needs it does it)` } : {}),
    ...(state === 'no interpreter' ? { hint: 'Install one of the Python versions that it needs.' } : {}),
  };
}

async function runtimes(): Promise<Finding[]> {
  const targets = Object.values(TARGETS);
  const checked = await Promise.all(targets.map((target) => checkedRuntimes(target)));
  const have = [...new Set(checked.flatMap(({ runtimes: found }) => found))];
  const missing = [...new Set(checked.flatMap(({ runtimesNotChecked }) => runtimesNotChecked))];
  return [
    ...(await Promise.all(have.map((version) => foundRuntime(version)))),
    ...missing.map(
      (version): Finding => ({
        part: `ONNX Runtime ${version}`,
        state: 'optional',
        detail: 'not found',
        hint: 'Models for SQL Edge 1.0 and Synapse are then not checked in their own runtime; it needs a Python 3.8.',
      }),
    ),
  ];
}

async function foundRuntime(version: RuntimeVersion): Promise<Finding> {
  const part = `ONNX Runtime ${version}`;
  if (version !== '1.5.2') return foundNodeRuntime(part, version);
  const environment = await pythonRuntimeState();
  if (environment.state === 'no interpreter') return { part, state: 'optional', detail: 'no Python for it' };
  const python = `Python ${environment.interpreter.version}`;
  if (environment.state === 'ready') return { part, state: 'ok', detail: `for verification, ${python}` };
  const hint = 'The first convert for SQL Edge 1.0 or Synapse does it.';
  return { part, state: 'optional', detail: `environment not built, ${python}`, hint };
}

async function foundNodeRuntime(part: string, version: NodeRuntimeVersion): Promise<Finding> {
  const runtime = await runtimeState(version);
  switch (runtime.state) {
    case 'ready':
      return { part, state: 'ok', detail: 'for verification' };
    case 'not fetched':
      return { part, state: 'optional', detail: 'not fetched', hint: FETCHING };
    case 'not made for this machine':
      return { part, state: 'missing', detail: runtime.error.message, hint: runtime.error.hint ?? '' };
  }
}

const FETCHING = 'predictable setup with any converter (or the first command that needs it does it), through npm';
