import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { namedSigner, openBundle, unverifiedStatement } from '../../src/signing/bundle.js';
import { readPrivateKey, readPublicKey } from '../../src/signing/keys.js';
import { signatureFile, signModel, verifyModel } from '../../src/signing/model-files.js';
import { mustBeSigned, storedSignature } from '../../src/signing/stored.js';

const vectors = path.join(import.meta.dirname, 'fixtures');
const top = mkdtempSync(path.join(tmpdir(), 'signing-test-'));
let folder: string;
let model: string;
let cases = 0;

beforeEach(() => {
  folder = path.join(top, String(++cases));
  mkdirSync(folder);
  model = path.join(folder, 'iris.onnx');
  writeFileSync(model, 'a graph');
  writeFileSync(path.join(folder, 'iris.json'), '{"name":"iris"}');
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

function keysOn(curve: string, name: string, passphrase?: string): { key: string; pub: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const [key, pub] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.pub`)];
  const encrypted = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem', ...encrypted }));
  writeFileSync(pub, publicKey.export({ type: 'spki', format: 'pem' }));
  return { key, pub };
}

describe.each(['prime256v1', 'secp384r1', 'secp521r1'])('a key on %s', (curve) => {
  it('signs a model and its document, and is told again', async () => {
    const { key, pub } = keysOn(curve, 'signer');
    const signed = await signModel(model, await readPrivateKey(key));
    expect(signed).toEqual({ output: path.join(folder, 'iris.sig'), files: ['iris.onnx', 'iris.json'] });
    const accepted = await readPublicKey(pub);
    expect(await verifyModel(model, [accepted])).toEqual({
      signer: accepted.fingerprint,
      key: pub,
      files: ['iris.onnx', 'iris.json'],
    });
  });
});

describe('a signature', () => {
  it.each([
    ['iris.onnx', 'iris.onnx is not what was signed: its bytes differ'],
    ['iris.json', 'iris.json is not what was signed: its bytes differ'],
  ])('does not hold where %s was changed', async (file, message) => {
    const { key, pub } = keysOn('prime256v1', 'signer');
    await signModel(model, await readPrivateKey(key));
    writeFileSync(path.join(folder, file), '{"name":"evil"}');
    await expect(verifyModel(model, [await readPublicKey(pub)])).rejects.toMatchObject({
      code: 'BAD_SIGNATURE',
      message: `${signatureFile(model)}: ${message}`,
    });
  });

  it('does not hold where a document came after it', async () => {
    const { key, pub } = keysOn('prime256v1', 'signer');
    const document = path.join(folder, 'iris.json');
    const text = readFileSync(document);
    rmSync(document);
    await signModel(model, await readPrivateKey(key));
    writeFileSync(document, text);
    await expect(verifyModel(model, [await readPublicKey(pub)])).rejects.toMatchObject({
      code: 'BAD_SIGNATURE',
      message: `${signatureFile(model)}: it says nothing of iris.json`,
    });
  });

  it('does not hold where the document that it is over is gone', async () => {
    const { key, pub } = keysOn('prime256v1', 'signer');
    await signModel(model, await readPrivateKey(key));
    rmSync(path.join(folder, 'iris.json'));
    await expect(verifyModel(model, [await readPublicKey(pub)])).rejects.toMatchObject({
      code: 'BAD_SIGNATURE',
      message: `${signatureFile(model)}: iris.json, which it is over too, is missing`,
    });
  });

  it('is missing, or by nobody who is accepted; one of several accepted keys is enough', async () => {
    const [old, next] = [keysOn('prime256v1', 'old'), keysOn('secp384r1', 'next')];
    const [oldPublic, nextPublic] = await Promise.all([readPublicKey(old.pub), readPublicKey(next.pub)]);
    await expect(verifyModel(model, [oldPublic])).rejects.toMatchObject({ code: 'NOT_SIGNED' });
    await signModel(model, await readPrivateKey(old.key));
    await expect(verifyModel(model, [nextPublic])).rejects.toMatchObject({
      code: 'UNTRUSTED_SIGNER',
      details: { signer: oldPublic.fingerprint },
    });
    expect(await verifyModel(model, [nextPublic, oldPublic])).toMatchObject({ key: old.pub });
  });

  it('that names an accepted key but was made by another does not hold', async () => {
    const [good, evil] = [keysOn('prime256v1', 'good'), keysOn('prime256v1', 'evil')];
    await signModel(model, await readPrivateKey(evil.key));
    const accepted = await readPublicKey(good.pub);
    const bundle = JSON.parse(readFileSync(signatureFile(model), 'utf8'));
    bundle.verificationMaterial.publicKey.hint = accepted.fingerprint;
    writeFileSync(signatureFile(model), JSON.stringify(bundle));
    await expect(verifyModel(model, [accepted])).rejects.toMatchObject({
      code: 'BAD_SIGNATURE',
      message: expect.stringContaining('it does not verify'),
    });
  });

  it('does not hold once any character of it is another', async () => {
    const { key, pub } = keysOn('prime256v1', 'signer');
    await signModel(model, await readPrivateKey(key));
    const accepted = await readPublicKey(pub);
    const { dsseEnvelope, ...rest } = JSON.parse(readFileSync(signatureFile(model), 'utf8'));
    const payload: string = dsseEnvelope.payload;
    for (let at = 0; at < payload.length; at += 7) {
      const other = payload[at] === 'A' ? 'B' : 'A';
      const changed = { ...dsseEnvelope, payload: payload.slice(0, at) + other + payload.slice(at + 1) };
      const text = JSON.stringify({ ...rest, dsseEnvelope: changed });
      expect(() => openBundle('it', text, [accepted])).toThrow(expect.objectContaining({ code: 'BAD_SIGNATURE' }));
    }
  });
});

/** From https://github.com/ossf/model-signing-spec, Apache 2.0. */
describe('the vectors of OpenSSF Model Signing 1.0', () => {
  const text = (file: string) => readFileSync(path.join(vectors, file), 'utf8');

  it('by a key is read, with the key that it names', () => {
    const bundle = text('valid/key.bundle.json');
    expect(namedSigner('it', bundle)).toMatch(/^[0-9a-f]{64}$/);
    expect(unverifiedStatement('it', bundle).predicate.resources.map(({ name }) => name)).toEqual([
      'signme-1',
      'signme-2',
    ]);
  });

  it.each([
    ...readdirSync(path.join(vectors, 'invalid')).map((name) => `invalid/${name}`),
    ...readdirSync(path.join(vectors, 'invalid-payload')).map((name) => `invalid-payload/${name}`),
    'valid/certificate.bundle.json',
  ])('%s is refused: it is none by a key over a model', (file) => {
    expect(() => unverifiedStatement(file, text(file))).toThrow(expect.objectContaining({ code: 'BAD_SIGNATURE' }));
  });
});

describe('a key', () => {
  it('that is encrypted needs its passphrase', async () => {
    const { key, pub } = keysOn('prime256v1', 'locked', 'open sesame');
    await expect(readPrivateKey(key, undefined)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('it is encrypted'),
    });
    await expect(readPrivateKey(key, 'wrong')).rejects.toMatchObject({ code: 'USAGE' });
    expect((await readPrivateKey(key, 'open sesame')).fingerprint).toBe((await readPublicKey(pub)).fingerprint);
  });

  it.each([
    ['an Ed25519 key', () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })],
    [
      'an RSA key',
      () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }),
    ],
    [
      'a key on secp256k1',
      () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ type: 'spki', format: 'pem' }),
    ],
    ['no key', () => 'hello'],
    [
      'a private key',
      () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ],
  ])('is refused when it is %s', async (_, pem) => {
    const file = path.join(folder, 'other.pub');
    writeFileSync(file, pem());
    await expect(readPublicKey(file)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

it('of a version is held against the bytes that are stored', async () => {
  const { key, pub } = keysOn('prime256v1', 'signer');
  cpSync(model, path.join(folder, 'copy.onnx'));
  await signModel(model, await readPrivateKey(key));
  const accepted = [await readPublicKey(pub)];
  const bundle = readFileSync(signatureFile(model), 'utf8');
  const version = { name: 'iris', version: 1, provenance: { signedBy: storedSignature('it', bundle, 'iris.onnx') } };
  const bytes = readFileSync(model);
  expect(() => mustBeSigned(version, bytes, accepted)).not.toThrow();
  // The document that was signed with it is not the model, though its digest is listed.
  const document = readFileSync(path.join(folder, 'iris.json'));
  for (const other of [Buffer.from('another graph'), document]) {
    expect(() => mustBeSigned(version, other, accepted)).toThrow(expect.objectContaining({ code: 'BAD_SIGNATURE' }));
  }
  expect(() => mustBeSigned({ ...version, provenance: {} }, bytes, accepted)).toThrow(
    expect.objectContaining({ code: 'NOT_SIGNED', message: 'iris@1 is not signed' }),
  );
});
