import { expect, test } from 'vitest';
import { engineFacts } from '../../src/server/engine.js';

test.each([
  [
    9,
    '16.0.5100.7245',
    'Microsoft Azure SQL Edge Developer (RTM) - 16.0.5100.7245 (X64)',
    'sql-edge',
    'Azure SQL Edge 2.0',
  ],
  [
    9,
    '15.0.2000.1559',
    'Microsoft Azure SQL Edge Developer (RTM) - 15.0.2000.1559 (ARM64)',
    'sql-edge-1',
    'Azure SQL Edge 1.0',
  ],
  [
    6,
    '10.0.16003.0',
    'Microsoft Azure SQL Data Warehouse - 10.0.16003.0',
    'synapse',
    'Azure Synapse dedicated SQL pool',
  ],
  [3, '16.0.4135.4', 'Microsoft SQL Server 2022 (RTM-CU14) - 16.0.4135.4 (X64)', 'sql-server', 'SQL Server Enterprise'],
  [4, '15.0.2000.5', 'Microsoft SQL Server 2019 (RTM) - 15.0.2000.5 (X64)', 'sql-server', 'SQL Server Express'],
  [5, '12.0.2000.8', 'Microsoft SQL Azure (RTM) - 12.0.2000.8', 'sql-server', 'Azure SQL Database'],
  [77, '99.0', 'Microsoft SQL Server 2040', 'sql-server', 'SQL Server (edition 77)'],
])('edition %i, version %s', (edition, version, banner, target, title) => {
  expect(engineFacts(edition, version, banner)).toMatchObject({ target, title, version });
});

test("another maker's server is called by its own name, whatever edition it reports", () => {
  const banner = 'Babelfish for PostgreSQL with SQL Server Compatibility - 12.0.2000.8\nOct 1 2025';
  expect(engineFacts(9, '12.0.2000.8', banner)).toEqual({
    title: 'Babelfish for PostgreSQL with SQL Server Compatibility - 12.0.2000.8',
    version: '12.0.2000.8',
    target: 'sql-server',
    documented: false,
  });
});
