/** A surface drawn by lot, for the things of procedural scenes. */
import { uniform, uniformInt, type Random } from "../../../core/random.ts";
import { drawColour, leaves, print, rough, tiles, type Colour, type Surface } from "./surface.ts";

const WHITE: Colour = [0.85, 0.83, 0.78];
const BLACK: Colour = [0.03, 0.03, 0.04];

/**
 * @param size of the thing to be covered, in the units of the surface: print, tiles and leaves have about a tenth of it.
 * @param kind which of the kinds; any whole number.
 */
export function drawSurface(random: Random, size: number, kind = uniformInt(random, 0, 3)): Surface {
  const colour = drawColour(random, 0.9);
  switch (kind % 4) {
    case 0:
      return print(random, WHITE, BLACK, size * uniform(random, 0.05, 0.1));
    case 1:
      return leaves(
        random,
        Array.from({ length: 5 }, () => drawColour(random, 0.9)),
        size * 0.3,
      );
    case 2:
      return tiles(random, rough(random, colour, size * 0.3), BLACK, size * 0.18, "square");
    default:
      return print(random, colour, WHITE, size * uniform(random, 0.1, 0.18));
  }
}
