/** Values for statements, each with its declared type, so that one statement has one plan, whatever its values. */

import type { ISqlType, Request } from 'mssql';

export type Parameter =
  | { type: 'nvarchar'; length: number | 'max'; value: string | null }
  | { type: 'varchar'; length: number; value: string | null }
  | { type: 'int' | 'bigint'; value: number | null }
  | { type: 'varbinary(max)'; value: Uint8Array | null };

export type Parameters = Record<string, Parameter>;

export function bindParameters(mssql: typeof import('mssql'), request: Request, parameters: Parameters): void {
  for (const [name, parameter] of Object.entries(parameters)) {
    request.input(name, typeOf(mssql, parameter), driverValue(parameter));
  }
}

export function nvarchar(value: string | null, length: number | 'max' = 'max'): Parameter {
  return { type: 'nvarchar', length, value };
}

export function varchar(value: string | null, length: number): Parameter {
  return { type: 'varchar', length, value };
}

export function int(value: number | null): Parameter {
  return { type: 'int', value };
}

export function bigint(value: number | null): Parameter {
  return { type: 'bigint', value };
}

export function varbinary(value: Uint8Array | null): Parameter {
  return { type: 'varbinary(max)', value };
}

function typeOf(mssql: typeof import('mssql'), parameter: Parameter): ISqlType {
  switch (parameter.type) {
    case 'nvarchar':
      return mssql.NVarChar(parameter.length === 'max' ? mssql.MAX : parameter.length);
    case 'varchar':
      return mssql.VarChar(parameter.length);
    case 'int':
      return mssql.Int();
    case 'bigint':
      return mssql.BigInt();
    case 'varbinary(max)':
      return mssql.VarBinary(mssql.MAX);
  }
}

/** The driver wants a Buffer: a view of the same bytes, not a copy. */
function driverValue({ value }: Parameter): string | number | Buffer | null {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
