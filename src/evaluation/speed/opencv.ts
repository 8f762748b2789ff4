/**
 * OpenCV's Tenengrad as the yardstick of speed, where Python has OpenCV (Debian and Ubuntu: python3-opencv; the variable
 * PYTHON names another interpreter than python3): CV_32F Sobel, squares, mean, on one thread.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Milliseconds } from "../../core/units.ts";

const PROGRAM = `
import sys, time
import cv2, numpy as np
cv2.setNumThreads(1)
runs = int(sys.argv[1])
gray = np.random.default_rng(1).integers(0, 256, (512, 512), dtype=np.uint8)
def tenengrad():
    x = cv2.Sobel(gray, cv2.CV_32F, 1, 0)
    y = cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    return float(np.mean(x * x + y * y))
tenengrad()
least = float("inf")
for _ in range(runs):
    start = time.perf_counter()
    tenengrad()
    least = min(least, 1000 * (time.perf_counter() - start))
print(cv2.__version__, least)
`;

export interface OpenCvTime {
  readonly version: string;
  /** The least of several runs on a 512x512 window. */
  readonly milliseconds: Milliseconds;
}

/** Undefined where Python or OpenCV is missing. */
export async function openCvTenengrad(runs: number): Promise<OpenCvTime | undefined> {
  try {
    const { stdout } = await promisify(execFile)(process.env["PYTHON"] ?? "python3", [
      ...["-c", PROGRAM, String(runs)],
    ]);
    const [version = "", milliseconds] = stdout.trim().split(" ");
    return { version, milliseconds: Number(milliseconds) };
  } catch {
    return undefined;
  }
}
