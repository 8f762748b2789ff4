/**
 * The programs that fuse files, each run as its user runs it: this package's `fuse`, and enfuse and focus-stack where they
 * are installed (the variables ENFUSE and FOCUS_STACK name other programs than those on the path).
 */
import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Milliseconds } from "../../core/units.ts";

const run = promisify(execFile);

/** The command line of this package, compiled or not, as this process runs. */
const MAIN = fileURLToPath(
  new URL(`../../cli/main${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
);
const OWN = [...process.execArgv, MAIN, "fuse"];
const ENFUSE = process.env["ENFUSE"] ?? "enfuse";
const FOCUS_STACK = process.env["FOCUS_STACK"] ?? "focus-stack";
const CONTRAST = ["--exposure-weight=0", "--saturation-weight=0", "--contrast-weight=1", "--hard-mask"];

export interface Fuser {
  readonly name: string;
  /** Whether it brings the frames to one magnification first. */
  readonly aligns: boolean;
  /** Made for two frames. */
  readonly forPairs?: true;
  readonly program: string;
  readonly words: (frames: readonly string[], out: string) => readonly string[];
}

const FUSERS: readonly Fuser[] = [
  {
    name: "fuse",
    aligns: true,
    program: process.execPath,
    words: (frames, out) => [...OWN, ...frames, "-o", out],
  },
  {
    name: "fuse --no-align",
    aligns: false,
    program: process.execPath,
    words: (frames, out) => [...OWN, ...frames, "--no-align", "-o", out],
  },
  {
    name: "fuse --no-align --method gfdf",
    aligns: false,
    forPairs: true,
    program: process.execPath,
    words: (frames, out) => [...OWN, ...frames, "--no-align", "--method", "gfdf", "-o", out],
  },
  {
    name: "enfuse",
    aligns: false,
    program: ENFUSE,
    words: (frames, out) => [...CONTRAST, "-o", out, ...frames],
  },
  {
    name: "focus-stack",
    aligns: true,
    program: FOCUS_STACK,
    words: (frames, out) => ["--no-opencl", "--align-keep-size", `--output=${out}`, ...frames],
  },
];

/** Those that can be run here. */
export async function installedFusers(): Promise<Fuser[]> {
  const found = await Promise.all(
    FUSERS.map(({ program }) =>
      run(program, ["--version"]).then(
        () => true,
        () => false,
      ),
    ),
  );
  return FUSERS.filter((_, i) => found[i]);
}

/** Those that are meant for any number of frames. */
export function forStacks(fusers: readonly Fuser[]): Fuser[] {
  return fusers.filter(({ forPairs }) => forPairs !== true);
}

/** The fastest of so many runs is what other work on the machine disturbs least. */
export async function fastestOf(
  runs: number,
  fuser: Fuser,
  frames: readonly string[],
  out: string,
): Promise<Milliseconds | undefined> {
  let fastest: Milliseconds | undefined;
  for (let run = 0; run < runs; run++) {
    const milliseconds = await fuseFiles(fuser, frames, out);
    if (milliseconds === undefined) return undefined;
    fastest = Math.min(fastest ?? milliseconds, milliseconds);
  }
  return fastest;
}

/** Writes `out` and returns how long that took, the start of the program included; undefined where it failed. */
export async function fuseFiles(
  fuser: Fuser,
  frames: readonly string[],
  out: string,
): Promise<Milliseconds | undefined> {
  const begin = performance.now();
  try {
    await run(fuser.program, fuser.words(frames, out));
    return performance.now() - begin;
  } catch {
    return undefined;
  }
}
