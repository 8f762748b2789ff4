/**
 * Registers every frame of stacks with the one before and prints processor time: of making a frame ready, and of a pair.
 *
 *     npx tsx bench/registration.ts FOLDER...
 *
 * Times are of decoded frames in memory, the fastest of several runs.
 */
import os from "node:os";
import path from "node:path";
import {
  register,
  registrable,
  type Registrable,
} from "../src/algorithms/calibration/registration/register.ts";
import { IDENTITY, type Similarity } from "../src/algorithms/calibration/registration/similarity.ts";
import { framesOf } from "../src/cli/fuse/frames.ts";
import { readPicture } from "../src/io/picture.ts";

const RUNS = 5;
const folders = process.argv.slice(2);
if (folders.length === 0) throw new Error("usage: bench/registration.ts FOLDER...");

/** Processor time of all threads, ms. */
async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const begin = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(begin);
  return [(user + system) / 1000, result];
}

/** How many pairs are moved. */
async function registerAll(frames: readonly Registrable[]): Promise<number> {
  let near: Similarity = IDENTITY;
  let moved = 0;
  for (const [i, moving] of frames.entries()) {
    const reference = frames[i - 1];
    if (reference === undefined) continue;
    const { matrix, dx, dy, improved } = await register(reference, moving, { near, rotation: true });
    near = { along: matrix[0], across: matrix[3], dx, dy };
    if (improved) moved++;
  }
  return moved;
}

const rows: Record<string, Record<string, number | string>> = {};
for (const folder of folders) {
  const frames = await Promise.all(
    (await framesOf([folder])).map((file) => readPicture(file, { channels: 3 })),
  );
  const fastest = { ready: Infinity, register: Infinity };
  let moved = 0;
  for (let run = 0; run < RUNS; run++) {
    const [ready, made] = await timed(() => Promise.all(frames.map(registrable)));
    const [registering, count] = await timed(() => registerAll(made));
    fastest.ready = Math.min(fastest.ready, ready);
    fastest.register = Math.min(fastest.register, registering);
    moved = count;
  }
  rows[path.basename(folder)] = {
    frames: frames.length,
    size: `${frames[0]?.width ?? 0}x${frames[0]?.height ?? 0}`,
    "pairs moved": moved,
    "ms a frame to make ready": Number((fastest.ready / frames.length).toFixed(1)),
    "ms a pair to register": Number((fastest.register / (frames.length - 1)).toFixed(1)),
  };
}
console.log(`${os.cpus()[0]?.model ?? "?"}, ${new Date().toISOString().slice(0, 10)}, processor time`);
console.table(rows);
