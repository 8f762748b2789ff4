/** The contrast measures by name; each has its formula in native/kernels and a reference in the tests. */
export const FOCUS_MEASURES = [
  "absolute-gradient",
  "squared-gradient",
  "laplacian-energy",
  "tenengrad",
  "brenner",
  "variance",
  "normalised-variance",
  "entropy",
  "histogram-range",
  "autocorrelation",
  "dct-energy-ratio",
  "edge-width",
] as const;

export type FocusMeasureName = (typeof FOCUS_MEASURES)[number];
