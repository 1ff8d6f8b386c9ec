/** Values for statements, each with its declared type, so that one statement has one plan, whatever its values. */

export type Parameter =
  | { type: 'nvarchar'; length: number | 'max'; value: string | null }
  | { type: 'varchar'; length: number; value: string | null }
  | { type: 'int' | 'bigint'; value: number | null }
  | { type: 'varbinary(max)'; value: Uint8Array | null };

export type Parameters = Record<string, Parameter>;

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
