import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPrivateKey, readPublicKey } from '../../src/signing/keys.js';
import { signatureFile, signModel, verifyModel } from '../../src/signing/model-files.js';
import { peer } from '../support/model-signing/model-signing.js';

/** Both ways against the library that others sign with. */

const top = mkdtempSync(path.join(tmpdir(), 'signing-peer-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

describe.each(['prime256v1', 'secp384r1', 'secp521r1'])('with a key on %s', (curve) => {
  const folder = path.join(top, curve);
  const model = path.join(folder, 'iris.onnx');
  const [key, pub] = [path.join(top, `${curve}.key`), path.join(top, `${curve}.pub`)];
  mkdirSync(folder);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(pub, publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(model, 'a graph');
  writeFileSync(path.join(folder, 'iris.json'), '{}');

  it('what we sign they verify, and refuse once it was changed', async () => {
    await signModel(model, await readPrivateKey(key));
    expect(await peer('verify', folder, pub, signatureFile(model))).toBe(null);
    writeFileSync(model, 'another graph');
    expect(await peer('verify', folder, pub, signatureFile(model))).toContain('Signature mismatch');
    writeFileSync(model, 'a graph');
  });

  it('what they sign we verify, and refuse once it was changed', async () => {
    const signature = path.join(folder, 'theirs.sig');
    rmSync(signatureFile(model), { force: true });
    expect(await peer('sign', folder, key, signature)).toBe(null);
    const accepted = [await readPublicKey(pub)];
    expect(await verifyModel(model, accepted, signature)).toMatchObject({ files: ['iris.onnx', 'iris.json'] });
    writeFileSync(model, 'another graph');
    await expect(verifyModel(model, accepted, signature)).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    writeFileSync(model, 'a graph');
  });
});
