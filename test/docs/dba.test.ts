import { describe, expect, test } from 'vitest';
import { PredictableError } from '../../src/errors.js';
import { ADDED_COLUMNS, migrations, STUDIO_COLUMNS } from '../../src/registry/mssql/schema.js';
import { rolesScript } from '../../src/registry/mssql/scripts/init.js';
import { scriptError } from '../../src/score/server/script-errors.js';
import { predictError, serverError } from '../../src/server/errors.js';
import { DIALECTS } from '../../src/sql/dialect.js';
import { tablesOf } from '../../src/sql/registry-tables.js';
import { ROLES } from '../../src/sql/roles.js';
import { ERRORS } from '../../src/sql/throw.js';
import { markdownTable } from '../generated-page.js';
import { expectBlock } from './generated-block.js';
import { page, section } from './sections.js';

/** The page for DBAs, held against what the program makes and says. */
const text = page('docs/dba.md');
const place = { tables: tablesOf('dbo', 'models'), dialect: DIALECTS['sql-edge'] };

/** The cells of a section's tables, without their headings. */
function rowsOf(heading: string): string[][] {
  const rows = section(text, heading).match(/^\|.*\|$/gm) ?? [];
  const cells = rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
  return cells.filter((row, index) => !/^-+$/.test(row[0] ?? '') && !/^-+$/.test(cells[index + 1]?.[0] ?? ''));
}

/** As the page writes a type. */
function written(type: string): string {
  const plain = type.replace(/ COLLATE Latin1_General_100_BIN2/, '');
  return plain === type ? type : `${plain}, binary`;
}

describe('the objects', () => {
  const created = new Map(
    migrations(place.tables, place.dialect)
      .flatMap(({ batches }) => batches)
      .flatMap(({ sql }) => {
        const [, table = '', columns = ''] = /CREATE TABLE \[dbo\]\.\[(\w+)\] \(\n([\s\S]*)\n {4}\)/.exec(sql) ?? [];
        const found = [...columns.matchAll(/^ +\[(\w+)\] (.*?),?$/gm)].map(([, name = '', type = '']) => [
          name,
          written(type),
        ]);
        return table === '' ? [] : [[table, found] as const];
      }),
  );

  test('have the columns that the page lists', () => {
    const models = rowsOf('### `models`: one row a version').map(([name, type]) => [name, type]);
    const added = ADDED_COLUMNS.map(([name, type]) => [name, written(`${type} NULL`)]);
    expect(models).toEqual([...(created.get('models') ?? []), ...added]);
    const beside = new Map<string, string[][]>();
    let table = '';
    for (const [first = '', name = '', type = ''] of rowsOf('### Beside it')) {
      table = first === '' ? table : first;
      beside.set(table, [...(beside.get(table) ?? []), [name, type]]);
    }
    const { models: _, ...others } = Object.fromEntries(created);
    expect(Object.fromEntries(beside)).toEqual(others);
  });

  test('take over the tables that the page describes', () => {
    const described = section(text, '## Tables that are there already');
    for (const column of STUDIO_COLUMNS) expect(described).toContain(`\`${column}\``);
  });
});

test('the roles may what the page says', async () => {
  const script = rolesScript(place);
  const tables = [...new Set([...script.matchAll(/ON OBJECT::\[dbo\]\.\[(\w+)\]/g)].map(([, table = '']) => table))];
  const may = (role: string, table: string) =>
    [...script.matchAll(/^ *(GRANT|DENY) (.*) ON OBJECT::\[dbo\]\.\[(\w+)\] TO \[(\w+)\];$/gm)]
      .filter(([, , , where, to]) => where === table && to === role)
      .map(([, verb, rights = '']) => (verb === 'DENY' ? `not ${rights}` : rights.replaceAll(/[[\]]/g, '')))
      .join(', ');
  const rows = tables.map((table) => [`\`${table}\``, may(ROLES.registrar, table), may(ROLES.promoter, table)]);
  await expectBlock('dba.md', 'grants', markdownTable(['table', 'registrar', 'promoter'], rows));
  expect(rowsOf('## Grants and roles').map(([role]) => role)).toEqual(expect.arrayContaining(Object.values(ROLES)));
  expect(script).not.toMatch(new RegExp(`ON OBJECT::.* TO \\[${ROLES.scorer}\\]`));
});

/** As the driver throws it. */
const fault = (number: number, message = 'says the server') =>
  Object.assign(new Error(message), { code: 'EREQUEST', number });
const codeOf = (error: unknown) => (error instanceof PredictableError ? error.code : undefined);

describe('the errors', () => {
  test('that scripts raise are those of the page, with the codes that score gives them', () => {
    const rows = rowsOf('### What scripts and procedures raise');
    expect(rows.map(([number]) => Number(number))).toEqual(Object.values(ERRORS));
    const reasons = [
      'has NULL, and the model takes none',
      'has a value that the model does not know',
      'has a value that is no int',
    ];
    for (const [number, , said] of rows) {
      const codes = new Set(
        reasons.map((reason) => codeOf(scriptError('there', fault(Number(number), `column x ${reason}`)))),
      );
      expect(said === '–' ? ['SERVER_ERROR'] : said?.split(/, | or /), number).toEqual([...codes]);
    }
  });

  test.each(
    rowsOf("### What the server's own errors become").flatMap(([numbers = '', code]) =>
      numbers.split(', ').map((number) => [Number(number), code] as const),
    ),
  )('%i of the server is %s', (number, code) => {
    const translate = code === 'NO_ONNX_PREDICT' ? predictError : serverError;
    expect(codeOf(translate('there', fault(number)))).toBe(code);
  });
});
