import { expect, test } from 'vitest';
import type { AliasEvent } from '../../src/registry/registry.js';
import { rollbackVersion } from '../../src/registry/rollback.js';

const events = (...steps: [AliasEvent['action'], number][]): AliasEvent[] =>
  steps.map(([action, version]) => ({ alias: 'a', action, version, previous: null, at: '', by: null })).reverse();

test.each([
  [events(['register', 1]), [1], null],
  [events(['register', 1], ['promote', 2]), [1, 2], 1],
  [events(['promote', 1], ['promote', 2], ['promote', 3], ['rollback', 2]), [1, 2, 3], 1],
  [events(['promote', 1], ['promote', 2], ['rollback', 1], ['promote', 3]), [1, 2, 3], 1],
  [events(['promote', 1], ['promote', 2], ['promote', 3]), [1, 3], 1],
  [events(['promote', 1], ['promote', 2], ['promote', 1]), [1, 2], 2],
])('goes back along %j', (history, existing, expected) => {
  expect(rollbackVersion(history, new Set(existing))).toBe(expected);
});
