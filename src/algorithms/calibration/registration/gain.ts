/**
 * Whether a map makes two frames agree better than none, by enough to be worth another interpolation, and beyond what
 * chance would do: the picture is divided into blocks, and the agreement must rise in the mean over the blocks by
 * several standard errors of that mean. Frames that differ by their defocus alone agree a little better under a map
 * that is slightly wrong, where blur spills over the borders of things; that is no gain.
 */
import type { ImageF32 } from "../../../core/image.ts";
import type { Level } from "./features.ts";
import type { Overlap } from "./overlap.ts";

/** Share of what the frames do not have in common that the map must explain. */
const WORTH = 0.2;
/** Side of a block, px of the level. */
const BLOCK = 24;
/** Standard errors the mean gain must exceed. */
const ERRORS = 3;
/** Fewer blocks than this with something in them say nothing. */
const LEAST_BLOCKS = 4;

export function agreesBetter(reference: Level, before: Overlap, after: Overlap): boolean {
  if (after.correlation - before.correlation < WORTH * (1 - before.correlation)) return false;
  const gains = blockGains(reference.features, before, after);
  if (gains.length < LEAST_BLOCKS) return false;
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  return mean > ERRORS * Math.sqrt(squares / (gains.length - 1) / gains.length);
}

/** Rise of the correlation in every block that has features in all three pictures. */
function blockGains({ width, height, data }: ImageF32, before: Overlap, after: Overlap): number[] {
  const gains: number[] = [];
  for (let top = 0; top + BLOCK <= height; top += BLOCK) {
    for (let left = 0; left + BLOCK <= width; left += BLOCK) {
      let [aa, ab, bb, ac, cc] = [0, 0, 0, 0, 0];
      for (let y = top; y < top + BLOCK; y++) {
        for (let i = y * width + left; i < y * width + left + BLOCK; i++) {
          if (!(before.inside[i] === 1 && after.inside[i] === 1)) continue;
          const a = data[i] as number;
          const [b, c] = [before.warped.data[i] as number, after.warped.data[i] as number];
          aa += a * a;
          ab += a * b;
          bb += b * b;
          ac += a * c;
          cc += c * c;
        }
      }
      if (aa > 0 && bb > 0 && cc > 0) gains.push(ac / Math.sqrt(aa * cc) - ab / Math.sqrt(aa * bb));
    }
  }
  return gains;
}
