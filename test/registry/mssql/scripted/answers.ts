/** An answer for each statement that the registry sends, by its exact text: what an engine would say, and nothing else. */

import { aliasStatements } from '../../../../src/registry/mssql/aliases.js';
import { ADDED_COLUMNS, migrations, recordMigration, STUDIO_COLUMNS } from '../../../../src/registry/mssql/schema.js';
import { stateStatement, versionStatement } from '../../../../src/registry/mssql/state.js';
import { versionStatements } from '../../../../src/registry/mssql/versions.js';
import { ENGINE_QUERY } from '../../../../src/server/engine.js';
import type { StatementPlace } from '../../../../src/sql/registry-tables.js';
import type { TdsAnswer } from '../../../support/tds/answer.js';
import type { ColumnType } from '../../../support/tds/types.js';
import type { TdsValue } from '../../../support/tds/values.js';
import { adoptionAnswers, contentAnswers } from './content-answers.js';
import { type Answer, type Parameters, rows } from './rows.js';
import type { Model, State } from './state.js';

export interface Engine {
  edition: number;
  version: string;
  banner: string;
}

export function answers(place: StatementPlace, engine: Engine): Map<string, Answer> {
  return new Map<string, Answer>([
    [ENGINE_QUERY, () => rows({ edition: 'int', version: 'nvarchar(128)', banner: 'nvarchar(300)' }, [{ ...engine }])],
    ...schemaAnswers(place),
    ...versionAnswers(place),
    ...aliasAnswers(place),
    ...contentAnswers(place),
    ...adoptionAnswers(place),
  ]);
}

function schemaAnswers(place: StatementPlace): [string, Answer][] {
  const batches = migrations(place.tables, place.dialect).flatMap((migration) => migration.batches);
  const columnsOf = ({ table }: State): string[] => {
    const quickstart = ['id', 'data', 'description'];
    const added = ADDED_COLUMNS.map(([name]) => name);
    if (table === 'ours') return [...quickstart, ...added];
    if (table === 'quickstart') return quickstart;
    if (table === 'studio') return [...STUDIO_COLUMNS];
    return table === 'foreign' ? ['id', 'name'] : [];
  };
  return [
    [
      stateStatement(place),
      (_, state) => {
        const here: Record<string, number | null> = { schema: 1 };
        const { schema: _schema, ...named } = place.tables;
        for (const [key, name] of Object.entries(named)) {
          const known = key === 'models' ? state.table !== 'none' : state.tables.includes(name);
          here[`table_${key}`] = known ? 1 : null;
        }
        const columns = [
          ...columnsOf(state),
          ...(state.models.some((model) => model.model_name) ? STUDIO_COLUMNS : []),
        ];
        const asked = [...stateStatement(place).matchAll(/AS \[(column_\w+)\]/g)].map(([, name = '']) => name);
        for (const name of asked) here[name] = columns.includes(name.slice('column_'.length)) ? 4 : null;
        return rows(Object.fromEntries(Object.keys(here).map((name) => [name, 'int'])), [here]);
      },
    ],
    [versionStatement(place), (_, state) => rows({ version: 'int' }, [{ version: Math.max(...state.versions) }])],
    ...batches.map(({ title, sql }): [string, Answer] => [
      sql,
      (_, state) => {
        const name = title.slice('table '.length);
        if (title.startsWith('table ') && !state.tables.includes(name)) state.tables.push(name);
        if (title.includes('for names, versions')) state.table = 'ours';
        return { rowsAffected: [0] };
      },
    ]),
    [
      recordMigration(place.tables, place.dialect, 1),
      (_, state) => ({ rowsAffected: [state.versions.includes(1) ? 0 : state.versions.push(1)] }),
    ],
  ];
}

