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
import type { Steps } from "../../core/units.ts";
import { contrastSearch, type Exploration } from "./contrast-search.ts";
import { wholeRange } from "./positions.ts";
import type { FocusSearch, SearchContext } from "./types.ts";

const CELLS_PER_DEPTH_OF_FIELD = 8;

export function fibonacci(context: SearchContext): FocusSearch {
  return contrastSearch(context, explore);
}

function* explore(context: SearchContext): Exploration {
  const { min, max } = wholeRange(context.range);
  const cell = Math.max(1, context.depthOfField((min + max) / 2) / CELLS_PER_DEPTH_OF_FIELD);
  const span = max - min + 2 * cell;
  const numbers = [1, 1, 2];
  const term = (order: number): number => numbers[order] as number;
  while (term(numbers.length - 1) < span / cell)
    numbers.push(term(numbers.length - 1) + term(numbers.length - 2));
  const last = numbers.length - 1;
  const position = (index: number): Steps => min - cell + (span * index) / term(last);

  let low = 0;
  for (let order = last; order >= 2; order--) {
    const [left, right] = [low + term(order - 2), low + term(order - 1)];
    const a = yield { at: position(left), reason: "Narrow the interval, left sample." };
    const b = yield { at: position(right), reason: "Narrow the interval, right sample." };
    if (a.value < b.value) low = left;
  }
}
