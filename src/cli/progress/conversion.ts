/** A bar while many models convert, on a terminal; nothing otherwise, since every result prints its own line. */

import type { Output } from '../output.js';

interface ConversionProgress {
  /** Prints a result above the bar. */
  result(print: () => void): void;
  end(): void;
}

export function conversionProgress(output: Output): ConversionProgress {
  // The results themselves are the progress; a spinner line says that work goes on before the first of them.
  const spinning = process.stderr.isTTY && !output.options.quiet;
  if (!spinning) return { result: (print) => print(), end: () => {} };
  let done = 0;
  const show = () => process.stderr.write(`\r\x1b[2K… ${done === 0 ? 'converting' : `${done} done`}`);
  const clear = () => process.stderr.write('\r\x1b[2K');
  show();
  return {
    result: (print) => {
      clear();
      print();
      done++;
      show();
    },
    end: clear,
  };
}
