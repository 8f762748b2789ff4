/** A small focal stack on disk: frame N is gray N * 5 + 10 all over. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { image } from "../../src/core/image.ts";
import { writePicture } from "../../src/io/picture.ts";

export interface StackFiles {
  readonly width?: number;
  readonly height?: number;
  /** File names of the frames. */
  readonly names: readonly string[];
}

/** Runs `use` on a fresh folder with the frames, and removes it afterwards. */
export async function withStack<T>(files: StackFiles, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeStack(files);
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The same without cleaning up; the folder is the caller's. */
export async function makeStack({ width = 12, height = 8, names }: StackFiles): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "stack-"));
  for (const name of names) {
    const value = 10 + 5 * Number(/(\d+)\D*$/.exec(name)?.[1] ?? 0);
    await writePicture(
      path.join(folder, name),
      image(width, height, 1, new Uint8Array(width * height).fill(value)),
    );
  }
  return folder;
}
