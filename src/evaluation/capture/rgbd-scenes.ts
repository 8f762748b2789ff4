/**
 * Still scenes of `evaluate capture --rgbd`: photographs with measured depth, in the layout of the Middlebury stereo
 * sets (Scharstein and Pal, CVPR 2007; Scharstein and Szeliski, CVPR 2003). A folder holds one folder a scene, with the
 * picture `view1` or `im2` and its disparities `disp1` or `disp2`, 8-bit, 0 where not known.
 *
 * Disparity is the reciprocal of distance, and so is, but for a constant, the position that a thin lens focuses at: the
 * scene is laid through the middle of the range of the lens, linear in between.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { rangeEnds, type LensModel } from "../../algorithms/optics/lens-model.ts";
import { AutofocusError } from "../../core/errors.ts";
import { image, type ImageU8 } from "../../core/image.ts";
import { linearise } from "../../core/native/index.ts";
import { GOOD_LIGHT } from "../../drivers/simulator/simulated-camera.ts";
import { readGray, readPicture, toEightBit } from "../../io/picture.ts";
import { stacksIn } from "../stacks/stack-folders.ts";
import { PHOTOGRAPHED, type CaptureScene } from "./capture-scenes.ts";

/** Picture and disparities, by their names without ending. */
const LAYOUTS = [
  ["view1", "disp1"],
  ["im2", "disp2"],
] as const;

/** Shares of the range that the farthest and the nearest known thing lie at, and of the disparities left out at either end. */
const SPAN = { far: 0.1, near: 0.9 } as const;
const OUTLIERS = 0.01;

/** One a scene, in the order of their names. @throws AutofocusError `io`, `invalid_input`, `invalid_image`. */
export async function rgbdScenes(directory: string, lens: LensModel): Promise<readonly CaptureScene[]> {
  const folders = await stacksIn(directory);
  return Promise.all(folders.map((folder, index) => readScene(folder, index, lens)));
}

async function readScene(folder: string, index: number, lens: LensModel): Promise<CaptureScene> {
  const names = (await readdir(folder)).sort();
  const named = (stem: string): string | undefined => names.find((name) => path.parse(name).name === stem);
  const found = LAYOUTS.map(([picture, depth]) => [named(picture), named(depth)] as const).find(
    ([picture, depth]) => picture !== undefined && depth !== undefined,
  );
  if (found?.[0] === undefined || found[1] === undefined)
    throw new AutofocusError("invalid_input", `There is no picture with its disparities in ${folder}.`, {
      cure: "Name the picture view1 and its disparities disp1, or im2 and disp2, as the Middlebury stereo sets do.",
    });
  const picture = await readPicture(path.join(folder, found[0]), { channels: 3 });
  const disparity = await readGray(path.join(folder, found[1]));
  if (picture.width !== disparity.width || picture.height !== disparity.height)
    throw new AutofocusError("invalid_image", `Picture and disparities in ${folder} differ in size.`, {
      cure: "Use disparities of the same view, one a pixel.",
    });
  const light = await linearise(toEightBit(picture), GOOD_LIGHT.gamma);
  return { kind: PHOTOGRAPHED, seed: index + 1, picture: light, focus: focusOf(disparity, lens) };
}

function focusOf(disparity: ImageU8, lens: LensModel): CaptureScene["focus"] {
  const known = disparity.data.filter((value) => value > 0).sort();
  const [low, high] = [OUTLIERS, 1 - OUTLIERS].map(
    (share) => known[Math.floor(share * (known.length - 1))] ?? 0,
  );
  const { far, near } = rangeEnds(lens);
  const span = Math.max(1, (high as number) - (low as number));
  const { width, height } = disparity;
  return image(
    width,
    height,
    1,
    Float32Array.from(filled(disparity), (value) => {
      const share = Math.min(1, Math.max(0, (value - (low as number)) / span));
      return far + (SPAN.far + share * (SPAN.near - SPAN.far)) * (near - far);
    }),
  );
}

/** What one of the two views does not show lies behind: it takes the smaller disparity of the known ones beside it. */
function filled({ width, height, data }: ImageU8): Uint8Array {
  const out = Uint8Array.from(data);
  for (let y = 0; y < height; y++) {
    const line = out.subarray(y * width, (y + 1) * width);
    for (let from = 0; from < width; from++) {
      if (line[from] !== 0) continue;
      let behind = from;
      while (behind < width && line[behind] === 0) behind++;
      const beside = [line[from - 1], line[behind]].filter((value) => value !== undefined);
      line.fill(beside.length > 0 ? Math.min(...beside) : 0, from, behind);
      from = behind;
    }
  }
  return out;
}
