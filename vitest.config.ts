import { defineConfig } from 'vitest/config';

/** `unit` answers in under a minute; `main` builds Python environments and runs whole conversions. */
const SLOW = 'test/**/*.slow.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [SLOW],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { extends: true, test: { name: 'main', include: [SLOW], testTimeout: 600_000, hookTimeout: 900_000 } },
    ],
  },
});
