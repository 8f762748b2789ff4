/** The video part as a table. */
import { fixed, type PartReport } from "../report/document.ts";
import { mean } from "../statistics.ts";
import { WAYS, type ClipResult } from "./video-study.ts";

export function reportVideo(results: readonly ClipResult[]): PartReport {
  return {
    title: "All-in-focus video",
    introduction:
      "Clips that no network was trained on, given a depth, filmed by the simulated camera with one move of the lens from frame to frame, against the sharp clip. PSNR in dB / SSIM, means over the frames after the first three.",
    sections: [
      {
        heading: "Ways to film a scene that moves",
        text: "`best fixed focus`: the lens stays at the best of five positions. `round robin`: it goes through the range, a depth of field at a time. `strategy`: Algorithm 2 of paper 1 with k = 1; `by age`: the other planner of the focus strategy, by what has waited longest; `k by motion`: Algorithm 2 with k by the measured motion. `fused`: each frame fused with the picture so far.",
        tables: [
          {
            columns: ["clip", "size", "depth", ...WAYS, "fusing a frame, ms"],
            rows: [
              ...results.map(({ clip, width, height, depth, ways, milliseconds }) => [
                clip,
                `${width}x${height}`,
                depth,
                ...WAYS.map((way) => `${fixed(ways[way].psnr)} / ${fixed(ways[way].ssim, 3)}`),
                fixed(milliseconds, 0),
              ]),
              [
                "mean",
                "",
                "",
                ...WAYS.map((way) => {
                  const of = (name: "psnr" | "ssim"): number =>
                    mean(results.map(({ ways }) => ways[way][name]));
                  return `${fixed(of("psnr"), 2)} / ${fixed(of("ssim"), 3)}`;
                }),
                "",
              ],
            ],
          },
        ],
      },
    ],
    figures: results,
  };
}
