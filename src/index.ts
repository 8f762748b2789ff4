/**
 * The library: what a program needs to read defocus, focus a camera of its own, plan an all-in-focus capture and fuse
 * it. The nodes and the command line are built of the same parts.
 */
export type { Clock } from "./core/clock.ts";
export { SteppedClock, systemClock } from "./core/clock.ts";
export { AutofocusError, ERROR_CODES } from "./core/errors.ts";
export type { ErrorCode } from "./core/errors.ts";
export type { Frame, SettledFrame } from "./core/frame.ts";
export { crop, image } from "./core/image.ts";
export type { Image, ImageF32, ImageU8, PixelArray } from "./core/image.ts";
export { seededRandom } from "./core/random.ts";
export type { Random } from "./core/random.ts";
export { centralRoi } from "./core/roi.ts";
export type { Roi } from "./core/roi.ts";
export * from "./core/native/index.ts";

export { FOCUS_MEASURES } from "./algorithms/focus-measure/names.ts";
export type { FocusMeasureName } from "./algorithms/focus-measure/names.ts";
export { calibratePair } from "./algorithms/calibration/pair/calibrate-pair.ts";
export type { PairCalibration, PairOptions } from "./algorithms/calibration/pair/types.ts";
export { fuseGfdf } from "./algorithms/fusion/gfdf/fuse-gfdf.ts";
export { StackFusion } from "./algorithms/fusion/stack/stack-fusion.ts";
export { StreamingFusion, videoReference } from "./algorithms/fusion/streaming/streaming-fusion.ts";
export type { FrameFusion, FusedStack } from "./algorithms/fusion/types.ts";
export { defocus } from "./algorithms/optics/defocus-model.ts";
export type { LensModel, Range } from "./algorithms/optics/lens-model.ts";
export { sharpnessOf } from "./algorithms/optics/sharpness-curve.ts";
export { patchGrid } from "./algorithms/rois/patch-grid.ts";
export { windowPatches } from "./algorithms/rois/window-patches.ts";
export { SEARCHES } from "./algorithms/search/index.ts";
export * from "./algorithms/search/types.ts";
export { strategyStart, strategyStep } from "./algorithms/strategy/focus-strategy.ts";
export type { StrategyState } from "./algorithms/strategy/focus-strategy.ts";
export type { StrategyStep } from "./algorithms/strategy/strategy-step.ts";

export { BlendingNetwork } from "./inference/blending-network.ts";
export { DefocusEstimator } from "./inference/defocus-estimator.ts";
export { GlobalPaperNetworks } from "./inference/global-paper-networks.ts";
export { PaperNetworks } from "./inference/paper-networks.ts";
export { SharpnessEstimator } from "./inference/sharpness-estimator.ts";
export { loadLens, lensNames } from "./io/lens-file.ts";
export { readGray, readPicture, writePicture } from "./io/picture.ts";

export type { CameraDriver, CameraInfo } from "./drivers/camera.ts";
export type { LensCapabilities, LensDriver, LensState } from "./drivers/lens.ts";
export { PhotoScene } from "./drivers/simulator/photo-scene.ts";
export { poster } from "./drivers/simulator/procedural/poster.ts";
export type { Scene } from "./drivers/simulator/scene.ts";
export { SimulatedCamera } from "./drivers/simulator/simulated-camera.ts";
export { SimulatedLens } from "./drivers/simulator/simulated-lens.ts";
export { runSearch } from "./pipeline/search-runner.ts";
export type { FocusDevice, SearchRun, SearchStep } from "./pipeline/search-runner.ts";
export { settledFrames } from "./pipeline/settled-frames.ts";
export { measureWindows } from "./pipeline/window-meter.ts";
