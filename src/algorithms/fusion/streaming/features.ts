/**
 * What the blending weight is decided by, as paper 1's AWnet is given (section 6.2.3): both pictures, the deviation
 * matrices (as the blur they predict) and the warping error, here as planes of one value per cell.
 */
import type { ImageF32, ImageU8 } from "../../../core/image.ts";
import { boxFilter, cellMeans, type Flow } from "../../../core/native/index.ts";
import { mapCells } from "./cell-map.ts";
import { speedOf, type Motion } from "./motion.ts";
import type { SmallPicture } from "./small-picture.ts";

/** Planes, in order. A network was trained for one version of them. */
export const FEATURE_PLANES = [
  "difference",
  "mismatch",
  "mismatch around",
  "fine detail of the frame",
  "fine detail of the picture",
  "coarse detail of the frame",
  "coarse detail of the picture",
  "radius in the frame",
  "radius in the picture",
  "focus known",
  "motion",
  "bend of the motion",
  "doubt of the motion",
  "blur between them",
] as const;
export const FEATURES_VERSION = 2;

export interface FusionFeatures {
  readonly columns: number;
  readonly rows: number;
  /** FEATURE_PLANES.length planes of rows x columns values, of the order of 1. */
  readonly planes: Float32Array;
}

/** The two pictures to blend, of the same size. */
export interface Pair {
  readonly frame: ImageU8;
  /** The fused picture, moved to where the frame has things. */
  readonly picture: ImageU8;
}

/** For each cell the share of the new frame, 0..1, row-major. */
export type Weigher = (features: FusionFeatures, pair: Pair) => Promise<Float32Array>;

export interface Evidence {
  readonly frame: SmallPicture;
  /** The fused picture, moved to where the frame has things. */
  readonly picture: SmallPicture;
  readonly motion: Motion;
  /** Radius of the blur in each cell as it is predicted, px. */
  readonly frameRadius: ImageF32;
  readonly pictureRadius: ImageF32;
  /** 1 where the in-focus position was read in this frame, else 0. */
  readonly known: ImageF32;
}

/** Half side of the surroundings of a cell. */
const AROUND = 3;
/** Energy below which there is nothing but rounding. */
const ROUNDING = 1e-6;
/** Motion of which nothing is known is off by so many px of the small pictures, one over the square. */
const LEAST_CERTAINTY = 1e-2;

export async function fusionFeatures(evidence: Evidence): Promise<FusionFeatures> {
  const { frame, picture, motion, frameRadius, pictureRadius, known } = evidence;
  const { flow, mismatch } = motion;
  const { width: columns, height: rows } = mismatch;
  const [around, frameMeans, pictureMeans] = await Promise.all([
    boxFilter(mismatch, AROUND, "replicate"),
    cellMeans(frame.luma, 2),
    cellMeans(picture.luma, 2),
  ]);
  const difference = mapCells(
    frameMeans,
    (value, index) => 4 * (value - (pictureMeans.data[index] as number)),
  );
  const detail = (energy: ImageF32): ImageF32 =>
    mapCells(energy, (value) => (Math.log(value + ROUNDING) + 9) / 4);
  const blur = (radius: ImageF32): ImageF32 => mapCells(radius, (value) => Math.log1p(value) / 2);
  const planes = [
    difference,
    mapCells(mismatch, (value) => Math.min(2, 10 * value)),
    mapCells(around, (value) => Math.min(2, 10 * value)),
    detail(frame.fine),
    detail(picture.fine),
    detail(frame.coarse),
    detail(picture.coarse),
    blur(frameRadius),
    blur(pictureRadius),
    known,
    mapCells(flow.dx, (_, index) => Math.log1p(speedOf(flow, index)) / 2),
    bend(flow),
    mapCells(flow.certainty, (certainty) => Math.log1p(1 / Math.sqrt(certainty + LEAST_CERTAINTY))),
    mapCells(motion.blur, (radius) => (Math.sign(radius) * Math.log1p(Math.abs(radius))) / 2),
  ];
  const values = new Float32Array(planes.length * columns * rows);
  planes.forEach(({ data }, plane) => values.set(data, plane * columns * rows));
  return { columns, rows, planes: values };
}

/** How much the motion changes from a cell to the next: large at the edges of what moves, and where it is wrong. */
function bend({ dx, dy }: Flow): ImageF32 {
  const { width } = dx;
  const change = ({ data }: ImageF32, index: number): number => {
    const here = data[index] as number;
    const right = index % width === width - 1 ? here : (data[index + 1] as number);
    return Math.abs(right - here) + Math.abs((data[index + width] ?? here) - here);
  };
  return mapCells(dx, (_, index) => Math.log1p(change(dx, index) + change(dy, index)) / 2);
}
