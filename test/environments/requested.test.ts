import { describe, expect, it } from 'vitest';
import { readManifests } from '../../src/converters/manifest.js';
import { type Choice, chosenEnvironments } from '../../src/environments/requested.js';

const NOTHING: Choice = { converters: [], environments: [], all: false };

async function chosen(choice: Partial<Choice>) {
  const found = await chosenEnvironments({ ...NOTHING, ...choice });
  return found.map(({ manifest, environment }) => `${manifest.id}: ${environment.name}`);
}

describe('the environments that setup builds', () => {
  it("are each converter's first", async () => {
    expect(await chosen({ converters: ['sklearn'] })).toEqual(['sklearn: scikit-learn']);
  });

  it('are those that were named', async () => {
    expect(await chosen({ converters: ['sklearn'], environments: ['scikit-learn 1.5'] })).toEqual([
      'sklearn: scikit-learn 1.5',
    ]);
    expect(await chosen({ environments: ['scikit-learn 1.2'] })).toEqual(['sklearn: scikit-learn 1.2']);
  });

  it('are all with --all, of all converters or of those that were named', async () => {
    const all = (await readManifests()).flatMap(({ id, environments }) =>
      environments.map(({ name }) => `${id}: ${name}`),
    );
    expect(await chosen({ all: true })).toEqual(all);
    expect(await chosen({ all: true, converters: ['sklearn'] })).toEqual(
      all.filter((one) => one.startsWith('sklearn:')),
    );
  });

  it.each([
    ['nothing', {}, 'say which converters to set up'],
    ['a converter that there is not', { converters: ['sklaern'] }, 'there is no converter sklaern'],
    ['an environment that there is not', { environments: ['1.5'] }, 'there is no environment 1.5'],
  ])('are refused when %s is named', async (_, choice, message) => {
    await expect(chosen(choice)).rejects.toMatchObject({ code: 'USAGE', message });
  });
});
