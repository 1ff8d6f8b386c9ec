/** Where a script's tables are: read from the address alone, so that writing a script needs no login and sends nothing. */

import { PredictableError } from '../../../errors.js';
import { isServerAddress, parseAddress } from '../../../server/address.js';
import { readProfile } from '../../../server/profiles.js';
import { DIALECTS } from '../../../sql/dialect.js';
import { type StatementPlace, tablesOf } from '../../../sql/registry-tables.js';
import { DEFAULT_TARGET, type TargetId } from '../../../targets/targets.js';

/** Throws USAGE for a registry that is a file: nobody reviews SQL for it. */
export async function scriptPlace(registry: string, target: TargetId = DEFAULT_TARGET): Promise<StatementPlace> {
  if (registry.startsWith('duckdb:') || target === 'embedded') {
    throw new PredictableError('USAGE', '--script writes SQL for a registry on a server', {
      hint: 'Name one with --registry mssql://host/database; nothing is sent to it.',
    });
  }
  const address = isServerAddress(registry) ? parseAddress(registry) : await readProfile(registry, process.env);
  return { tables: tablesOf(address.schema, address.table), dialect: DIALECTS[target] };
}
