/** Real focal stacks: how long each program takes for the same files, and how well `fuse --depth` agrees with a best-focus map. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Milliseconds } from "../../core/units.ts";
import { openStack, type FocalStack } from "../../drivers/replay/focal-stack.ts";
import { pictureSize } from "../../io/picture.ts";
import type { StartProgress } from "../part.ts";
import { depthAgreement, type DepthAgreement } from "./depth-agreement.ts";
import { fastestOf, fusersIn, type Fuser } from "./fusers.ts";

/** Runs of each program, of which the fastest counts. */
const RUNS = 2;

export interface RealStack {
  readonly stack: string;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  /** By program, in the order of those for stacks; undefined where it failed. */
  readonly milliseconds: readonly (Milliseconds | undefined)[];
  /** Against the map, in frames; undefined without one. */
  readonly depth: DepthAgreement | undefined;
}

export async function studyRealStacks(
  folders: readonly string[],
  all: readonly Fuser[],
  quick: boolean,
  progress: StartProgress,
): Promise<RealStack[]> {
  const fusers = fusersIn("stacks", all);
  const chosen = quick ? folders.slice(0, 1) : folders;
  const advance = progress("fusion of real stacks", chosen.length * (fusers.length + 1));
  const scratch = await mkdtemp(path.join(os.tmpdir(), "stacks-"));
  const results: RealStack[] = [];
  try {
    for (const folder of chosen) {
      const stack = await openStack(folder);
      const depth = await depthAgreement(stack);
      advance();
      const files = await framesIn(folder, stack);
      const milliseconds: (Milliseconds | undefined)[] = [];
      for (const fuser of fusers) {
        milliseconds.push(await fastestOf(quick ? 1 : RUNS, fuser, files, path.join(scratch, "fused.png")));
        advance();
      }
      const { width, height } = stack;
      results.push({
        stack: path.basename(folder),
        frames: files.length,
        width,
        height,
        milliseconds,
        depth,
      });
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
  return results;
}

/** The files whose names end in the positions of the stack, in their order; a map of the same folder is none of them. */
async function framesIn(folder: string, stack: FocalStack): Promise<string[]> {
  const numbered = (await readdir(folder)).flatMap((name) => {
    const digits = /(\d+)\.\w+$/.exec(name)?.[1];
    return digits === undefined ? [] : [{ file: path.join(folder, name), position: Number(digits) }];
  });
  const sizes = await Promise.all(numbered.map(({ file }) => pictureSize(file)));
  return numbered
    .filter(({ position }, i) => stack.positions.includes(position) && sizes[i]?.width === stack.width)
    .sort((a, b) => a.position - b.position)
    .map(({ file }) => file);
}
