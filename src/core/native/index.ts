/** The typed facade of the C++ kernels (native/). */
export { toGray, toGrayF32 } from "./gray.ts";
export { RING_FEATURES, RING_SPECTRUM_VERSION, RINGS, ringSpectrum } from "./ring-spectrum.ts";
