/**
 * Whether a map makes two frames agree better than none, by enough to be worth another interpolation, and beyond what
 * chance would do: the picture is divided into blocks, and the agreement must rise in the mean over the blocks by
 * several standard errors of that mean. Frames that differ by their defocus alone agree a little better under a map
 * that is slightly wrong, where blur spills over the borders of things; that is no gain.
 */
import type { Comparison } from "../../../core/native/index.ts";

export interface Gain {
  /** Mean agreement without and with the map, each place by its strength, 0..1. */
  readonly before: number;
  readonly after: number;
  /** Share of the disagreement that the map explains; negative where it adds to it. */
  readonly explained: number;
  /** Whether the agreement rises beyond chance. */
  readonly certain: boolean;
}

/** Side of a block, cells of the comparison. */
const BLOCK = 8;
/** Standard errors the mean gain must exceed. */
const ERRORS = 3;
/** Fewer blocks than this with something in them say nothing. */
const LEAST_BLOCKS = 4;

export function gainOf(before: Comparison, after: Comparison): Gain {
  const { width, height } = before.agreement;
  const gains: number[] = [];
  let [sumBefore, sumAfter, sum] = [0, 0, 0];
  for (let top = 0; top < height; top += BLOCK) {
    for (let left = 0; left < width; left += BLOCK) {
      let [blockBefore, blockAfter, block] = [0, 0, 0];
      for (let y = top; y < Math.min(height, top + BLOCK); y++) {
        for (let i = y * width + left; i < y * width + Math.min(width, left + BLOCK); i++) {
          const strength = Math.min(before.strength.data[i] as number, after.strength.data[i] as number);
          blockBefore += strength * (before.agreement.data[i] as number);
          blockAfter += strength * (after.agreement.data[i] as number);
          block += strength;
        }
      }
      if (block > 0) gains.push((blockAfter - blockBefore) / block);
      sumBefore += blockBefore;
      sumAfter += blockAfter;
      sum += block;
    }
  }
  if (sum === 0) return { before: 0, after: 0, explained: 0, certain: false };
  const explained = sumBefore < sum ? (sumAfter - sumBefore) / (sum - sumBefore) : 0;
  return { before: sumBefore / sum, after: sumAfter / sum, explained, certain: beyondChance(gains) };
}

function beyondChance(gains: readonly number[]): boolean {
  if (gains.length < LEAST_BLOCKS) return false;
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  return mean > ERRORS * Math.sqrt(squares / (gains.length - 1) / gains.length);
}
