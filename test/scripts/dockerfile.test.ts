import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { page } from '../docs/sections.js';
import { INSTRUCTIONS, PREFIX, STEPS } from './dockerfile.js';

const script = readFileSync(path.join(packageRoot, 'scripts', 'image.sh'), 'utf8');
const all = (name: string) => INSTRUCTIONS.filter((instruction) => instruction.name === name);

describe('the image', () => {
  test('is built by the steps that run without Docker, and by nothing else', () => {
    expect(STEPS.map((step) => step.split(' ', 1)[0])).toEqual([
      'system',
      'program',
      'environments',
      'system',
      'check',
    ]);
    expect(all('ADD')).toEqual([]);
  });

  test('has one base, by an exact tag that Node’s oldest supported version fits', () => {
    const bases = all('FROM').map(({ rest }) => rest);
    expect(bases.slice(1)).toEqual(['base AS build', 'base']);
    const [, minor] = /^node:20\.(\d+)\.\d+-bookworm-slim AS base$/.exec(bases[0] ?? '') ?? [];
    expect(Number(minor)).toBeGreaterThanOrEqual(19);
  });

  test('runs as a user without rights, by number, and checks its environments as that user', () => {
    const names = INSTRUCTIONS.map(({ name, rest }) => `${name} ${rest}`);
    const user = names.indexOf('USER 1000:1000');
    expect(user).toBeGreaterThan(0);
    expect(names.findIndex((line) => line.includes('image.sh check'))).toBeGreaterThan(user);
    expect(names.slice(user).filter((line) => line.startsWith('USER '))).toHaveLength(1);
  });

  test('has its commands on the PATH and its environments in it', () => {
    expect(all('ENTRYPOINT').map(({ rest }) => JSON.parse(rest))).toEqual([['predictable']]);
    expect(all('ENV')[0]?.rest).toBe(`PATH=${PREFIX}/bin:$PATH PREDICTABLE_CACHE=${PREFIX}/cache`);
  });

  test('keeps secrets out of its layers', () => {
    const variables = [...all('ARG'), ...all('ENV')].map(({ rest }) => rest).join(' ');
    expect(variables).not.toMatch(/password|token|secret|index|registry/i);
    const mounts = all('RUN').flatMap(({ options }) => options);
    expect(mounts.filter((option) => !option.startsWith('--mount=type=secret,id='))).toEqual([]);
    expect(mounts.length).toBeGreaterThan(0);
  });
});

test('the build gets every part of the program, and no more of the folder', () => {
  const lines = readFileSync(path.join(packageRoot, '.dockerignore'), 'utf8').split('\n');
  const let_in = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(lines.find((line) => line !== '' && !line.startsWith('#'))).toBe('*');
  expect(let_in.filter((part) => !existsSync(path.join(packageRoot, part)))).toEqual([]);
  const copied = /for part in (.*); do/.exec(script)?.[1]?.split(' ') ?? [];
  const { files } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { files: string[] };
  const made = ['dist', 'node_modules'];
  const parts = files.filter((file) => !file.startsWith('!') && file !== 'docs').map((file) => file.split('/')[0]);
  expect(copied).toEqual(expect.arrayContaining(parts));
  expect(copied.filter((part) => !made.includes(part) && !let_in.includes(part))).toEqual([]);
});

test('its page names arguments, secrets and steps that there are', () => {
  const text = page('docs/image.md');
  const documented = [...text.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
  const globals = INSTRUCTIONS.slice(
    0,
    INSTRUCTIONS.findIndex(({ name }) => name === 'FROM'),
  );
  expect(documented).toEqual(globals.map(({ rest }) => rest.split('=')[0]));
  const secrets = [...text.matchAll(/--secret id=([\w.]+)/g)].map(([, id]) => id);
  const mounted = all('RUN').flatMap(({ options }) => options.map((option) => /id=([\w.]+)/.exec(option)?.[1]));
  expect(new Set(secrets)).toEqual(new Set(mounted));
  const steps = [...text.matchAll(/scripts\/image\.sh (\w+)/g)].map(([, step = '']) => step);
  expect(steps).toEqual(['program', 'environments', 'check']);
  for (const step of steps) expect(script).toContain(`\n${step}() {`);
});

test('the script says how it is called, and runs nothing else', async () => {
  for (const args of [[], ['set_up', '/nowhere', 'sklearn']]) {
    const ran = await execa(path.join(packageRoot, 'scripts', 'image.sh'), args, { reject: false });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain('scripts/image.sh environments PREFIX CONVERTERS');
  }
});
