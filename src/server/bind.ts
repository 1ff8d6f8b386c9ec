/** Hands a statement's parameters to the driver, each as its declared type. */

import type { ISqlType, Request } from 'mssql';
import type { Parameter, Parameters } from './parameters.js';

export function bindParameters(mssql: typeof import('mssql'), request: Request, parameters: Parameters): void {
  for (const [name, parameter] of Object.entries(parameters)) {
    request.input(name, typeOf(mssql, parameter), driverValue(parameter));
  }
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
