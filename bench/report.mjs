// How soon the page of a run can be used, and how soon it answers a key: opened in headless Chromium as a file. The
// models of a real run (RUN_DIR, or one of the samples) are repeated under other names until they are enough.

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { runBatch } from '../dist/batch/run.js';
import { runFolder } from '../dist/batch/run-folder.js';
import { readZoo } from '../dist/batch/zoo/read-zoo.js';
import { Converters } from '../dist/convert/converters.js';
import { writeReport } from '../dist/report/write-report.js';
import { median } from './measure.mjs';
import { pythonOf, run, work } from './prepare.mjs';

const TIMES = 7;
/** Seconds, from the issue: a page of 1,000 models opens in less than two. */
const OPENED = 2;
/** Seconds within which an answer feels immediate. */
const ANSWERED = 0.1;
const TYPED = 'penguin 99';

export async function reportPage() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: set CHROMIUM`);
  const real = process.env.RUN_DIR ?? (await sampleRun());
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const rows = [];
  try {
    for (const models of [1000, 10_000]) {
      const page = await repeated(real, models);
      const note = `${(page.bytes / 2 ** 20).toFixed(1)} MB, written in ${page.seconds.toFixed(1)} s`;
      const measured = [];
      for (let round = 0; round <= TIMES; round++) measured.push(await measure(browser, page.url));
      // The first fills the disk's cache.
      const times = measured.slice(1);
      const figures = [
        ['open → table can be used', times.map(({ opened }) => opened), OPENED, note],
        ['key → filtered', times.flatMap(({ keys }) => keys), ANSWERED, `typing “${TYPED}”`],
        ['click → model with its plots', times.map(({ model }) => model), OPENED, ''],
      ];
      for (const [what, seconds, limit, more] of figures) {
        const ours = median(seconds);
        const worst = `at most ${Math.max(...seconds).toPrecision(3)} s`;
        rows.push({
          name: `page of ${models.toLocaleString('en-US')} models: ${what}`,
          ours,
          theirs: limit,
          ratio: ours / limit,
          goal: models === 1000 ? '≤ 1' : 'none',
          met: models !== 1000 || ours <= limit,
          note: [worst, more].filter(Boolean).join(', '),
        });
      }
    }
    return rows;
  } finally {
    await browser.close();
  }
}

async function measure(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const begun = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => document.querySelectorAll('#p-models tbody tr').length > 0);
  await page.evaluate(painted);
  const opened = (performance.now() - begun) / 1000;
  await page.evaluate(() => {
    globalThis.keys = [];
    document.addEventListener('input', (event) => {
      const pressed = event.timeStamp;
      requestAnimationFrame(() => setTimeout(() => globalThis.keys.push((performance.now() - pressed) / 1000)));
    });
  });
  await page.keyboard.press('/');
  for (const key of TYPED) {
    await page.keyboard.press(key === ' ' ? 'Space' : key);
    await page.evaluate(painted);
  }
  const keys = await page.evaluate(() => globalThis.keys);
  if (keys.length !== TYPED.length) throw new Error(`${keys.length} keys were answered`);
  await page.getByRole('button', { name: 'Clear filter' }).click();
  const clicked = performance.now();
  await page.locator('#p-models tbody a').first().click();
  await page.waitForFunction(() => document.querySelectorAll('#p-model svg').length > 2);
  await page.evaluate(painted);
  const model = (performance.now() - clicked) / 1000;
  await page.close();
  return { opened, keys, model };
}

/** Runs in the page: resolves when what was drawn has been shown. */
function painted() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

async function repeated(root, models) {
  const from = runFolder(root);
  const document = JSON.parse(readFileSync(from.results, 'utf8'));
  const to = runFolder(path.join(work, `report-${models}`));
  rmSync(to.root, { recursive: true, force: true });
  mkdirSync(to.evidence, { recursive: true });
  const results = Array.from({ length: models }, (_, index) => {
    const real = document.results[index % document.results.length];
    const name = `${real.name}-${index}`;
    const evidence = path.join(from.evidence, `${real.name}.json`);
    if (existsSync(evidence)) copyFileSync(evidence, path.join(to.evidence, `${name}.json`));
    return { ...real, name };
  });
  const totals = { models, converted: 0, cached: 0, failed: 0, skipped: 0 };
  for (const { status } of results) totals[status]++;
  writeFileSync(to.results, JSON.stringify({ ...document, run: { ...document.run, totals }, results }));
  const begun = performance.now();
  const { html } = await writeReport(to);
  const seconds = (performance.now() - begun) / 1000;
  rmSync(to.evidence, { recursive: true });
  return { url: pathToFileURL(html).href, bytes: statSync(html).size, seconds };
}

/** The sample models of scikit-learn, run as a zoo, once. */
async function sampleRun() {
  const folder = runFolder(path.join(work, 'report-run'));
  if (existsSync(folder.results)) return folder.root;
  const models = path.join(work, 'report-models');
  run(await pythonOf('sklearn'), path.join(work, '..', '..', 'samples', 'train.py'), models);
  const converters = await Converters.open({});
  try {
    const zoo = await readZoo(models, converters.manifests, { target: 'sql-edge' });
    await runBatch(zoo, converters, {
      folder,
      resume: true,
      executor: 'local',
      jobs: 2,
      slots: () => 2,
      environments: 2,
      trust: { all: true },
      settings: { keepUnverified: false },
    });
    return folder.root;
  } finally {
    await converters.close();
  }
}
