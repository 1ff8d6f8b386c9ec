import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { diagnoseRegistry } from '../../src/doctor/registry.js';
import { type ScriptedServer, startScripted } from '../registry/mssql/scripted/server.js';
import { serve } from '../score/served-table.js';
import type { TdsError } from '../support/tds/tokens.js';

const PASSWORD = 'pä$$ wörd';
let scripted: ScriptedServer | null = null;
beforeEach(() => vi.stubEnv('PREDICTABLE_PASSWORD', PASSWORD));
afterEach(async () => {
  vi.unstubAllEnvs();
  await scripted?.close();
  scripted = null;
});

async function server(withoutPredict?: TdsError, login?: TdsError): Promise<string> {
  const table = serve({ columns: {}, rows: [], ...(withoutPredict === undefined ? {} : { withoutPredict }) });
  scripted = await startScripted({
    login: () => login ?? null,
    further: (request) =>
      request.text.startsWith('SELECT ORIGINAL_LOGIN()')
        ? {
            sets: [
              {
                columns: ['login', 'user'].map((name) => ({ name, type: 'nvarchar(128)' })),
                rows: [['ml', 'scorer']],
              },
            ],
          }
        : table(request),
  });
  return `mssql://ml@127.0.0.1:${scripted.tds.port}/plant?encrypt=false`;
}

test('says what the server is and what it can do', async () => {
  const url = await server();
  await scripted?.registry().initialize();
  expect(await diagnoseRegistry(url, {})).toEqual([
    { part: 'Server', state: 'ok', detail: '127.0.0.1/plant: Azure SQL Edge 2.0, version 16.0.5100.7245' },
    {
      part: 'Encryption',
      state: 'optional',
      detail: 'none: passwords and rows travel as they are',
      hint: expect.stringContaining('encrypt=false'),
    },
    { part: 'Login', state: 'ok', detail: 'ml, user scorer of the database' },
    { part: 'Registry', state: 'ok', detail: 'dbo.models: schema 1, 0 models' },
    { part: 'ONNX PREDICT', state: 'ok', detail: 'works, with models up to opset 17 (IR 8)' },
  ]);
});

test('says what is missing, and what to do', async () => {
  const url = await server({ number: 102, message: "Incorrect syntax near '='." });
  const findings = await diagnoseRegistry(url, {});
  expect(findings.slice(-2)).toEqual([
    {
      part: 'Registry',
      state: 'missing',
      detail: '127.0.0.1/plant has no registry in [dbo].[models]',
      hint: expect.stringContaining('predictable init'),
    },
    {
      part: 'ONNX PREDICT',
      state: 'optional',
      detail: "127.0.0.1/plant has no PREDICT with ONNX: Incorrect syntax near '='.",
      hint: expect.stringContaining('--engine local'),
    },
  ]);
});

test.each([
  ['that refuses the login', { number: 18456, message: "Login failed for user 'ml'." }, /Login failed/],
  ['that is not there', undefined, /127\.0\.0\.1\/plant/],
])('finds a server %s, and does not fail', async (_title, login, message) => {
  let url = await server(undefined, login);
  if (login === undefined) {
    await scripted?.close();
    scripted = null;
    url = url.replace('?', '?connectTimeout=1&');
  }
  const findings = await diagnoseRegistry(url, {});
  expect(findings).toEqual([
    { part: 'Server', state: 'missing', detail: expect.stringMatching(message), hint: expect.stringMatching(/\w/) },
  ]);
  expect(JSON.stringify(findings)).not.toContain(PASSWORD);
});

test('repeats no secret of an address that cannot be used', async () => {
  vi.stubEnv('PREDICTABLE_PASSWORD', '');
  const findings = await diagnoseRegistry('mssql://ml:s3cret@127.0.0.1:1/plant?nope=1', {});
  expect(findings).toMatchObject([{ part: 'Registry', state: 'missing' }]);
  expect(JSON.stringify(findings)).not.toContain('s3cret');
});
