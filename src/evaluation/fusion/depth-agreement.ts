/**
 * How well the depth of a fused stack agrees with the best-focus map that comes with it; and, as a map is some other
 * program's opinion, which of the two frames is the sharper one where they differ.
 */
import { StackFusion } from "../../algorithms/fusion/stack/stack-fusion.ts";
import { image } from "../../core/image.ts";
import { boxFilter, toGray } from "../../core/native/index.ts";
import type { FocalStack } from "../../drivers/replay/focal-stack.ts";
import { toEightBit } from "../../io/picture.ts";
import { median, share } from "../statistics.ts";

/** Every so many pixels along either axis the map is looked at. */
const SPACING = 4;
/** Half the side of the window over which the contrast of a frame is taken: 9x9 px. */
const REACH = 4;

export interface DepthAgreement {
  /** Median difference to the map. */
  readonly offset: number;
  /** Share of the pixels within one frame of the map, the offset taken off. */
  readonly withinOne: number;
  /** Of the other pixels, the share at which our frame has more contrast (mean absolute Laplacian) than the map's. */
  readonly sharper: number;
}

/** A pixel and the frames, by position, that we and the map have for it. */
interface Place {
  readonly pixel: number;
  readonly ours: number;
  readonly map: number;
}

/** Without alignment, as maps are made; undefined for a stack without a map. */
export async function depthAgreement(stack: FocalStack): Promise<DepthAgreement | undefined> {
  const at = (x: number, y: number): number | undefined => stack.trueFocus({ x, y, width: 1, height: 1 });
  if (at(0, 0) === undefined) return undefined;
  const fusion = new StackFusion();
  for (const position of stack.positions) await fusion.add(await stack.read(position), position);
  const { position } = await fusion.depth();
  const places: Place[] = [];
  for (let y = 0; y < stack.height; y += SPACING)
    for (let x = 0; x < stack.width; x += SPACING) {
      const pixel = y * stack.width + x;
      // The map knows whole frames only.
      places.push({ pixel, ours: Math.round(position.data[pixel] as number), map: at(x, y) as number });
    }
  const offset = median(places.map(({ ours, map }) => ours - map));
  const differ = places.filter(({ ours, map }) => Math.abs(ours - map - offset) > 1);
  return {
    offset,
    withinOne: 1 - differ.length / places.length,
    sharper: await sharperShare(
      stack,
      differ.map((place) => ({ ...place, map: stack.nearest(place.map + offset) })),
    ),
  };
}

/** The share of the places at which our frame has more contrast. */
async function sharperShare(stack: FocalStack, places: readonly Place[]): Promise<number> {
  const ours = new Float32Array(places.length);
  const map = new Float32Array(places.length);
  for (const position of stack.positions) {
    const contrast = await localContrast(stack, position);
    places.forEach((place, i) => {
      if (place.ours === position) ours[i] = contrast[place.pixel] as number;
      if (place.map === position) map[i] = contrast[place.pixel] as number;
    });
  }
  return share(Array.from(ours.keys()), (i) => (ours[i] as number) > (map[i] as number));
}

/** The mean absolute Laplacian around every pixel of a frame. */
async function localContrast(stack: FocalStack, position: number): Promise<Float32Array> {
  const { width, height, data } = await toGray(toEightBit(await stack.read(position)));
  const laplacian = new Float32Array(width * height);
  const at = (i: number): number => data[i] as number;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      laplacian[i] = Math.abs(4 * at(i) - at(i - 1) - at(i + 1) - at(i - width) - at(i + width));
    }
  return (await boxFilter(image(width, height, 1, laplacian), REACH, "replicate")).data;
}
