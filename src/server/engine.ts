/** Which engine answers: told by the server itself, not by its name. */

import type { TargetId } from '../targets/targets.js';
import type { Session } from './connection.js';

export interface EngineFacts {
  /** For people, e.g. `Azure SQL Edge 2.0`. */
  title: string;
  /** As the server writes it, e.g. `16.0.5100.7245`. */
  version: string;
  /** The target whose models belong there. */
  target: Exclude<TargetId, 'embedded'>;
  /** Whether the vendor documents PREDICT with ONNX for it: what it really does is tried by predict-probe. */
  documented: boolean;
}

/** SERVERPROPERTY('EngineEdition'), from the vendor's page of that function. */
const EDITIONS: Record<number, string> = {
  1: 'SQL Server Personal',
  2: 'SQL Server Standard',
  3: 'SQL Server Enterprise',
  4: 'SQL Server Express',
  5: 'Azure SQL Database',
  6: 'Azure Synapse dedicated SQL pool',
  8: 'Azure SQL Managed Instance',
  9: 'Azure SQL Edge',
  11: 'Azure Synapse serverless SQL pool',
  12: 'SQL database in Microsoft Fabric',
};
const SYNAPSE = 6;
const EDGE = 9;
/** SQL Edge 1.0 is engine 15 (opset 12), SQL Edge 2.0 engine 16 (opset 17). */
const EDGE_2_ENGINE = 16;

export const ENGINE_QUERY = `SELECT CAST(SERVERPROPERTY('EngineEdition') AS int) AS [edition],
  CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS [version], @@VERSION AS [banner];`;

export async function readEngine(session: Session): Promise<EngineFacts> {
  const [row = {}] = await session.query(ENGINE_QUERY);
  return engineFacts(Number(row.edition), String(row.version ?? ''), String(row.banner ?? ''));
}

/** `banner` is @@VERSION: another maker's server says there who it is, whatever edition it reports. */
export function engineFacts(edition: number, version: string, banner: string): EngineFacts {
  const first = banner.split(/[\r\n]/)[0]?.trim() ?? '';
  if (first !== '' && !/^Microsoft/i.test(first)) {
    return { title: first, version, target: 'sql-server', documented: false };
  }
  if (edition === EDGE || /Azure SQL Edge/i.test(first)) {
    const second = Number.parseInt(version, 10) >= EDGE_2_ENGINE;
    const target = second ? 'sql-edge' : 'sql-edge-1';
    return { title: `Azure SQL Edge ${second ? '2.0' : '1.0'}`, version, target, documented: true };
  }
  const title = EDITIONS[edition] ?? `SQL Server (edition ${edition})`;
  if (edition === SYNAPSE) return { title, version, target: 'synapse', documented: true };
  return { title, version, target: 'sql-server', documented: false };
}
