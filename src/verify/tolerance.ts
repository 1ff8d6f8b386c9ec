/** How far a prediction may be from the original's: |got − expected| ≤ atol + rtol · |expected|. */

/** float32 agrees to 1e-7–5e-6 with scikit-learn's double arithmetic; these leave room for sums of hundreds of trees. */
export const DEFAULT_RTOL = 1e-4;
export const DEFAULT_ATOL = 1e-5;
