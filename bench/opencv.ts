/** Times of a benchmark's counterpart in OpenCV, measured by a Python script on one thread; shared by the benchmarks. */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

export interface Peer {
  readonly version: string;
  /** Milliseconds, by name. */
  readonly times: Readonly<Record<string, number>>;
}

/** What `script` (in this folder) prints, or why it could not be run. The variable PYTHON names another interpreter. */
export function openCv(script: string, runs: number): Peer | string {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.env["PYTHON"] ?? "python3", [file, String(runs)], {
    encoding: "utf8",
  });
  if (status === 0) return JSON.parse(stdout) as Peer;
  return stderr.trim().split("\n").at(-1) ?? "python3 is not there";
}

/** The least of `runs` times of `work`, milliseconds, after one that does not count. */
export async function best(runs: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

/** Date, machine and peer: the head of every report. */
export function describe(peer: Peer | string): string {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`;
  const beside = typeof peer === "string" ? `not present (${peer})` : `${peer.version}, one thread`;
  return `${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.version}\nOpenCV: ${beside}`;
}
