import { copyFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConvertAllOptions, convertAll } from '../../src/convert/convert-all.js';
import { givenInputs } from '../../src/convert/options/text.js';
import { type NetworkSample, networkSamples, sampleOf, sampleOptions } from '../support/networks.js';
import { type Prepared, prepare } from '../support/prepared.js';

const CRAFTED = 'test/converters/pytorch_crafted.py';
const SPECIAL = 'test/converters/pytorch_special.py';
/** What the issue asks of float networks. */
const CLOSE = 1e-5;

const samples = await networkSamples('pytorch');

let prepared: Prepared;

beforeAll(async () => {
  prepared = await prepare('pytorch');
  await prepared.python('samples/pytorch/train.py', path.join(prepared.folder, 'samples'));
});
afterAll(() => prepared.close());

const convert: Prepared['convert'] = (file, options) => prepared.convert(file, options);
const convertSample = (sample: NetworkSample, options: Partial<ConvertAllOptions> = {}) =>
  convert(path.join('samples', sample.file), { ...sampleOptions(sample), ...options });
const named = (file: string) => sampleOf(samples, file);

describe('the PyTorch samples', () => {
  it.each(samples)('$file: $shows', async (sample) => {
    const result = await convertSample(sample);
    expect(result.error).toBeUndefined();
    expect(result).toMatchObject({ format: sample.format, status: 'converted', opsets: { '': 17 }, ir: 8 });
    expect(result.verification).toMatchObject({
      status: 'passed',
      reference: 'native',
      runtimes: ['1.30.0', '1.12.1'],
    });
    expect(result.verification?.maxAbsDiff).toBeLessThanOrEqual(sample.atol ?? CLOSE);
  });

  it.each([
    'digits-script.pt',
    'digits-dynamic.pt2',
    'digits-static.pt2',
    'digits-attention.pt',
    'penguin-three-types.pt',
    'penguin-checkpoint.ckpt',
    'sunspots-lstm.pt',
    'sunspots-gru-program.pt2',
  ])('%s is written in opset 12 for SQL Edge 1', async (file) => {
    const result = await convertSample(named(file), { target: 'sql-edge-1' });
    expect(result.error).toBeUndefined();
    expect(result).toMatchObject({ opsets: { '': 12 }, ir: 6, verification: { status: 'passed' } });
    expect(result.verification?.maxAbsDiff).toBeLessThanOrEqual(CLOSE);
  });

  it('show every format of the converter', () => {
    const manifest = prepared.converters.manifests.find(({ id }) => id === 'pytorch');
    const shown = new Set(samples.map(({ format }) => format));
    expect(manifest?.formats.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });

  it('keep the types of their inputs, and the names of their outputs', async () => {
    const result = await convertSample(named('penguin-script.pt'));
    const types = Object.fromEntries((result.inputs ?? []).map(({ name, type }) => [name, type]));
    expect(types).toEqual({
      bill_length_mm: 'float',
      bill_depth_mm: 'float',
      flipper_length_mm: 'float',
      island: 'int64',
      year: 'int32',
    });
    expect(result.outputs?.map(({ name }) => name)).toEqual(['species_0', 'species_1', 'species_2', 'mass']);
    expect(result.warnings.map(({ code }) => code)).toContain('SIGNATURE_INFERRED');
  });
});

describe('a file that says too little', () => {
  it('names each input and what is missing of it, with an --input to copy', async () => {
    await copyFile(path.join(prepared.folder, 'samples', 'penguin-script.pt'), path.join(prepared.folder, 'alone.pt'));
    const { error } = await convert('alone.pt');
    expect(error?.code).toBe('MISSING_SIGNATURE');
    expect(error?.message).toContain('of island its shape, of year its type and shape');
    expect(error?.hint).toContain('--input island:int64:N --input year:float32:N');
  });

  it('of weights alone, asks for the function that builds their network', async () => {
    const { error } = await convert('samples/penguin-weights.pt');
    expect(error).toMatchObject({ code: 'MISSING_SIGNATURE' });
    expect(error?.hint).toContain('--factory module:function');
  });
});

describe('a factory', () => {
  it('is only run for a file that the user vouches for', async () => {
    const { error } = await convert('samples/penguin-weights.pt', { factory: 'penguin_factory:build' });
    expect(error?.code).toBe('UNTRUSTED_ARTIFACT');
    expect(error?.message).toContain('penguin_factory:build');
  });

  it.each([
    ['nowhere:build', 'MISSING_MODULE', 'no module nowhere'],
    ['penguin_factory:biuld', 'MISSING_MODULE', 'no function biuld'],
    ['penguin_factory:from_checkpoint', 'UNSUPPORTED_MODEL', 'from_checkpoint fails: KeyError'],
  ])('%s ends as %s', async (factory, code, said) => {
    const { error } = await convert('samples/penguin-weights.pt', { factory, trust: { all: true } });
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(said);
  });
});

describe('a network of a special kind', () => {
  let folder: string;
  beforeAll(async () => {
    folder = path.join(prepared.folder, 'special');
    await prepared.python(SPECIAL, folder);
  });

  it.each([
    ['random.pt', 'UNSUPPORTED_MODEL', 'predicts otherwise each time'],
    ['mixed-rows.pt', 'UNSUPPORTED_MODEL', 'depends on the other rows'],
    ['no-rows.pt', 'UNSUPPORTED_MODEL', 'no value of a row'],
    ['list.pt', 'UNSUPPORTED_MODEL', 'takes parts, a List[Tensor]'],
    ['operator.pt', 'UNSUPPORTED_OPERATOR', 'aten::linalg_svd'],
    ['training.pt2', 'UNSUPPORTED_MODEL', 'exported while it was in training'],
    ['batch-branch.pt', 'VERIFICATION_FAILED', ''],
    ['whole.pt', 'UNTRUSTED_ARTIFACT', 'is a pickle of'],
    ['cut.pt', 'CORRUPT_MODEL', ''],
  ])('%s is refused: %s', async (file, code, said) => {
    const { error } = await convert(path.join('special', file));
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(said);
  });

  it('is lowered where only the newer exporter has its operators', async () => {
    const result = await convert('special/lowered.pt2');
    expect(result.error).toBeUndefined();
    expect(result).toMatchObject({ opsets: { '': 17 }, verification: { status: 'passed' } });
  });

  it('keeps a branch of a network in Python by scripting it, or says which line it froze', async () => {
    const options = { trust: { all: true }, inputs: givenInputs(['row:float32:N,4']) };
    const kept = await convert('special/branches.pt', { ...options, factory: 'branches:kept' });
    expect(kept).toMatchObject({ status: 'converted', warnings: [{ code: 'CONTROL_FLOW' }] });
    const frozen = await convert('special/branches.pt', { ...options, factory: 'branches:frozen' });
    expect(frozen.warnings).toMatchObject([{ code: 'TRACED_BRANCH' }]);
    expect(frozen.warnings[0]?.message).toContain('branches.py:');
  });
});

describe('a crafted file', async () => {
  let folder: string;
  let attacks: string[];
  beforeAll(async () => {
    folder = path.join(prepared.folder, 'crafted');
    await prepared.python(CRAFTED, folder);
    attacks = (await readdir(folder)).filter((name) => /\.pt2?$/.test(name) && !name.startsWith('good'));
  }, 120_000);
  const ran = async () => (await readdir(folder)).filter((name) => name.startsWith('ran-'));

  it('is refused before any of its code runs, whichever way it takes', { timeout: 300_000 }, async () => {
    const out = path.join(folder, 'out');
    const files = attacks.map((name) => path.join(folder, name));
    const results = await convertAll(files, prepared.converters, { out, columns: ['a', 'b', 'c', 'd'] });
    const ends = Object.fromEntries(results.map(({ source, error }) => [path.basename(source), error?.code]));
    // What torch cannot tell apart is no whole file, whoever wrote it.
    const expected = (name: string) =>
      /^damaged-object|twin|^program-(case|absolute|climbs|backslash|renamed)/.test(name)
        ? 'CORRUPT_MODEL'
        : 'UNTRUSTED_ARTIFACT';
    expect(ends).toEqual(Object.fromEntries(attacks.map((name) => [name, expected(name)])));
    expect(await ran()).toEqual([]);
    expect((await readdir(out)).filter((name) => name.endsWith('.onnx'))).toEqual([]);
  });

  it.each([
    ['script-getattr.pt', 'calls torch.save in archive/code/__torch__'],
    ['script-escaped.pt', 'with a name that is computed or escaped'],
    ['script-alias.pt', 'hands on all of torch'],
    ['script-method.pt', 'calls save'],
    ['script-maps-nested.pt', 'calls torch.from_file in archive/code/__torch__/torch/nn/modules/'],
    ['script-remote.pt', 'the class __torch__.torch.classes.c10d.TCPStore'],
    ['enum-deep.pt2', 'names a module to import in models/model.json'],
    ['factory.pt2', 'names a module to import'],
    ['from-file.pt2', "calls a function that networks do not need in models/model.json: 'torch.ops.aten.__getattr__"],
    ['plain-file.pt2', "networks do not need in models/model.json: 'torch.ops.aten.from_file.default'"],
    ['operator-argument.pt2', "'torch.os.system'"],
    ['program-case-last.pt2', "it holds 'archive/Models/model.JSON' twice"],
    ['program-object-twins.pt2', "in its member archive/data/constants/custom_obj_0, it holds 'a/DATA.pkl' twice"],
    ['program-only-case.pt2', "holds 'archive/models/Model.JSON', which torch does not write"],
    ['program-legacy.pt2', "holds 'version', which torch does not write"],
    ['program-second-root.pt2', 'has members in 2 folders'],
    ['program-renamed.pt2', 'holds "archive/models/model.json" twice'],
    ['program-bomb.pt2', 'code where the size of an array should stand in models/model.json: "9**9**9**9 or'],
    ['program-deep-960.pt2', 'names a module to import in models/model.json'],
    ['program-deep-texts.pt2', 'nests more deeply than can be looked through in models/model.json'],
    ['prefixed.pt', 'is a pickle of io.open'],
    ['script-case.pt', "pytorch_disguised.PY', which torch does not write"],
    ['script-own-name.pt', 'calls save in archive/code/__torch__'],
    ['script-old-case.pt', "holds 'archive/Model.json'"],
  ])('%s: the message says what was found, %s', async (name, said) => {
    const { error } = await convert(path.join('crafted', name));
    expect(error?.message).toContain(said);
  });

  it('may not call operators that trust their caller with the bounds of memory, and may call those of networks', async () => {
    const unchecked =
      'aten::_sparse_coo_tensor_unsafe aten::_sparse_csr_tensor_unsafe aten::_sparse_coo_tensor_with_dims_and_tensors aten::_indices aten::to_sparse aten::sparse_coo_tensor mkldnn::data_ptr aten::set_data aten::_foobar aten::_copy_from'.split(
        ' ',
      );
    const checked =
      'aten::linear aten::conv2d aten::lstm aten::embedding aten::_unsafe_view aten::_softmax aten::_to_copy aten::_pack_padded_sequence aten::_native_multi_head_attention aten::__contains__ aten::__getitem__'.split(
        ' ',
      );
    const said = JSON.parse(await prepared.python('test/converters/pytorch_operators.py', ...unchecked, ...checked));
    expect(said).toEqual({
      ...Object.fromEntries(unchecked.map((name) => [name, false])),
      ...Object.fromEntries(checked.map((name) => [name, true])),
    });
  });

  it('is taken when nothing is wrong with it', async () => {
    const options = { columns: ['a', 'b', 'c', 'd'] };
    const found = [await convert('crafted/good.pt', options), await convert('crafted/good.pt2', options)];
    expect(found.map(({ status }) => status)).toEqual(['converted', 'converted']);
  });

  it('is taken when a part of the network is merely named like an operator', async () => {
    const options = { columns: ['a', 'b', 'c', 'd'], inputs: givenInputs(['row:float32:N,4']) };
    expect(await convert('crafted/good-named.pt', options)).toMatchObject({ status: 'converted' });
  });

  it('runs its code when PyTorch opens it', { timeout: 300_000 }, async () => {
    // The others would keep it busy for ever.
    const opened = attacks.filter((name) => !name.startsWith('program-bomb'));
    const runs = JSON.parse(await prepared.python(CRAFTED, folder, ...opened));
    const harmless = opened.filter((name) => runs[name].length === 0).map((name) => path.parse(name).name);
    // Torch itself refuses these, or the one that is at hand knows no harm by them.
    expect(harmless.map((name) => name.replace(/-nested$/, ''))).toEqual(
      expect.not.arrayContaining([
        'script-getattr',
        'script-alias',
        'script-maps',
        'enum-escaped',
        'from-file',
        'size',
        'prefixed',
        'program-case-last',
        'program-deep-960',
        'program-legacy',
        'script-case',
        'script-case-twin',
      ]),
    );
    expect(opened.length - harmless.length).toBeGreaterThan(45);
  });
});
