/** RPC requests (MS-TDS 2.2.6.6), with the procedures that carry SQL text taken apart. */

import type { Reader } from './bytes.js';
import type { Decoded, Output, TdsRequest } from './request.js';
import type { Prepared, SessionState } from './session.js';
import { parseType, readTypeInfo, type SqlType, typeText } from './types.js';
import { readValue, type TdsValue } from './values.js';

interface Parameter {
  name: string;
  output: boolean;
  type: SqlType;
  value: TdsValue;
}

type Call = Omit<Decoded, 'transaction'>;

const BY_ID = 0xffff;
const NAMES = new Map([
  [10, 'sp_executesql'],
  [11, 'sp_prepare'],
  [12, 'sp_execute'],
  [13, 'sp_prepexec'],
  [15, 'sp_unprepare'],
]);

export function decodeProcedureCall(reader: Reader, session: SessionState): Call {
  const procedure = readProcedureName(reader);
  reader.u16();
  const parameters: Parameter[] = [];
  while (!reader.done) parameters.push(readParameter(reader));
  const [first, second, third] = parameters;
  switch (procedure.toLowerCase()) {
    case 'sp_executesql':
      return call(procedure, String(first!.value), declared(second), parameters, 2);
    case 'sp_prepare': {
      const prepared = { text: String(third!.value), declarations: declared(second) };
      return { ...preparing(procedure, first!, prepared, session), own: true };
    }
    case 'sp_prepexec': {
      const prepared = { text: String(third!.value), declarations: declared(second) };
      const { outputs } = preparing(procedure, first!, prepared, session);
      const made = call(procedure, prepared.text, prepared.declarations, parameters, 3);
      return { ...made, outputs: [...outputs, ...made.outputs] };
    }
    case 'sp_execute':
      return execute(procedure, parameters, session);
    case 'sp_unprepare': {
      const handle = Number(first!.value);
      const text = session.prepared.get(handle)?.text ?? '';
      session.prepared.delete(handle);
      return { ...call(procedure, text, '', parameters, 0), own: true };
    }
    default:
      return call(procedure, procedure, '', parameters, 0);
  }
}

function readProcedureName(reader: Reader): string {
  const length = reader.u16();
  if (length !== BY_ID) return reader.take(length * 2).toString('utf16le');
  const id = reader.u16();
  const name = NAMES.get(id);
  if (name === undefined) throw new Error(`the TDS fixture has no procedure number ${id}`);
  return name;
}

function readParameter(reader: Reader): Parameter {
  const name = reader.shortText().replace(/^@/, '');
  const output = (reader.u8() & 1) !== 0;
  const type = readTypeInfo(reader);
  return { name, output, type, value: readValue(reader, type) };
}

function declared(parameter: Parameter | undefined): string {
  return typeof parameter?.value === 'string' ? parameter.value : '';
}

/** The handle goes back in the first parameter. */
function preparing(procedure: string, handle: Parameter, prepared: Prepared, session: SessionState): Call {
  const value = session.prepare(prepared);
  return {
    request: { kind: 'rpc', text: prepared.text, procedure, parameters: {}, types: {} },
    outputs: [{ ordinal: 0, name: handle.name, type: handle.type, value }],
  };
}

function execute(procedure: string, parameters: Parameter[], session: SessionState): Call {
  const handle = Number(parameters[0]!.value);
  const prepared = session.prepared.get(handle);
  const made = call(procedure, prepared?.text ?? '', prepared?.declarations ?? '', parameters, 1);
  if (prepared !== undefined) return made;
  const message = `Could not find prepared statement with handle ${handle}.`;
  return { ...made, refused: { number: 8179, message } };
}

/** `from` is where the statement's own parameters begin; what is declared of them goes before what the wire says. */
function call(procedure: string, text: string, declarations: string, all: Parameter[], from: number): Call {
  const declaredTypes = readDeclarations(declarations);
  const request: TdsRequest = { kind: 'rpc', text, procedure, parameters: {}, types: {} };
  const outputs: Output[] = [];
  all.slice(from).forEach((parameter, index) => {
    const name = parameter.name || (declaredTypes[index]?.name ?? String(index + 1));
    const declaration = declaredTypes.find((one) => one.name.toLowerCase() === name.toLowerCase());
    request.parameters[name] = parameter.value;
    request.types[name] = typeText(declaration?.type ?? parameter.type);
    if (parameter.output) {
      outputs.push({ ordinal: from + index, name, type: declaration?.type ?? parameter.type });
    }
  });
  return { request, outputs };
}

/** `@id int, @name nvarchar(128) output`: no type holds a comma outside of its parentheses. */
function readDeclarations(text: string): { name: string; type: SqlType }[] {
  return Array.from(text.matchAll(/@(\w+)\s+(?:as\s+)?(\w+(?:\s*\([^)]*\))?)/gi), (match) => ({
    name: match[1]!,
    type: parseType(match[2]!),
  }));
}
