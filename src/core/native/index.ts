/** The typed facade of the C++ kernels (native/). */
export { diskBlur, DiskBlurrer, gaussianBlur, type BlurOptions } from "./blur.ts";
export { convolve } from "./convolve.ts";
export { focusMeasure } from "./focus-measure.ts";
export { toGray, toGrayF32 } from "./gray.ts";
export { keepMemory } from "./memory.ts";
export { convertPixels, type RawFrame } from "./pixels.ts";
export {
  alignLevels,
  featureLevels,
  levelGain,
  type AlignSearch,
  type FeatureLevel,
  type FrameSize,
  type LevelGain,
  type Similarity,
} from "./registration.ts";
export { fusionFeatures, type FusionEvidence } from "./fusion-features.ts";
export { renderDefocus } from "./render-defocus.ts";
export { resample, type ResampleOptions } from "./resample.ts";
export { LINES, RING_FEATURES, RING_SPECTRUM_VERSION, RINGS, ringSpectrum } from "./ring-spectrum.ts";
export { focusEnergy, StackBlend, type StackPeaks, type StackValues } from "./stack-blend.ts";
export { expose, linearise, type Exposure } from "./tone.ts";
export {
  blend,
  carriedFlow,
  denseFlow,
  equalBlur,
  flowMismatch,
  smallPicture,
  warp,
  type Alike,
  type CertainFlow,
  type Flow,
  type SmallPicture,
  type WarpOptions,
} from "./video.ts";
export { boxFilter, guidedFilter } from "./window.ts";
