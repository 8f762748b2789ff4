/**
 * Which of two frames each place is taken from, from the energies of both (focusEnergy): the sharper one, but whole regions
 * from one frame, as in GFDF (Qiu et al. 2019, section 3.2). Averaging two frames where both show nothing lowers noise
 * little and changes what faint detail there is; taken from one frame, it stays as that frame has it.
 *
 * Inside the edge of a near thing without texture, the frame in which that edge is blurred has the larger energy along a
 * thin line; so each cell goes to the frame that its neighbourhood votes for, clear differences for more than slight ones.
 */
import { image, type ImageF32 } from "../../../core/image.ts";
import type { Roi } from "../../../core/roi.ts";
import { gaussianBlur } from "../../../core/native/index.ts";
import { removeSmallRegions } from "../gfdf/small-regions.ts";

/** Smallest region, as a share of the picture: of paper 1, section 6.2.2. */
const SMALLEST = 0.001;
/** Standard deviation of the neighbourhood that votes, cells. */
const NEIGHBOURHOOD = 1.5;
/** A ratio of energies of 3.5, as a logarithm: what is clearer does not count for more. */
const CLEAR = 1.25;

/** The energies of one frame and where it shows the scene. */
export interface PairFrame {
  readonly energies: ImageF32;
  /** Pixels, two for each cell along either axis. */
  readonly valid: Roi | undefined;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** For every cell 1 where the second frame is the one to take, else 0. */
export async function decidePair(first: PairFrame, second: PairFrame, frame: Size): Promise<Uint8Array> {
  const { width, height } = first.energies;
  const votes = first.energies.data.map((energy, i) =>
    Math.max(-CLEAR, Math.min(CLEAR, Math.log((second.energies.data[i] as number) / energy))),
  );
  const around = await gaussianBlur(image(width, height, 1, votes), NEIGHBOURHOOD);
  const sharper = Uint8Array.from(around.data, (vote) => (vote > 0 ? 1 : 0));
  const area = Math.round(SMALLEST * width * height);
  const { data } = removeSmallRegions(image(width, height, 1, sharper), area);
  return data.map((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (!shows(second, x, y, frame)) return 0;
    return shows(first, x, y, frame) ? value : 1;
  });
}

/** Whether a cell lies wholly within the part of the frame that shows the scene. */
function shows({ valid }: PairFrame, column: number, row: number, frame: Size): boolean {
  if (valid === undefined) return true;
  const isWithin = (cell: number, begin: number, length: number, side: number): boolean =>
    2 * cell >= begin && Math.min(2 * cell + 1, side - 1) < begin + length;
  return (
    isWithin(column, valid.x, valid.width, frame.width) && isWithin(row, valid.y, valid.height, frame.height)
  );
}