function versionAnswers({ tables }: StatementPlace): [string, Answer][] {
  const statements = versionStatements(tables);
  const newest = (state: State, name: unknown) =>
    Math.max(0, ...state.models.filter((model) => model.name === name).map((model) => model.version ?? 0));
  const select =
    (matches: (model: Model, parameters: Parameters, state: State) => boolean, direction: 1 | -1 = 1): Answer =>
    (parameters, state) =>
      models(
        state,
        state.models
          .filter((model) => model.name !== null && matches(model, parameters, state))
          .sort((a, b) =>
            a.name === b.name
              ? direction * ((a.version ?? 0) - (b.version ?? 0))
              : (a.name ?? '') < (b.name ?? '')
                ? -1
                : 1,
          ),
      );
  const alias = (state: State, { name, alias: wanted }: Parameters) =>
    state.aliases.find((each) => each.name === name && each.alias === wanted)?.version;
  return [
    [statements.newest, select((model, _, state) => model.version === newest(state, model.name))],
    [statements.all, select(() => true)],
    [statements.ofName, select((model, { name }) => model.name === name, -1)],
    [
      statements.newestOfName,
      select((model, { name }, state) => model.name === name && model.version === newest(state, name)),
    ],
    [statements.byVersion, select((model, { name, version }) => model.name === name && model.version === version)],
    [
      statements.byAlias,
      select(
        (model, parameters, state) => model.name === parameters.name && model.version === alias(state, parameters),
      ),
    ],
    [statements.bySha256, select((model, { name, sha256 }) => model.name === name && model.sha256 === sha256, -1)],
  ];
}

function aliasAnswers(place: StatementPlace): [string, Answer][] {
  const statements = aliasStatements(place);
  const same = (a: { name: TdsValue; alias: TdsValue }, b: Parameters) => a.name === b.name && a.alias === b.alias;
  return [
    [
      statements.version,
      (parameters, { aliases }) =>
        rows(
          { version: 'int' },
          aliases.filter((each) => same(each, parameters)).map(({ version }) => ({ version })),
        ),
    ],
    [
      statements.insert,
      ({ name, alias, version }, { aliases }) => ({
        rowsAffected: [
          Math.min(1, aliases.push({ name: String(name), alias: String(alias), version: Number(version) })),
        ],
      }),
    ],
    [
      statements.update,
      (parameters, { aliases }) => {
        const found = aliases.filter((each) => same(each, parameters));
        for (const each of found) each.version = Number(parameters.version);
        return { rowsAffected: [found.length] };
      },
    ],
    [
      statements.log,
      ({ name, alias, version, previous, action }, { events }, by) => {
        const number = (value: TdsValue | undefined) => (value === null || value === undefined ? null : Number(value));
        events.push({
          name: String(name),
          alias: String(alias),
          version: number(version),
          previous: number(previous),
          action: String(action),
          at: new Date(),
          by,
        });
        return { rowsAffected: [1] };
      },
    ],
    [
      statements.events,
      ({ name }, { events }) =>
        rows(
          {
            alias: 'nvarchar(128)',
            version: 'int',
            previous: 'int',
            action: 'varchar(16)',
            at: 'datetime2',
            by: 'nvarchar(128)',
          },
          events.filter((event) => event.name === name).reverse(),
        ),
    ],
  ];
}

const VERSION_COLUMNS = {
  id: 'int',
  name: 'nvarchar(128)',
  version: 'int',
  sha256: 'char(64)',
  bytes: 'bigint',
  target: 'varchar(32)',
  description: 'nvarchar(max)',
  signature: 'nvarchar(max)',
  verification: 'nvarchar(max)',
  provenance: 'nvarchar(max)',
  created: 'datetime2',
  createdBy: 'nvarchar(128)',
  alias: 'nvarchar(128)',
} as const satisfies Record<string, ColumnType>;

/** A row for each alias of a version, or one without. */
function models({ aliases }: State, found: Model[]): TdsAnswer {
  return rows(
    VERSION_COLUMNS,
    found.flatMap((model): object[] => {
      const own = aliases.filter(({ name, version }) => name === model.name && version === model.version);
      const row = {
        ...model,
        description: model.full_description,
        created: model.created_at,
        createdBy: model.created_by,
      };
      const named = own.map(({ alias }) => alias).sort();
      return named.length === 0 ? [{ ...row, alias: null }] : named.map((alias) => ({ ...row, alias }));
    }),
  );
}
