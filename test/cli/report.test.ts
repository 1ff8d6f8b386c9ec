import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runFolder } from '../../src/batch/run-folder.js';
import { DOCUMENTS } from '../../src/cli/documents.js';
import { converted, documentOf, failed } from '../report/results.js';
import { freshFolder } from '../support/folder.js';
import { strictly } from '../support/strictly.js';
import { document, predictable } from './run.js';

const folder = freshFolder('report');

beforeEach(async () => {
  const run = runFolder(path.join(folder, 'run'));
  await mkdir(run.root);
  await writeFile(run.results, JSON.stringify(documentOf([converted('churn'), failed('oven')])));
});

describe('report', () => {
  it('writes the page and report.md into the folder of the run', async () => {
    const { stdout, exitCode } = await predictable(['report', 'run'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^run\/report\.html {2}\d+ KB {2}2 models, 1 failed\nrun\/report\.md$/);
    expect(await readFile(path.join(folder, 'run', 'report.html'), 'utf8')).toContain('"churn"');
    expect(await readFile(path.join(folder, 'run', 'report.md'), 'utf8')).toContain('`churn`');
  });

  it('writes them elsewhere, and the same bytes again', async () => {
    const page = path.join(folder, 'page.html');
    await predictable(['report', 'run', '-o', page], { cwd: folder });
    const first = await readFile(page);
    const { json } = await document(['report', 'run', '-o', page], { cwd: folder });
    expect(await readFile(page)).toEqual(first);
    expect(await readFile(path.join(folder, 'page.md'), 'utf8')).toContain('`churn`');
    expect(strictly(DOCUMENTS.report, json)).toMatchObject({ html: page, bytes: first.length });
  });

  it('refuses a folder that holds no run, and one that is not there', async () => {
    await mkdir(path.join(folder, 'empty'));
    for (const name of ['empty', 'nothing']) {
      const { json, ran } = await document(['report', name], { cwd: folder });
      expect(ran.exitCode).toBe(2);
      expect(json.error).toMatchObject({ code: 'FILE_NOT_FOUND' });
    }
  });
});
