/**
 * Fibonacci search (Krotkov, "Focusing", IJCV 1(3), 1987; paper 1, section 2.1): the interval that holds the peak of
 * a unimodal measure shrinks with every sample by a ratio of Fibonacci numbers, which is the best any strategy can
 * guarantee for a number of samples fixed in advance. The first sample lies F(n) / F(n+1) into the range; the
 * travel is long, because the samples jump from side to side.
 *
 * The number of samples depends on the range and the depth of field only. Cells an eighth of its half-width wide
 * make it 13 for 1050..2100 and 20 steps, the number that paper 1 reports (Tables 4 and 5). The interval begins one
 * cell before the range and ends one cell after it, so that a peak at an end is reached too.
 */
import { contrastSearch, type Exploration, type Probe, type Sample } from "./contrast-search.ts";
import { wholeRange } from "./positions.ts";
import type { FocusSearch, SearchContext } from "./types.ts";

const CELLS_PER_DEPTH_OF_FIELD = 8;

export function fibonacci(context: SearchContext): FocusSearch {
  return contrastSearch(context, explore);
}

function* explore(context: SearchContext): Exploration {
  const { min, max } = wholeRange(context.range);
  const cell = Math.max(1, context.depthOfField((min + max) / 2) / CELLS_PER_DEPTH_OF_FIELD);
  const numbers = [1, 1, 2];
  const term = (order: number): number => numbers[order] as number;
  const span = max - min + 2 * cell;
  while (term(numbers.length - 1) * cell < span)
    numbers.push(term(numbers.length - 1) + term(numbers.length - 2));
  const last = numbers.length - 1;
  // At least one step a cell, so that no two cells share a position.
  const width = Math.max(1, span / term(last));
  function* sample(index: number): Generator<Probe, number, Sample> {
    const at = min + (index - 1) * width;
    return at > max ? -Infinity : (yield { at, reason: "Narrow the interval that holds the peak." }).value;
  }

  let low = 0;
  for (let order = last; order >= 2; order--) {
    const left = yield* sample(low + term(order - 2));
    const right = yield* sample(low + term(order - 1));
    if (left < right) low += term(order - 2);
  }
}
