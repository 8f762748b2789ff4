/**
 * The frames of a capture as files: `steps/at-POSITION.png`, a folder that every command takes as a focal stack, and in
 * `steps/activation/` what the planner saw in each.
 */
import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { drawActivation } from "../../algorithms/strategy/overlay.ts";
import { AutofocusError } from "../../core/errors.ts";
import { toEightBit, writePicture } from "../../io/picture.ts";
import type { PlannedFrame } from "../../pipeline/plan-capture.ts";

export class StepFolder {
  /** Its name in the folder of the capture. */
  readonly name: string;
  /** What was written, relative to the folder of the capture. */
  readonly files: string[] = [];
  readonly #out: string;
  readonly #visited = new Set<number>();

  private constructor(out: string, name: string) {
    this.#out = out;
    this.name = name;
  }

  /**
   * `steps` in `out`, or `steps-2` and so on: frames of an earlier capture stay as they are.
   * @throws AutofocusError `io`.
   */
  static async inside(out: string): Promise<StepFolder> {
    for (let number = 1; ; number++) {
      const name = number === 1 ? "steps" : `steps-${number}`;
      const folder = path.join(out, name);
      await makeFolder(folder);
      if ((await readdir(folder)).length === 0) return new StepFolder(out, name);
    }
  }

  /** Saves the frame, which was taken as number `index`, from 0. @throws AutofocusError `io`. */
  async save(index: number, { picture, position, reading, step }: PlannedFrame): Promise<void> {
    const whole = Math.round(position);
    const numbered = `${String(index + 1).padStart(3, "0")}-at-${whole}.png`;
    // A stack has one frame a position; others go beside it.
    const file = this.#visited.has(whole) ? `again/${numbered}` : `at-${whole}.png`;
    this.#visited.add(whole);
    await this.#write(file, picture);
    if (reading !== undefined && step !== undefined)
      await this.#write(`activation/${numbered}`, drawActivation(toEightBit(picture), reading.grid, step));
  }

  async #write(file: string, picture: Parameters<typeof writePicture>[1]): Promise<void> {
    const name = `${this.name}/${file}`;
    await writePicture(path.join(this.#out, name), picture);
    this.files.push(name);
  }
}

/** @throws AutofocusError `io`. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new AutofocusError("io", `The folder ${folder} cannot be made: ${(cause as Error).message}`, {
      cure: "Name another one with --out.",
      cause,
    });
  }
}
