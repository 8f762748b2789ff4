/**
 * Loads the C++ addon once and turns its errors into AutofocusErrors. The other files here are its typed facade, one
 * kernel each.
 *
 * All kernels run off the event loop and leave their inputs alone. While one runs, the arrays handed to it must not be
 * transferred to another thread or have their buffers resized.
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { AutofocusError, ERROR_CODES, toAutofocusError, type ErrorCode } from "../errors.ts";
import type { Image, ImageF32, ImageU8 } from "../image.ts";
import type { Roi } from "../roi.ts";
import type { RawFrame } from "./pixels.ts";
import type { AlignSearch, FeatureLevel, FrameSize, LevelGain, Similarity } from "./registration.ts";
import type { ResampleOptions } from "./resample.ts";
import type { StackPeaks } from "./stack-blend.ts";
import type { Exposure } from "./tone.ts";
import type { FusionEvidence } from "./fusion-features.ts";
import type { Alike, CertainFlow, Flow, SmallPicture } from "./video.ts";

/** An opaque value that `prepareDiskBlur` makes and `blurPrepared` takes. */
export interface PreparedBlur {
  readonly prepared: unique symbol;
}

/** An opaque value that `createStackBlend` makes and the functions on stacks take. */
export interface NativeStack {
  readonly stack: unique symbol;
}

/** What native/bindings/exports.cc exports. */
export interface Addon {
  keepMemory(): void;
  toGray(image: ImageU8): Promise<ImageU8>;
  toGrayF32(image: ImageU8): Promise<ImageF32>;
  diskBlur(image: ImageF32, radius: number, roi: Roi | undefined): Promise<ImageF32>;
  prepareDiskBlur(image: ImageF32, maxRadius: number, roi: Roi | undefined): Promise<PreparedBlur>;
  blurPrepared(prepared: PreparedBlur, radius: number): Promise<ImageF32>;
  convolve(image: ImageF32, filter: ImageF32, roi: Roi | undefined): Promise<ImageF32>;
  gaussianBlur(image: ImageF32, sigma: number, roi: Roi | undefined): Promise<ImageF32>;
  resample<T extends Image>(image: T, options: ResampleOptions): Promise<T>;
  expose(linear: ImageF32, exposure: Exposure): Promise<ImageU8>;
  linearise(image: ImageU8 | Image<Uint16Array>, gamma: number): Promise<ImageF32>;
  boxFilter(image: ImageF32, radius: number, border: "replicate" | "shrink"): Promise<ImageF32>;
  guidedFilter(guide: ImageF32, input: ImageF32, radius: number, eps: number): Promise<ImageF32>;
  convertPixels(source: RawFrame, to: "gray" | "rgb" | "native"): Promise<ImageU8 | Image<Uint16Array>>;
  focusMeasure(name: string, gray: ImageU8 | ImageF32, roi: Roi | undefined): Promise<number>;
  renderDefocus(picture: ImageF32, layers: ImageU8, radii: Float32Array): Promise<ImageF32>;
  ringSpectrum(gray: ImageU8, patches: readonly Roi[]): Promise<Float32Array>;
  focusEnergy(frame: Image, coarse: number): Promise<ImageF32>;
  createStackBlend(width: number, height: number, channels: 1 | 3): NativeStack;
  addToStackBlend(
    stack: NativeStack,
    frame: Image,
    energies: ImageF32,
    valid: Roi | undefined,
    end: "first" | "last",
  ): Promise<void>;
  readStackBlend(stack: NativeStack, bits: 8 | 16 | 32): Promise<Image>;
  readStackPeaks(stack: NativeStack): Promise<StackPeaks>;
  featureLevels(frame: Image, finest: number, coarsest: number): Promise<FeatureLevel[]>;
  alignLevels(
    reference: readonly FeatureLevel[],
    moving: readonly FeatureLevel[],
    frame: FrameSize,
    search: AlignSearch,
  ): Promise<Similarity>;
  levelGain(
    reference: FeatureLevel,
    moving: FeatureLevel,
    frame: FrameSize,
    map: Similarity,
  ): Promise<LevelGain>;
  smallPicture(image: ImageU8, small: number): Promise<SmallPicture>;
  denseFlow(from: ImageF32, to: ImageF32, radius: ImageF32, expected: CertainFlow): Promise<CertainFlow>;
  equalBlur(from: ImageF32, to: ImageF32, most: number): Promise<Alike>;
  carriedFlow(before: CertainFlow): Promise<CertainFlow>;
  flowMismatch(from: ImageF32, to: ImageF32, flow: Flow): Promise<ImageF32>;
  fusionFeatures(evidence: FusionEvidence): Promise<Float32Array>;
  warp<T extends ImageU8 | ImageF32>(
    image: T,
    dx: ImageF32,
    dy: ImageF32,
    scale: number,
    into: T | undefined,
  ): Promise<T>;
  blend<T extends ImageU8 | ImageF32>(a: T, b: T, weight: ImageF32): Promise<T>;
}

const PATH = fileURLToPath(new URL("../../../build/Release/autofocus.node", import.meta.url));

let loaded: Addon | undefined;

/**
 * The addon at `path`.
 * @throws AutofocusError `native_missing` when it is not built or does not load.
 */
export function loadAddon(path: string): Addon {
  try {
    return createRequire(import.meta.url)(path) as Addon;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new AutofocusError("native_missing", `The native addon did not load: ${reason}.`, {
      cure: "Build it with `npm run build:native` (or `npm rebuild`); it needs a C++17 compiler, make and python3.",
      context: { path, platform: process.platform, arch: process.arch, node: process.version },
      cause,
    });
  }
}

/** Calls a kernel; whatever it throws or rejects with becomes an AutofocusError. */
export async function call<T>(kernel: (addon: Addon) => Promise<T>): Promise<T> {
  loaded ??= loadAddon(PATH);
  try {
    return await kernel(loaded);
  } catch (error) {
    throw fromNative(error);
  }
}

function fromNative(error: unknown): AutofocusError {
  if (error instanceof Error && "code" in error && isErrorCode(error.code)) {
    return new AutofocusError(error.code, error.message);
  }
  return toAutofocusError(error);
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(ERROR_CODES, code);
}
