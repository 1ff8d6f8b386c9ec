/** Where a model file comes from, as far as it decides which of a converter's environments loads it. */

export interface Origin {
  /** Of the modules that tell the converter's environments apart, those that the file names. */
  modules: string[];
  /** Version of the converter's `savedBy` package; null when the file does not say it. */
  savedBy: string | null;
}
