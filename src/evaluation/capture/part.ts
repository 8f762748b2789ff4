/** `evaluate capture`: where the frames of an all-in-focus picture are taken, beside the methods in use. */
import { loadLens } from "../../io/lens-file.ts";
import type { Part } from "../part.ts";
import { studyCapture } from "./capture-study.ts";
import { reportCapture } from "./report.ts";
import { rgbdScenes } from "./rgbd-scenes.ts";

/** A voice-coil camera whose range holds 14 depths of field; the frames are a crop of its sensor. */
const LENS = "ca378-vcm";

export const capturePart: Part = {
  name: "capture",
  needs: "nothing",
  run: async ({ networks, rgbd, seed, quick, progress }) => {
    const lens = await loadLens(LENS);
    const photographed = rgbd === undefined ? [] : await rgbdScenes(rgbd, lens);
    const results = await studyCapture(lens, await networks.defocus(), seed, quick, progress, photographed);
    return reportCapture(results, lens.name);
  },
};
