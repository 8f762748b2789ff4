/**
 * The programs that fuse files, each run as its user runs it: this package's `fuse`, and enfuse, align_image_stack (of
 * Hugin) before enfuse, and focus-stack where they are installed (the variables ENFUSE, ALIGN_IMAGE_STACK and FOCUS_STACK
 * name other programs than those on the path).
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
const ALIGN_IMAGE_STACK = process.env["ALIGN_IMAGE_STACK"] ?? "align_image_stack";
const FOCUS_STACK = process.env["FOCUS_STACK"] ?? "focus-stack";
const CONTRAST = ["--exposure-weight=0", "--saturation-weight=0", "--contrast-weight=1", "--hard-mask"];

export type Study = "simulated" | "pairs" | "stacks";

interface Call {
  readonly program: string;
  readonly words: readonly string[];
}

export interface Fuser {
  readonly name: string;
  /** Whether it brings the frames to one magnification first. */
  readonly aligns: boolean;
  /** The studies that go without it. */
  readonly notIn?: readonly Study[];
  /** What is run, one after the other, to fuse `frames` into `out`; other files may be left whose names begin with it. */
  readonly calls: (frames: readonly string[], out: string) => readonly Call[];
}

/** The name under which align_image_stack writes a frame. */
const alignedName = (out: string, index: number): string =>
  `${out}-aligned-${String(index).padStart(4, "0")}.tif`;

const FUSERS: readonly Fuser[] = [
  {
    name: "fuse",
    aligns: true,
    calls: (frames, out) => [{ program: process.execPath, words: [...OWN, ...frames, "-o", out] }],
  },
  {
    name: "fuse --no-align",
    aligns: false,
    calls: (frames, out) => [
      { program: process.execPath, words: [...OWN, ...frames, "--no-align", "-o", out] },
    ],
  },
  {
    name: "fuse --no-align --method gfdf",
    aligns: false,
    notIn: ["stacks"],
    calls: (frames, out) => [
      {
        program: process.execPath,
        words: [...OWN, ...frames, "--no-align", "--method", "gfdf", "-o", out],
      },
    ],
  },
  {
    name: "enfuse",
    aligns: false,
    calls: (frames, out) => [{ program: ENFUSE, words: [...CONTRAST, "-o", out, ...frames] }],
  },
  {
    name: "align_image_stack, enfuse",
    aligns: true,
    notIn: ["simulated", "pairs"],
    calls: (frames, out) => [
      { program: ALIGN_IMAGE_STACK, words: ["-m", "-a", `${out}-aligned-`, ...frames] },
      { program: ENFUSE, words: [...CONTRAST, "-o", out, ...frames.map((_, i) => alignedName(out, i))] },
    ],
  },
  {
    name: "focus-stack",
    aligns: true,
    calls: (frames, out) => [
      {
        program: FOCUS_STACK,
        words: ["--no-opencl", "--align-keep-size", `--output=${out}`, ...frames],
      },
    ],
  },
];

/** Those that can be run here, and the names of the others. */
export async function fusersHere(): Promise<{ installed: Fuser[]; missing: string[] }> {
  const found = await Promise.all(
    FUSERS.map(async ({ calls }) =>
      (await Promise.all(calls([], "").map(({ program }) => isInstalled(program)))).every(Boolean),
    ),
  );
  return {
    installed: FUSERS.filter((_, i) => found[i]),
    missing: FUSERS.filter((_, i) => !found[i]).map(({ name }) => name),
  };
}

/** Whether it starts; not all of them end well when asked for nothing but help. */
function isInstalled(program: string): Promise<boolean> {
  return run(program, ["--help"]).then(
    () => true,
    (error: unknown) => typeof (error as { code?: unknown }).code === "number",
  );
}

/** Those that take part in a study. */
export function fusersIn(study: Study, fusers: readonly Fuser[]): Fuser[] {
  return fusers.filter(({ notIn }) => notIn?.includes(study) !== true);
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
    for (const { program, words } of fuser.calls(frames, out)) await run(program, words);
    return performance.now() - begin;
  } catch {
    return undefined;
  }
}
