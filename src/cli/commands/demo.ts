/** `demo`: the nodes at work on a simulated camera, with pictures and numbers of what they did. */
import { Command } from "commander";
import { EXIT, log, print, printJson, seedNumber } from "../context.ts";
import { runDemo } from "../demo/run-demo.ts";
import { shortcomings } from "../demo/summary.ts";

interface Options {
  readonly out: string;
  readonly seed: number;
  readonly json?: true;
}

const FRAME = { width: 720, height: 540 } as const;

export function demoCommand(): Command {
  return new Command("demo")
    .description("focus, capture and film simulated scenes; writes pictures and a summary")
    .option("--out <dir>", "folder for the pictures and the summary", "demo-output")
    .option("--seed <n>", "another seed makes other scenes", seedNumber("--seed"), 1)
    .option("--json", "print a machine-readable summary")
    .action(run);
}

async function run({ out, seed, json }: Options): Promise<void> {
  const report = await runDemo({ out, seed, frame: FRAME, say: json === true ? log : print });
  if (json === true) printJson(report);
  const missed = shortcomings(report);
  for (const each of missed) log(`not as promised: ${each}`);
  if (missed.length > 0) process.exitCode = EXIT.failed;
}
