/** Plain version of the kernel of the same name: the planes that the blending network is trained for. */
import type { ImageF32 } from "../../../src/core/image.ts";
import type { FusionEvidence } from "../../../src/core/native/index.ts";

export function fusionFeaturesReference(evidence: FusionEvidence): number[] {
  const { frameLuma, pictureLuma, dx, dy, mismatch, certainty } = evidence;
  const { width, height } = mismatch;
  const plane = (value: (column: number, row: number) => number): number[] =>
    Array.from({ length: width * height }, (_, at) => value(at % width, Math.floor(at / width)));
  const at = (map: ImageF32, column: number, row: number): number =>
    map.data[Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column))]!;
  const each = (map: ImageF32, of: (value: number) => number): number[] =>
    plane((column, row) => of(at(map, column, row)));
  const apart = (value: number): number => Math.min(2, 10 * value);
  const detail = (energy: number): number => (Math.log(energy + 1e-6) + 9) / 4;
  const length = (value: number): number => Math.log1p(value) / 2;
  const change = (map: ImageF32, column: number, row: number): number =>
    Math.abs(at(map, column + 1, row) - at(map, column, row)) +
    Math.abs(at(map, column, row + 1) - at(map, column, row));
  return [
    plane((column, row) => 4 * (at(frameLuma, column, row) - at(pictureLuma, column, row))),
    each(mismatch, apart),
    plane((column, row) => {
      let sum = 0;
      for (let j = -3; j <= 3; j++) for (let i = -3; i <= 3; i++) sum += at(mismatch, column + i, row + j);
      return apart(sum / 49);
    }),
    each(evidence.frameFine, detail),
    each(evidence.pictureFine, detail),
    each(evidence.frameCoarse, detail),
    each(evidence.pictureCoarse, detail),
    each(evidence.frameRadius, length),
    each(evidence.pictureRadius, length),
    each(evidence.known, (value) => value),
    plane((column, row) => length(Math.hypot(at(dx, column, row), at(dy, column, row)))),
    plane((column, row) => length(change(dx, column, row) + change(dy, column, row))),
    each(certainty, (value) => Math.log1p(1 / Math.sqrt(value + 1e-2))),
    each(evidence.blur, (value) => Math.sign(value) * length(Math.abs(value))),
  ].flat();
}
