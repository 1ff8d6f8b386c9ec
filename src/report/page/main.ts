/** The page of a run: a table of models that filters as one types, and each model beside it. */

import { Details, readSummary } from './blocks.js';
import type { ModelRow } from './data.js';
import { part } from './dom.js';
import { matching, type Searchable, type Sort, searchable, sorted } from './filter.js';
import { followRun } from './live.js';
import { ModelPane } from './model.js';
import { showFailures, showRun, showTotals } from './overview.js';
import { ModelTable } from './table.js';
import { startTheme } from './theme.js';
import { Toolbar } from './toolbar.js';

const summary = readSummary();
const details = new Details(summary.live);
let models = new Map<string, ModelRow>();
let order: Searchable[] = [];
let sort: Sort = { key: 'name', descending: false };

const toolbar = new Toolbar(() => {
  showTotals(summary.run, overviewActions());
  showTable();
});
const shownModels = new ModelTable({
  onSort: (key) => {
    sort = { key, descending: sort.key === key && !sort.descending };
    order = sorted(order, sort);
    showTable();
  },
  // While a model is open the pane follows the keyboard, and going back leads out of it at once.
  onMove: (name) => {
    if (pane.name !== null) location.replace(addressOf(name));
  },
});
const pane = new ModelPane({
  onClose: close,
  neighbour: (step) => (pane.name === null ? undefined : shownModels.neighbour(pane.name, step)),
});

take(summary.rows);
startTheme(() => pane.redraw());
window.addEventListener('hashchange', route);
window.addEventListener('keydown', onKey);
part('skip').addEventListener('click', () => shownModels.focus(''));
part('models').addEventListener('click', (event) => {
  // The whole row leads to its model, for the mouse.
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('tbody tr') : null;
  if (row?.dataset.name === undefined || getSelection()?.type === 'Range') return;
  if (row.dataset.name === pane.name) pane.focus();
  else if (event.target instanceof Element && event.target.closest('a') === null)
    location.hash = addressOf(row.dataset.name);
});
if (summary.live) {
  followRun({
    onSnapshot: (run) => {
      summary.run = run;
      take([]);
    },
    onResults: (rows, run) => {
      summary.run = run;
      take([...models.values(), ...rows]);
      if (pane.isMissing) route();
    },
    onEnd: async (run) => {
      summary.run = run;
      take((await details.takeAlong()) ?? [...models.values()]);
    },
  });
}
route();

/** All the models there are; a later row of the same name wins. */
function take(rows: ModelRow[]): void {
  models = new Map(rows.map((row) => [row.name, row]));
  order = sorted([...models.values()].map(searchable), sort);
  showRun(summary.run);
  showTotals(summary.run, overviewActions());
  showFailures([...models.values()], overviewActions());
  toolbar.offer(order);
  showTable();
}

function showTable(): void {
  const shown = matching(order, toolbar.filter);
  shownModels.show(shown, sort);
  toolbar.say(shown.length, order.length);
  if (pane.name !== null) shownModels.mark(pane.name);
  pane.updateSteps();
}

function overviewActions() {
  return {
    status: toolbar.filter.status,
    onStatus: (status: string) => toolbar.change({ status }),
    onCode: (code: string) => {
      toolbar.change({ code });
      part('models-title').scrollIntoView();
    },
  };
}

/** What stands behind # is a model's name. */
function route(): void {
  const name = nameIn(location.hash);
  if (name === '') {
    hide();
    return;
  }
  const row = models.get(name);
  if (row === undefined) {
    pane.missing(name);
    return;
  }
  const stepping = part('model').contains(document.activeElement);
  const walking = part('models').contains(document.activeElement) && pane.name !== null;
  void pane.open(row, details.of(row));
  shownModels.mark(name);
  pane.updateSteps();
  if (!stepping && !walking) pane.focus();
}

function nameIn(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}

function addressOf(name: string): string {
  return `#${encodeURIComponent(name)}`;
}

function close(): void {
  history.pushState(null, '', location.pathname + location.search);
  hide();
}

function hide(): void {
  const { name } = pane;
  pane.close();
  shownModels.mark(null);
  if (name !== null) shownModels.focus(name);
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
  if (event.key === '/' && !typing) {
    event.preventDefault();
    toolbar.focus();
  }
  if (event.key !== 'Escape') return;
  if (toolbar.has(document.activeElement) && toolbar.filter.text !== '') toolbar.change({ text: '' });
  else if (pane.name !== null) close();
}
