/** What stands for a missing value in text. */

/** Spellings that pandas reads as missing in a column of numbers; in a column of text only the empty field is missing. */
export const MISSING_SPELLINGS = [
  ...['#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '1.#IND', '1.#QNAN', '<NA>', 'N/A', 'NA', 'NULL', 'None'],
  ...['n/a', 'null', ''],
];
