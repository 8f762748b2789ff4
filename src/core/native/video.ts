/** What all-in-focus video is made of: motion between frames, blur that varies, and mixing (native/kernels/video). */
import { image, type ImageF32, type ImageU8 } from "../image.ts";
import type { Pixels } from "../units.ts";
import { call } from "./addon.ts";

/** Where each pixel comes from, as offsets across and down, px; one channel each. */
export interface Flow {
  readonly dx: ImageF32;
  readonly dy: ImageF32;
}

/** As in native/kernels/video/equal_blur.h. */
const MOST_EQUAL_BLUR: Pixels = 48;

const ZERO = image(1, 1, 1, new Float32Array(1));
const NOTHING_EXPECTED: CertainFlow = { dx: ZERO, dy: ZERO, certainty: ZERO };

/** What video compares of a picture: a small copy, and how much detail each cell of 2x2 px of that holds. */
export interface SmallPicture {
  /** Luma, 0..1. */
  readonly luma: ImageF32;
  /** Its mean in each cell; the last column and row may cover less. */
  readonly cells: ImageF32;
  /**
   * Mean square of the finest detail of the picture itself, per cell: of the difference between a pixel and the mean of its
   * 3x3 neighbourhood, values 0..1.
   */
  readonly fine: ImageF32;
  /** Of the finest detail of the small picture, per cell. */
  readonly coarse: ImageF32;
}

/**
 * @param small side of a pixel of the small picture, px of the picture.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function smallPicture(picture: ImageU8, small: Pixels): Promise<SmallPicture> {
  return call((addon) => addon.smallPicture(picture, small));
}

/** Two pictures that are equally out of focus. */
export interface Alike {
  readonly from: ImageF32;
  readonly to: ImageF32;
  /** By how much `from` was blurred for that, px, negative where `to` was; a value for each 2x2 px. */
  readonly radius: ImageF32;
}

/**
 * Makes two pictures of a scene that are unlike in focus alike: each is blurred where it shows more than the other (paper 1,
 * Eq. 1), by what is measured. Small motions do not matter.
 * @param from one channel, camera values 0..1.
 * @param to of the same size.
 * @param most largest radius there can be, px; from 48 on all count alike.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function equalBlur(from: ImageF32, to: ImageF32, most: Pixels): Promise<Alike> {
  return call((addon) => addon.equalBlur(from, to, Math.min(most, MOST_EQUAL_BLUR)));
}

/** A flow, and how sure it is. */
export interface CertainFlow extends Flow {
  /** 1 / variance of the offsets, px^-2; 0: nothing is known. */
  readonly certainty: ImageF32;
}

/**
 * What the motion of a video is expected to be a frame later: what moved goes on moving alike, and the less surely so the
 * faster it was.
 * @param before maps of one size.
 * @throws AutofocusError `invalid_image`.
 */
export function carriedFlow(before: CertainFlow): Promise<CertainFlow> {
  return call((addon) => addon.carriedFlow(before));
}

/**
 * For each 2x2 px of `to`, where it comes from in `from`, in px of these pictures, by dense inverse search (Kroeger et
 * al., ECCV 2016) with an account of how sure it is, for pictures that are out of focus.
 * Motion below what can be told from noise is none.
 * @param from one channel, values around 0..1, sides of at least 16 px.
 * @param to of the same size.
 * @param radius by how much both are out of focus, px, with any sign; a map of any size.
 * @param expected what the motion is expected to be; maps of any size.
 * @throws AutofocusError `invalid_image`.
 */
export function denseFlow(
  from: ImageF32,
  to: ImageF32,
  radius: ImageF32,
  expected: CertainFlow = NOTHING_EXPECTED,
): Promise<CertainFlow> {
  return call((addon) => addon.denseFlow(from, to, radius, expected));
}

/**
 * How far `from`, moved along `flow`, is from `to`: mean absolute difference over each 2x2 px.
 * @param from one channel.
 * @param to of the same size.
 * @param flow px of the pictures; maps of any size.
 * @throws AutofocusError `invalid_image`.
 */
export function flowMismatch(from: ImageF32, to: ImageF32, flow: Flow): Promise<ImageF32> {
  return call((addon) => addon.flowMismatch(from, to, flow));
}

export interface WarpOptions<T> {
  /** Pixels of the picture to the unit of the flow, 1 unless said otherwise. */
  readonly scale?: number;
  /** A picture of the same size and type that is written over, instead of a new one. */
  readonly into?: T | undefined;
}

/**
 * The picture moved along a flow; maps of any size, interpolated. Bytes by cubic convolution, floats bilinearly.
 * @throws AutofocusError `invalid_image`, `invalid_input`.
 */
export function warp<T extends ImageU8 | ImageF32>(
  picture: T,
  { dx, dy }: Flow,
  { scale = 1, into }: WarpOptions<T> = {},
): Promise<T> {
  return call((addon) => addon.warp(picture, dx, dy, scale, into));
}

/**
 * `weight a + (1 - weight) b`.
 * @param weight 0..1, one channel, any size, interpolated.
 * @throws AutofocusError `invalid_image`.
 */
export function blend<T extends ImageU8 | ImageF32>(a: T, b: T, weight: ImageF32): Promise<T> {
  return call((addon) => addon.blend(a, b, weight));
}
