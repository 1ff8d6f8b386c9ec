import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BatchDocument, ModelResult, Run } from '../../src/batch/results.js';
import { type RunFolder, runFolder } from '../../src/batch/run-folder.js';
import { type LivePage, serveLive } from '../../src/report/live.js';
import { writeReport } from '../../src/report/write-report.js';
import { sharedFolder } from '../support/folder.js';
import { expectAccessible, findChromium, openWatched, startChromium, type Watched } from './browser.js';
import { realRun } from './real-run.js';
import { HOSTILE_NAMES, runOf } from './results.js';

/** Labels and text columns; plain numbers; many columns and labels; and one that no converter takes. */
const MODELS = ['penguin-species', 'diabetes-boosting', 'digits-mlp', 'iris-isomap'];

const chromium = findChromium();

describe.skipIf(chromium === null)('the page of a real run', () => {
  const folder = sharedFolder('report');
  let browser: Browser;
  let run: RunFolder;
  let written: BatchDocument;
  let report: string;
  let live: { server: LivePage; watched: Watched; rowsBefore: number };

  beforeAll(async () => {
    browser = await startChromium(chromium ?? '');
    const results: ModelResult[] = [];
    let current: Run = runOf([], { finished: false });
    const server = await serveLive({
      folder: runFolder(path.join(folder, 'run')),
      run: () => current,
      results: () => results,
    });
    // A link to a model that is still to come.
    const watched = await openWatched(browser, `${server.url}#iris-isomap`);
    const rowsBefore = await rows(watched.page).count();
    run = await realRun(folder, MODELS, {
      onPlan: (_, planned) => {
        current = planned;
      },
      onResult: (result) => server.result(result),
    });
    live = { server, watched, rowsBefore };
    written = JSON.parse(await readFile(run.results, 'utf8'));
    report = pathToFileURL((await writeReport(run)).html).href;
  });

  afterAll(async () => {
    await browser?.close();
  });

  const open = (hash = '', options = {}) => openWatched(browser, `${report}${hash}`, options);

  test('opens from a file, asks for nothing else, and nothing in it is refused', async () => {
    const { page, requests, complaints } = await open();
    await expect.poll(() => rows(page).count()).toBe(MODELS.length);
    expect(await page.textContent('h1')).toBe('Sample models');
    for (const name of MODELS) await openModel(page, name);
    expect(requests).toEqual([report]);
    expect(complaints).toEqual([]);
  });

  test('its policy lets no other text run, and no other host be asked', async () => {
    const { page, complaints } = await open();
    const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const asked: string[] = [];
    const host = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.setHeader('Access-Control-Allow-Origin', '*').end('globalThis.ran = true');
    });
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
    const ran = await page.evaluate(async (address) => {
      const inline = document.createElement('script');
      inline.textContent = 'globalThis.ran = true';
      const script = document.createElement('script');
      script.src = `${address}/script.js`;
      const picture = document.createElement('img');
      picture.src = `${address}/picture.png`;
      document.body.append(inline, script, picture);
      await fetch(`${address}/fetched`).catch(() => undefined);
      await new Promise((resolve) => picture.addEventListener('error', resolve));
      return 'ran' in globalThis;
    }, address);
    expect(ran).toBe(false);
    expect(asked).toEqual([]);
    expect(complaints.filter((text) => text.startsWith('policy:'))).toHaveLength(4);
    host.close();
  });

  test('says the totals, and what failed with what to do', async () => {
    const { page } = await open();
    const tile = (status: string) => page.textContent(`#p-totals .${status} b`);
    expect([await tile('converted'), await tile('failed')]).toEqual(['3', '1']);
    const failure = page.locator('.failures tbody tr');
    expect(await failure.textContent()).toContain('UNSUPPORTED_MODEL');
    expect(await failure.textContent()).toContain('docs/estimators.md');
    await failure.getByRole('button').click();
    await expectRows(page, ['iris-isomap']);
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await expect.poll(() => rows(page).count()).toBe(MODELS.length);
  });

  test('filters with every key', async () => {
    const { page } = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('i');
    await expectRows(page, MODELS.toSorted());
    await page.keyboard.type('r');
    await expectRows(page, ['iris-isomap']);
    expect(await page.textContent('#p-count')).toBe('1 of 4 models');
    await page.keyboard.press('Escape');
    await expect.poll(() => rows(page).count()).toBe(MODELS.length);
    await page.keyboard.type('GradientBoosting num');
    await expectRows(page, ['diabetes-boosting']);
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await page.getByLabel('Tag', { exact: true }).selectOption('penguins');
    await expectRows(page, ['penguin-species']);
    await page.getByLabel('Status', { exact: true }).selectOption('failed');
    expect(await rows(page).count()).toBe(0);
    expect(await page.textContent('#p-count')).toBe('0 of 4 models');
  });

  test('sorts by any column, and says so', async () => {
    const { page } = await open();
    const heading = page.getByRole('columnheader', { name: 'Max diff' });
    await heading.getByRole('button').click();
    expect(await heading.getAttribute('aria-sort')).toBe('ascending');
    const names = await namesOf(page);
    await heading.getByRole('button').click();
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    // Without a figure last, both ways.
    expect(names.at(-1)).toBe('iris-isomap');
    expect(await namesOf(page)).toEqual([...names.slice(0, -1).toReversed(), 'iris-isomap']);
  });

  test('a link leads to a model: signature, proof, predictions, graphs, T-SQL, provenance', async () => {
    const { page, complaints } = await open('#penguin-species');
    const pane = page.locator('#p-model');
    await expect.poll(() => pane.locator('.plot svg').count()).toBe(6);
    await expect.poll(() => pane.locator('svg.graph').count()).toBe(2);
    const result = resultOf(written, 'penguin-species');
    const titles = await pane.locator('h3').allTextContents();
    expect(titles).toEqual([
      'Signature: 6 inputs, 4 outputs',
      ...['Verified', 'Predictions', 'Graph', 'T-SQL', 'Timings and provenance'],
    ]);
    const text = (await pane.textContent()) ?? '';
    for (const part of ['Torgersen', 'probability_Chinstrap', '344 rows of the sample', '1.30.0 and 1.12.1']) {
      expect(text).toContain(part);
    }
    expect(text).toContain(result.sha256);
    expect(await pane.locator('.sql').textContent()).toContain(`0x${result.sha256}`);
    // The confusion of labels: all rows on the diagonal.
    expect(await pane.locator('.confusion td.same').allTextContents()).toEqual(['152', '68', '124']);
    expect(await pane.locator('.confusion td.changed').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('plots have what they show as text and as a table', async () => {
    const { page } = await open('#diabetes-boosting');
    const pane = page.locator('#p-model');
    const evidence = JSON.parse(await readFile(path.join(run.evidence, 'diabetes-boosting.json'), 'utf8'));
    const [output] = evidence.outputs;
    const plot = pane.getByRole('img', { name: /original against ONNX/ });
    expect(await plot.getAttribute('aria-label')).toContain(`${output.points.length} rows drawn`);
    await expect.poll(() => plot.locator('svg path[d]').count()).toBeGreaterThanOrEqual(output.points.length);
    await pane.getByText('Rows of the plot').click();
    const table = pane.getByRole('table', { name: /Rows of the plot/ });
    await expect.poll(() => table.locator('tbody tr').count()).toBe(output.points.length);
    expect(await table.locator('tbody tr th').first().textContent()).toBe(String(output.points[0][0]));
    await pane.getByText('Bins as a table').click();
    const bins = await pane
      .getByRole('table', { name: /by absolute difference/ })
      .locator('td')
      .allTextContents();
    expect(bins.reduce((sum, rows) => sum + Number(rows), 0)).toBe(output.rows);
    const graph = pane.locator('svg.graph').nth(1);
    expect(await graph.locator('> title').textContent()).toContain('10 inputs');
    expect(await graph.locator('> desc').textContent()).toContain('TreeEnsembleRegressor 101 trees');
  });

  test('draws the same part of a graph once, or each for itself', async () => {
    const { page } = await open('#diabetes-boosting');
    const inputs = page.locator('svg.graph').nth(1).locator('.input');
    await expect.poll(() => inputs.count()).toBe(1);
    expect(await inputs.first().textContent()).toContain('10 × float');
    await page.getByLabel('of the same role together').uncheck();
    await expect.poll(() => inputs.count()).toBe(10);
  });

  test('a graph can be made larger, smaller, and as small as its frame', async () => {
    const { page } = await open('#penguin-species');
    const graph = page.locator('svg.graph').nth(1);
    await expect.poll(() => graph.count()).toBe(1);
    const size = () => graph.evaluate(({ clientHeight, clientWidth }) => ({ clientHeight, clientWidth }));
    const frame = await graph.evaluate((svg) => svg.parentElement?.clientHeight ?? 0);
    const first = await size();
    const button = (name: string) => page.getByRole('button', { name: `As normalised: ${name}` });
    await button('larger').click();
    expect((await size()).clientWidth).toBeGreaterThan(first.clientWidth);
    await button('smaller').click();
    expect(Math.abs((await size()).clientWidth - first.clientWidth)).toBeLessThanOrEqual(1);
    for (let step = 0; step < 3; step++) await button('larger').click();
    await button('all of it').click();
    expect((await size()).clientHeight).toBeLessThanOrEqual(frame + 2);
  });

  test('a model that failed shows code, message and hint', async () => {
    const { page } = await open('#iris-isomap');
    const box = page.getByRole('region', { name: 'Error' });
    const { error } = resultOf(written, 'iris-isomap');
    expect(await box.textContent()).toContain(error?.code);
    expect(await box.textContent()).toContain(error?.message);
    expect(await box.textContent()).toContain(error?.hint);
  });

  test('a link to a model that is not there says so', async () => {
    const { page } = await open('#nobody');
    expect(await page.getByRole('alert').textContent()).toBe('This run has no model of that name.');
  });

  test('works by the keyboard alone', async () => {
    const { page } = await open();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.keyboard.press('/');
    await page.keyboard.type('s');
    // From the filter through its lists to the headings and the first model.
    for (let step = 0; step < 25 && (await focused()) !== 'diabetes-boosting'; step++) await page.keyboard.press('Tab');
    expect(await focused()).toBe('diabetes-boosting');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('digits-mlp');
    await page.keyboard.press('End');
    expect(await focused()).toBe('penguin-species');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toContain('penguin-species');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
    expect(new URL(page.url()).hash).toBe('#penguin-species');
    await page.keyboard.press('Escape');
    expect(await page.locator('#p-model').isHidden()).toBe(true);
    expect(await focused()).toBe('penguin-species');
    // Only one model is a stop of Tab.
    expect(await page.locator('#p-models tbody a[tabindex="0"]').count()).toBe(1);
    // With a model open beside the table, the pane follows the keys.
    await openModel(page, 'penguin-species');
    await page.locator('tr.open a').focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => page.locator('#p-model h2').textContent()).toContain('iris-isomap');
    expect(await focused()).toBe('iris-isomap');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
    // From inside the pane one steps to the neighbours, and stays on the button.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('#p-model h2').textContent()).toContain('digits-mlp');
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Previous model');
  });

  test('is light or dark as the system is, or as the button says, pictures and all', async () => {
    const colours = async (page: Page) => {
      await expect.poll(() => page.locator('.plot.parity svg').count()).toBe(1);
      return page.evaluate(() => ({
        paper: getComputedStyle(document.body).backgroundColor,
        dot: document.querySelector('.plot.parity .mark-symbol path')?.getAttribute('fill'),
      }));
    };
    const light = await open('#diabetes-boosting', { colorScheme: 'light' });
    const dark = await open('#diabetes-boosting', { colorScheme: 'dark' });
    const [day, night] = [await colours(light.page), await colours(dark.page)];
    expect(day.paper).not.toBe(night.paper);
    expect(day.dot).not.toBe(night.dot);
    await dark.page.getByRole('button', { name: 'Switch to light colours' }).click();
    await expect.poll(() => colours(dark.page)).toEqual(day);
    await dark.page.reload();
    expect(await colours(dark.page)).toEqual(day);
  });

  test.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 360],
  ] as const)('has no barrier that axe knows: %s, %i wide', async (colorScheme, width) => {
    for (const hash of ['', '#penguin-species', '#iris-isomap']) {
      const { page } = await open(hash, { colorScheme, viewport: { width, height: 800 } });
      if (hash === '#penguin-species') await expect.poll(() => page.locator('svg.graph').count()).toBe(2);
      await expectAccessible(page);
      await page.context().close();
    }
  });

  test('fits a narrow screen', async () => {
    for (const hash of ['', '#penguin-species', '#digits-mlp']) {
      const { page } = await open(hash, { viewport: { width: 360, height: 740 } });
      if (hash !== '') await expect.poll(() => page.locator('svg.graph').count()).toBe(2);
      const widths = await page.evaluate(() =>
        [document.documentElement, document.getElementById('p-model')].map((element) => [
          element?.scrollWidth ?? 0,
          element?.clientWidth ?? 0,
        ]),
      );
      for (const [scroll = 0, client = 0] of widths) expect(scroll, hash).toBeLessThanOrEqual(client);
    }
  });

  test('prints the open model, or all of the table', async () => {
    const { page } = await open('#penguin-species');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#p-main').isHidden()).toBe(true);
    expect(await page.locator('#p-model').evaluate((pane) => getComputedStyle(pane).position)).toBe('static');
    await page.emulateMedia({ media: 'screen' });
    await page.keyboard.press('Escape');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#p-main').isVisible()).toBe(true);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
  });

  test('keeps names text, whatever they are', async () => {
    const real = resultOf(written, 'penguin-species');
    const results = HOSTILE_NAMES.map((name, index) => ({
      ...real,
      name,
      source: name,
      model: name,
      tags: [name],
      ...(index % 2 === 0 ? {} : { error: { code: 'INTERNAL' as const, message: name, hint: name } }),
    }));
    const hostile = await writtenRun('hostile', {
      ...written,
      run: { ...written.run, zoo: HOSTILE_NAMES[0] ?? '' },
      results,
    });
    const { page, requests, complaints } = await openWatched(browser, hostile);
    await expect.poll(() => rows(page).count()).toBe(HOSTILE_NAMES.length);
    expect(await page.textContent('h1')).toBe(HOSTILE_NAMES[0]);
    expect(await page.title()).toBe(`${HOSTILE_NAMES[0]}: report`);
    const links = page.locator('#p-models tbody th a');
    for (const [index, name] of (
      await page.locator('#p-models tbody tr').evaluateAll((all) => all.map((row) => row.dataset.name ?? ''))
    ).entries()) {
      await links.nth(index).click();
      await expect.poll(() => page.locator('#p-model .sql').textContent()).toContain('PREDICT');
      expect(decodeURIComponent(new URL(page.url()).hash.slice(1))).toBe(name);
    }
    // Nothing of a name became an element, and none turns the text around it.
    expect(await page.locator('img, iframe, #p-model script').count()).toBe(0);
    expect(
      await page
        .locator('body')
        .evaluate((body) =>
          /[\u202a-\u202e]/.test(
            [...body.querySelectorAll('#p-main, #p-model')].map((part) => part.textContent).join(),
          ),
        ),
    ).toBe(false);
    expect(requests).toEqual([hostile]);
    expect(complaints).toEqual([]);
  });

  test('draws of a thousand models what one looks at, and finds each', async () => {
    const results = Array.from({ length: 1000 }, (_, index) => {
      const real = written.results[index % MODELS.length]!;
      return { ...real, name: `model-${index}` };
    });
    const many = await writtenRun('many', { ...written, results });
    const { page } = await openWatched(browser, many);
    await expect.poll(() => page.textContent('#p-count')).toBe('1,000 models');
    expect(await rows(page).count()).toBeLessThan(1000);
    await page.keyboard.press('/');
    await page.keyboard.type('model-999');
    await expectRows(page, ['model-999']);
    await openModel(page, 'model-999');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Clear filter' }).click();
    // By the keyboard: as one scrolls to the button, further rows push it down.
    await page.getByRole('button', { name: /^Show all/ }).press('Enter');
    expect(await rows(page).count()).toBe(1000);
    await page.locator('#p-models tbody a').first().focus();
    await page.keyboard.press('End');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('model-999');
  });

  test('shows a run that was killed, from its journal', async () => {
    const killed = path.join(folder, 'killed');
    await cp(run.root, killed, { recursive: true });
    await rm(runFolder(killed).results);
    const { html } = await writeReport(killed);
    const { page } = await openWatched(browser, pathToFileURL(html).href);
    await expect.poll(() => rows(page).count()).toBe(MODELS.length);
    expect(await page.textContent('#p-facts')).toContain('not finished');
  });

  test('the live page filled while the run went on, and can do without it when it has ended', async () => {
    const { server, watched, rowsBefore } = live;
    const { page, requests, complaints } = watched;
    expect(rowsBefore).toBe(0);
    await expect.poll(() => rows(page).count()).toBe(MODELS.length);
    expect(await page.textContent('#p-live')).toContain('running');
    await expect.poll(() => page.textContent('#p-model .box.failed h3')).toBe('UNSUPPORTED_MODEL');
    // Details come from the server as long as there is one.
    await openModel(page, 'digits-mlp');
    server.progress({ done: 4, total: 4 });
    await expect.poll(() => page.textContent('#p-live')).toContain('4 of 4 models');
    await expectAccessible(page);
    server.end(written.run);
    await expect.poll(() => page.textContent('#p-live')).toContain('The run has ended.');
    await server.close();
    await openModel(page, 'penguin-species');
    await expect.poll(() => page.locator('.plot svg').count()).toBe(6);
    expect(requests.every((address) => address.startsWith(server.url))).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('nothing moves for whoever wants no motion', async () => {
    const still = await serveLive({ folder: run, run: () => written.run, results: () => written.results });
    const animation = async (reducedMotion: 'reduce' | 'no-preference') => {
      const { page } = await openWatched(browser, still.url, { reducedMotion });
      return page.locator('#p-live .dot').evaluate((dot) => getComputedStyle(dot).animationName);
    };
    expect(await animation('no-preference')).toBe('beat');
    expect(await animation('reduce')).toBe('none');
    await still.close();
  });

  /** A page of other results with this run's evidence. */
  async function writtenRun(name: string, results: BatchDocument): Promise<string> {
    const root = path.join(folder, name);
    await mkdir(root);
    await writeFile(runFolder(root).results, JSON.stringify(results));
    return pathToFileURL((await writeReport(root)).html).href;
  }
});

function rows(page: Page) {
  return page.locator('#p-models tbody tr');
}

function namesOf(page: Page): Promise<string[]> {
  return page.locator('#p-models tbody th a').allTextContents();
}

async function expectRows(page: Page, names: string[]): Promise<void> {
  await expect.poll(() => namesOf(page)).toEqual(names);
}

async function openModel(page: Page, name: string): Promise<void> {
  await page.locator('#p-models tbody a', { hasText: new RegExp(`^${name}$`) }).click();
  await expect.poll(() => page.locator('#p-model .body h3').count()).toBeGreaterThan(0);
  await expect.poll(() => page.locator('#p-model h2').textContent()).toContain(name);
}

function resultOf({ results }: BatchDocument, name: string): ModelResult {
  const found = results.find((result) => result.name === name);
  if (found === undefined) throw new Error(`the run has no ${name}`);
  return found;
}
