/** The fusion part as tables. */
import { fixed, percent, type PartReport, type Section, type Table } from "../report/document.ts";
import { mean, median } from "../statistics.ts";
import { fusersIn, type Fuser } from "./fusers.ts";
import { PAIR_METRICS, type PairResult } from "./pair-study.ts";
import type { SimulatedStacks } from "./simulated-study.ts";
import type { RealStack } from "./stack-study.ts";

export interface FusionStudies {
  readonly fusers: readonly Fuser[];
  /** Names of programs that are not installed. */
  readonly missing: readonly string[];
  readonly simulated: readonly SimulatedStacks[];
  readonly pairs: readonly PairResult[];
  readonly stacks: readonly RealStack[];
}

export function reportFusion(studies: FusionStudies): PartReport {
  const { simulated, pairs, stacks, missing } = studies;
  const notRun = [
    ...missing.map((name) => `\`${name}\`: not installed`),
    ...(pairs.length > 0 ? [] : ["pairs of real frames: no folder of them given (`--pairs`)"]),
    ...(stacks.length > 0 ? [] : ["real stacks: no folder of them given (`--stacks`)"]),
  ];
  return {
    title: "Fusion",
    introduction:
      "Frames focused at different distances, fused by this package and by what else is installed. Times are of whole programs, from their start to the file written, one after the other; `fuse`, focus-stack and align_image_stack (of Hugin) align the frames, the others take them as they lie. Some constants of `fuse` (the weight of coarse scales, the softness of seams) were chosen on seven of the 20 Lytro pairs, on other simulated stacks and by looking at the real ones.",
    sections: [
      simulatedSection(studies),
      ...(pairs.length > 0 ? [pairSection(studies)] : []),
      ...(stacks.length > 0 ? [stackSection(studies)] : []),
      ...(notRun.length > 0 ? [{ heading: "Not run", text: `${notRun.join("; ")}.` }] : []),
    ],
    figures: { simulated, pairs, stacks, missing },
  };
}

function simulatedSection({ fusers: all, simulated }: FusionStudies): Section {
  const fusers = fusersIn("simulated", all);
  const values = (
    of: readonly { readonly psnr: number; readonly ssim: number }[],
  ): (string | number | null)[] => [
    of.length,
    fixed(mean(of.map(({ psnr }) => psnr)), 2),
    of.length === 0 ? null : fixed(Math.min(...of.map(({ psnr }) => psnr)), 2),
    fixed(mean(of.map(({ ssim }) => ssim)), 4),
  ];
  const depth = simulated.map(
    ({ frames, depthWithinOne }) => `${depthWithinOne.map(percent).join(", ")} of ${frames} frames`,
  );
  return {
    heading: "Simulated stacks",
    text: `Procedural rooms with noise, through a lens without focus breathing, against the sharp scene: means over the scenes. The best choice takes every pixel from the frame that is nearest to the true scene in the 5x5 px around it, so that no program can be expected to come beyond it by choosing among the frames: what is in focus between two positions, or lies beside the edge of a near thing, is sharp in none. \`fuse --depth\` finds the focus position to within one frame for this share of the pixels of each scene: ${depth.join("; ")}.`,
    tables: [
      {
        columns: ["program", "frames", "scenes", "PSNR (dB)", "least PSNR (dB)", "SSIM", "time (s, median)"],
        rows: simulated.flatMap(({ frames, results, best }) => [
          ...fusers.map(({ name }) => {
            const of = results.filter(({ fuser }) => fuser === name);
            const times = of.map(({ milliseconds }) => milliseconds);
            return [`\`${name}\``, frames, ...values(of), fixed(median(times) / 1000, 2)];
          }),
          ["best choice", frames, ...values(best), null],
        ]),
      },
    ],
  };
}

function pairSection({ fusers: all, pairs }: FusionStudies): Section {
  const fusers = fusersIn("pairs", all);
  const names = [...new Set(pairs.map(({ pair }) => pair))];
  return {
    heading: "Pairs of real frames",
    text: "Means over the pairs; larger is better. QG, QMI, QNCIE and QCB as published with Liu et al. 2012, Qabf with the constants of Xydeas and Petrovic 2000. A program counts where it gives a picture of the size of the frames.",
    tables: [
      {
        columns: ["program", "pairs", ...PAIR_METRICS, "time (s, median)"],
        rows: fusers.map(({ name }) => {
          const of = pairs.filter(({ fuser }) => fuser === name);
          return [
            `\`${name}\``,
            `${of.length} of ${names.length}`,
            ...PAIR_METRICS.map((metric) => fixed(mean(of.map(({ values }) => values[metric])), 4)),
            fixed(median(of.map(({ milliseconds }) => milliseconds)) / 1000, 2),
          ];
        }),
      },
    ],
  };
}

function stackSection({ fusers: all, stacks }: FusionStudies): Section {
  const fusers = fusersIn("stacks", all);
  return {
    heading: "Real stacks",
    text: "Time of each program, the faster of two runs, and the share of the pixels whose frame, as `fuse --depth` has it without alignment, rounded to whole frames as the map is, lies within one of the best-focus map that comes with the stack, the median difference to the map taken off. Such a map is what another program found: of the pixels that lie farther from it, the last column says at how many the frame of `fuse` has more contrast (mean absolute Laplacian, 9x9 px) than that of the map.",
    tables: [
      {
        columns: [
          "stack",
          "frames",
          "size",
          ...fusers.map(({ name }) => `\`${name}\` (s)`),
          "depth within 1",
          "else sharper",
        ],
        rows: stacks.map(({ stack, frames, width, height, milliseconds, depth }) => [
          stack,
          frames,
          `${width}x${height}`,
          ...milliseconds.map((each) => fixed(each === undefined ? undefined : each / 1000, 2)),
          ...[depth?.withinOne, depth?.sharper].map((each) => (each === undefined ? null : percent(each))),
        ]),
      },
      ratioTable(fusers, stacks),
    ],
  };
}

/** Times of the other programs as multiples of ours: of `fuse` for those that align, of `fuse --no-align` for the others. */
function ratioTable(fusers: readonly Fuser[], stacks: readonly RealStack[]): Table {
  const own = (aligns: boolean): number =>
    fusers.findIndex((each) => each.name.startsWith("fuse") && each.aligns === aligns);
  const others = fusers.flatMap(({ name, aligns }, at) =>
    name.startsWith("fuse") ? [] : [{ name, at, beside: own(aligns) }],
  );
  const ratio = ({ milliseconds }: RealStack, at: number, beside: number): number | undefined => {
    const [their, our] = [milliseconds[at], milliseconds[beside]];
    return their === undefined || our === undefined ? undefined : their / our;
  };
  return {
    columns: [
      "stack",
      ...others.map(({ name, beside }) => `\`${name}\` / \`${fusers[beside]?.name ?? ""}\``),
    ],
    rows: stacks.map((each) => [
      each.stack,
      ...others.map(({ at, beside }) => fixed(ratio(each, at, beside), 1)),
    ]),
  };
}
