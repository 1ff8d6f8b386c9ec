/** What the Python side answers, whatever happens there: a value, or an error. */

import { envelopeSchema } from '../converters/answer.js';
import { errorFromDocument, PredictableError } from '../errors.js';

/** Characters of an answer that is none, as an error shows it. */
const LONGEST_ANSWER = 2000;

/** `renamed`: what the answer is with the caller's own paths. */
export function openEnvelope(text: string, renamed: (answer: unknown) => unknown = (answer) => answer): unknown {
  const read = envelopeSchema.safeParse(renamed(JSON.parse(text)));
  if (!read.success) {
    const places = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new PredictableError('CONVERTER_FAILED', `the converter's answer is no envelope: ${places}`, {
      hint: 'This is a defect of the converter: please report it with the command and the model.',
      details: { answer: text.slice(0, LONGEST_ANSWER) },
    });
  }
  const envelope = read.data;
  if (!envelope.ok) throw errorFromDocument(envelope.error as Parameters<typeof errorFromDocument>[0]);
  return envelope.value;
}
