/** Answers to what writes and reads the bytes of models, and takes rows over. */

import { createHash } from 'node:crypto';
import { adoptionStatements } from '../../../../src/registry/mssql/adopt.js';
import { contentStatements } from '../../../../src/registry/mssql/contents.js';
import type { StatementPlace } from '../../../../src/sql/registry-tables.js';
import { TdsFailure } from '../../../support/tds/answer.js';
import { type Answer, type Parameters, rows } from './rows.js';
import type { Model, State } from './state.js';

export function contentAnswers(place: StatementPlace): [string, Answer][] {
  const statements = contentStatements(place);
  const byId = ({ id }: Parameters, { models: all }: State) => all.find((model) => model.id === id);
  return [
    [statements.lock, ({ name }, { names }) => rows({ locked: 'int' }, [{ locked: Number(names.has(String(name))) }])],
    [
      statements.firstLock,
      ({ name }, { names }) => {
        if (names.has(String(name)))
          throw new TdsFailure({ number: 2627, message: 'Violation of PRIMARY KEY constraint.' });
        names.set(String(name), 0);
        return { rowsAffected: [1] };
      },
    ],
    [
      statements.insert,
      (parameters, state, login) => {
        const version = nextVersion(state, parameters);
        const id = state.nextId++;
        const data = parameters.data as Buffer;
        state.models.push({ id, data, version, ...written(parameters, login) });
        return {
          rowsAffected: [1, 1],
          ...rows({ id: 'int', version: 'int', hash: 'varbinary(32)' }, [{ id, version, hash: sha256(data) }]),
        };
      },
    ],
    [
      statements.verification,
      (parameters, state) => {
        const model = byId(parameters, state);
        if (model !== undefined) model.verification = String(parameters.verification);
        return { rowsAffected: [1] };
      },
    ],
    [
      statements.data,
      (parameters, state) => rows({ data: 'varbinary(max)' }, [{ data: byId(parameters, state)?.data ?? null }]),
    ],
    [
      statements.hash,
      (parameters, state) => {
        const data = byId(parameters, state)?.data ?? null;
        return rows({ hash: 'varbinary(32)' }, [{ hash: data === null ? null : sha256(data) }]);
      },
    ],
    [
      statements.remove,
      ({ id }, state) => {
        state.dictionaries = state.dictionaries.filter((entry) => entry.model_id !== id);
        state.models = state.models.filter((model) => model.id !== id);
        return { rowsAffected: [0, 1] };
      },
    ],
    ...Array.from({ length: 10 }, (_, more): [string, Answer] => [
      statements.dictionary(more + 1),
      (parameters, { dictionaries }) => {
        for (let row = 0; row <= more; row++) {
          dictionaries.push({
            model_id: Number(parameters.id),
            kind: String(parameters[`kind${row}`]),
            column_name: String(parameters[`column${row}`]),
            code: Number(parameters[`code${row}`]),
            value: String(parameters[`value${row}`]),
          });
        }
        return { rowsAffected: [more + 1] };
      },
    ]),
  ];
}

export function adoptionAnswers(place: StatementPlace): [string, Answer][] {
  const statements = adoptionStatements(place);
  const left = ({ models: all }: State) => all.filter(({ name, data }) => name === null && data !== null);
  return [
    [statements.rows, (_, state) => rows({ id: 'int', description: 'varchar(1000)' }, left(state))],
    [
      statements.studioRows,
      (_, state) => rows({ id: 'int', description: 'varchar(1000)', model_name: 'varchar(256)' }, left(state)),
    ],
    [
      statements.adopt,
      (parameters, state, login) => {
        const model = state.models.find(({ id }) => id === parameters.id);
        if (model === undefined) throw new Error('there is no such row');
        const { description, ...facts } = written(parameters, login);
        const version = nextVersion(state, parameters);
        Object.assign(model, { ...facts, version, full_description: parameters.description });
        return { rowsAffected: [1, 1], ...rows({ version: 'int' }, [{ version }]) };
      },
    ],
  ];
}

function nextVersion({ names }: State, { name }: Parameters): number {
  const version = (names.get(String(name)) ?? 0) + 1;
  names.set(String(name), version);
  return version;
}

function written(parameters: Parameters, login: string): Omit<Model, 'id' | 'data' | 'version'> {
  const text = (name: string) => (parameters[name] === null ? null : String(parameters[name]));
  return {
    description: text('description'),
    full_description: text('description'),
    name: text('name'),
    sha256: text('sha256'),
    bytes: BigInt(String(parameters.bytes)),
    target: text('target'),
    signature: text('signature'),
    verification: text('verification'),
    provenance: text('provenance'),
    interface_sha256: text('interface_sha256'),
    binding_sha256: text('binding_sha256'),
    created_at: new Date(),
    created_by: login,
  };
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
