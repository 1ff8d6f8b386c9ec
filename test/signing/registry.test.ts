import { generateKeyPairSync } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { freshFolder } from '../support/folder.js';

/** A signature from the file to the version that is scored, by the commands. */

const folder = freshFolder('signed');
const at = (name: string) => path.join(folder, name);
const registry = () => ['--registry', `duckdb:${at('models.duckdb')}`];

async function command(...args: string[]): Promise<{ error?: { code: string } }> {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await main([...args, '--json']);
    return JSON.parse(stdout.mock.calls.map(([text]) => String(text)).join(''));
  } finally {
    vi.restoreAllMocks();
  }
}

function keys(name: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  writeFileSync(at(`${name}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(at(`${name}.pub`), publicKey.export({ type: 'spki', format: 'pem' }));
}

beforeEach(async () => {
  cpSync(path.join(import.meta.dirname, '../graph/fixtures/iris-logistic.onnx'), at('raw.onnx'));
  await command('normalize', at('raw.onnx'), '--columns', 'a,b,c,d', '-o', at('iris.onnx'));
  writeFileSync(at('rows.csv'), 'a,b,c,d\n1,2,3,4\n');
  for (const name of ['signer', 'other']) keys(name);
});

const register = (...more: string[]) =>
  command('register', at('iris.onnx'), '--allow-unverified', ...registry(), ...more);
const required = (name: string) => ['--require-signature', at(`${name}.pub`)];

describe('a registry', () => {
  it('takes what was signed, and neither what was not, nor what was changed, nor what another signed', async () => {
    expect((await register(...required('signer'))).error?.code).toBe('NOT_SIGNED');
    await command('sign', at('iris.onnx'), '--key', at('signer.key'));
    expect((await register(...required('other'))).error?.code).toBe('UNTRUSTED_SIGNER');
    expect((await register(...required('other'), ...['--require-signature', at('signer.pub')])).error).toBeUndefined();
    const bytes = readFileSync(at('iris.onnx'));
    writeFileSync(at('iris.onnx'), Buffer.concat([bytes, Buffer.from([0x0a, 0x00])]));
    expect((await register(...required('signer'))).error?.code).toMatch(/BAD_SIGNATURE|CORRUPT_MODEL/);
  });

  it('promotes and scores by its signature, and not once the stored bytes are others', async () => {
    await command('sign', at('iris.onnx'), '--key', at('signer.key'));
    await register(...required('signer'));
    const promote = (name: string) => command('promote', 'iris@1', 'production', ...registry(), ...required(name));
    const score = (name: string) =>
      command('score', 'iris', '--data', at('rows.csv'), ...registry(), ...required(name));
    expect((await promote('signer')).error).toBeUndefined();
    expect((await promote('other')).error?.code).toBe('UNTRUSTED_SIGNER');
    expect((await score('other')).error?.code).toBe('UNTRUSTED_SIGNER');
    const instance = await DuckDBInstance.create(at('models.duckdb'));
    const connection = await instance.connect();
    await connection.run("UPDATE predictable.contents SET data = 'evil'::BLOB");
    connection.closeSync();
    instance.closeSync();
    expect((await promote('signer')).error?.code).toBe('CHECKSUM_MISMATCH');
    expect((await score('signer')).error?.code).toBe('CHECKSUM_MISMATCH');
  });

  it('gives a version its new signature when it is registered again', async () => {
    await command('sign', at('iris.onnx'), '--key', at('signer.key'));
    await register(...required('signer'));
    const promote = (name: string) => command('promote', 'iris@1', 'production', ...registry(), ...required(name));
    rmSync(at('iris.sig'));
    await command('sign', at('iris.onnx'), '--key', at('other.key'));
    expect((await register(...required('other'))).error).toBeUndefined();
    expect((await promote('other')).error).toBeUndefined();
    expect((await promote('signer')).error?.code).toBe('UNTRUSTED_SIGNER');
    // One that nobody checks takes nobody's place.
    await command('sign', at('iris.onnx'), '--key', at('signer.key'));
    await register();
    expect((await promote('other')).error).toBeUndefined();
    // A signature that is no longer there changes nothing.
    rmSync(at('iris.sig'));
    await register();
    expect((await promote('other')).error).toBeUndefined();
  });

  it('that was registered without a signature asks for it to be registered anew', async () => {
    await register();
    const { error } = await command('promote', 'iris@1', 'production', ...registry(), ...required('signer'));
    expect(error?.code).toBe('NOT_SIGNED');
  });
});
