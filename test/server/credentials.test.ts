import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/server/address.js';
import { credentialsFor } from '../../src/server/credentials.js';
import { readProfile } from '../../src/server/profiles.js';
import { sharedFolder } from '../support/folder.js';

const address = parseAddress('mssql://ml@edge.example/plant');

describe('credentialsFor', () => {
  test('takes the password from the address of the environment, then from PREDICTABLE_PASSWORD, then asks', async () => {
    const environment = { PREDICTABLE_PASSWORD: 'from the variable' };
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return 'typed';
    };
    const withPassword = { ...address, password: 'in the address' };
    expect(await credentialsFor(withPassword, { environment, ask })).toEqual({
      password: 'in the address',
      token: null,
    });
    expect(await credentialsFor(address, { environment, ask })).toEqual({ password: 'from the variable', token: null });
    expect(asked).toEqual([]);
    expect(await credentialsFor(address, { environment: {}, ask })).toEqual({ password: 'typed', token: null });
    expect(asked).toEqual(['password of ml on edge.example/plant: ']);
  });

  test('says how to give it where there is none', async () => {
    await expect(credentialsFor(address, { environment: {}, ask: null })).rejects.toMatchObject({
      code: 'LOGIN_FAILED',
      hint: expect.stringContaining('PREDICTABLE_PASSWORD'),
    });
    await expect(credentialsFor({ ...address, user: null }, { environment: {}, ask: null })).rejects.toMatchObject({
      code: 'LOGIN_FAILED',
      message: expect.stringContaining('no user'),
    });
  });

  test('takes a token of Entra, and no password with it', async () => {
    const environment = { PREDICTABLE_TOKEN: 'ey…', PREDICTABLE_PASSWORD: 'not sent' };
    const entra = { ...address, authentication: 'entra' as const };
    expect(await credentialsFor(entra, { environment, ask: null })).toEqual({ password: null, token: 'ey…' });
    expect(await credentialsFor(entra, { environment: {}, ask: null })).toEqual({ password: null, token: null });
  });
});

describe('profiles', () => {
  const folder = sharedFolder('profiles');
  beforeAll(async () => {});

  async function profile(name: string, yaml: string) {
    const file = path.join(folder, 'profiles.yaml');
    await writeFile(file, yaml);
    return readProfile(name, { PREDICTABLE_PROFILES: file });
  }

  test('name a server', async () => {
    expect(await profile('prod', 'prod: mssql://ml@edge.example/plant\ntest: mssql://t/x\n')).toEqual(address);
  });

  test('that are not there are named with those that are', async () => {
    await expect(profile('prd', 'prod: mssql://ml@edge.example/plant\n')).rejects.toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('prod'),
    });
    await expect(readProfile('prod', { PREDICTABLE_PROFILES: path.join(folder, 'none.yaml') })).rejects.toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('none.yaml has none'),
    });
  });

  test('must hold no password, and it is not repeated', async () => {
    const error = await profile('prod', 'prod: mssql://ml:hunter22@edge.example/plant\n').catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'SECRET_IN_ARGUMENT' });
    expect(JSON.stringify(error)).not.toContain('hunter22');
  });

  test.each(['- a\n- b\n', 'prod: {url: x}\n', 'prod: [\n'])(
    'that are written otherwise are refused: %j',
    async (yaml) => {
      await expect(profile('prod', yaml)).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining('profiles.yaml'),
      });
    },
  );
});
