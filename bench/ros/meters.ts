/** What the benchmarks of pictures over ROS 2 measure of a process, and how they write it down. */
import { monitorEventLoopDelay } from "node:perf_hooks";

/** Of a process, from the call of `meter` to that of the function returned. */
export interface Usage {
  /** Used by all threads, ms. */
  readonly cpu: number;
  /** The longest time in which the event loop did nothing else, ms. */
  readonly stall: number;
}

export function meter(): () => Usage {
  const before = process.cpuUsage();
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  return () => {
    const { user, system } = process.cpuUsage(before);
    loop.disable();
    return { cpu: (user + system) / 1000, stall: loop.max / 1e6 };
  };
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** Median and 95th percentile. */
export function spread(values: readonly number[]): string {
  return `${quantile(values, 0.5).toFixed(2)} / ${quantile(values, 0.95).toFixed(2)}`;
}

/** CPU time over seconds as a share of one core. */
export function share(cpu: number, seconds: number): string {
  return (cpu / (10 * seconds)).toFixed(0);
}

export function printRow(...cells: readonly (string | number)[]): void {
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
}

export function printHead(...cells: readonly string[]): void {
  process.stdout.write("\n");
  printRow(...cells);
  printRow(...cells.map(() => "---"));
}
