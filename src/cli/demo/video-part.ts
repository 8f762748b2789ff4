/** Third part of the demonstration: things that move, as all-in-focus video. */
import { videoReference } from "../../algorithms/fusion/streaming/streaming-fusion.ts";
import type { Steps } from "../../core/units.ts";
import { fidelity, type Album } from "./album.ts";
import { Recorder } from "./recorder.ts";
import type { DemoScene } from "./scenes.ts";
import type { Stage } from "./stage.ts";

export interface VideoFrame {
  /** Seconds of simulated time since the video began. */
  readonly time: number;
  readonly position: Steps;
  /** Of the camera's frame and of the fused one, against the scene without blur and noise, dB. */
  readonly psnrFrame: number;
  readonly psnrFused: number;
}

export interface VideoReport {
  /** Simulated. */
  readonly seconds: number;
  readonly moves: number;
  readonly frames: readonly VideoFrame[];
  /** Means over the frames after the first second. */
  readonly psnrFrame: number;
  readonly psnrFused: number;
}

const SECONDS = 4;
/** Until every distance has been seen once. */
const WARM_UP = 1;
/** Every so many fused frames are kept as pictures. */
const KEEP_EVERY = 6;

export async function videoPart(
  stage: Stage,
  scene: DemoScene,
  album: Album,
  say: (line: string) => void,
): Promise<VideoReport> {
  stage.show(scene);
  const enable = stage.audience.client("focus_strategy/enable", "std_srvs/srv/SetBool");
  const recorder = new Recorder(stage.audience, { fused: true });
  const begin = stage.clock.now();
  await stage.until(enable.call({ data: true }));
  await stage.until(stage.clock.sleep(1000 * SECONDS));
  await stage.until(enable.call({ data: false }));
  recorder.close();
  enable.close();
  const reference = videoReference(stage.lens);
  const frames: VideoFrame[] = [];
  for (const [index, fused] of recorder.fused.entries()) {
    const frame = recorder.frameOf(fused);
    if (frame === undefined) continue;
    const time = (frame.stamp - begin) / 1000;
    const psnrFrame = await fidelity(frame.message, await stage.truth(frame.position, frame.stamp));
    const psnrFused = await fidelity(fused, await stage.truth(reference, frame.stamp));
    frames.push({ time, position: frame.position, psnrFrame, psnrFused });
    if (time < WARM_UP || index % KEEP_EVERY !== 0) continue;
    const name = `video-${time.toFixed(1)}s`;
    await album.keep(`${name}-frame.png`, frame.message);
    await album.keep(`${name}-all-in-focus.png`, fused);
    const overlay = recorder.overlayOf(fused);
    if (overlay !== undefined) await album.keep(`${name}-activation.png`, overlay);
  }
  const seen = recorder.activations.map(({ position }) => position);
  const settled = frames.filter(({ time }) => time >= WARM_UP);
  const report = {
    seconds: SECONDS,
    moves: seen.filter((position, index) => index > 0 && position !== seen[index - 1]).length,
    frames,
    psnrFrame: mean(settled.map(({ psnrFrame }) => psnrFrame)),
    psnrFused: mean(settled.map(({ psnrFused }) => psnrFused)),
  };
  say(
    `  ${frames.length} frames in ${SECONDS} s, ${report.moves} moves of the lens: ` +
      `${report.psnrFused.toFixed(1)} dB against the scene (the camera's frames ${report.psnrFrame.toFixed(1)} dB)`,
  );
  return report;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
