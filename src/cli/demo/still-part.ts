/** Second part of the demonstration: a still scene with things at several distances, captured all in focus. */
import { AutofocusError } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import type { CaptureAllInFocusFeedbackMsg } from "../../ros/messages.ts";
import { fidelity, type Album } from "./album.ts";
import { Recorder } from "./recorder.ts";
import type { DemoScene } from "./scenes.ts";
import type { Stage } from "./stage.ts";

export interface StillReport {
  /** In-focus positions of what the scene consists of. */
  readonly surfaces: readonly Steps[];
  readonly frames: number;
  readonly positions: readonly Steps[];
  readonly travel: Steps;
  /** Of the simulated time. */
  readonly seconds: number;
  readonly coverage: number;
  readonly success: boolean;
  /** Why it ended early, empty if it did not. */
  readonly problem: string;
  /** Frames that a sweep in steps of the depth of field would take. */
  readonly framesOfSweep: number;
  /** Against the scene without blur and noise, dB. */
  readonly psnr: number;
  readonly psnrBestFrame: number;
}

/** Where the lens starts, as a share of its range. */
const START = 0.45;

export async function stillPart(
  stage: Stage,
  scene: DemoScene,
  album: Album,
  say: (line: string) => void,
): Promise<StillReport> {
  const { lens, audience } = stage;
  const { min, max } = lens.range;
  stage.show(scene);
  await stage.moveTo(Math.round(min + START * (max - min)));
  const recorder = new Recorder(audience, { fused: false });
  const client = audience.actionClient(
    "focus_strategy/capture",
    "intelligent_autofocus/action/CaptureAllInFocus",
  );
  const sent = await stage.until(client.sendGoal({}, { onFeedback: (each) => say(line(each)) }));
  const { result } = await stage.until(sent.outcome);
  const fidelities: number[] = [];
  for (const [index, activation] of recorder.activations.entries()) {
    const frame = recorder.frameOf(activation);
    const overlay = recorder.overlayOf(activation);
    if (frame === undefined || overlay === undefined) continue;
    await album.keep(`still-frame-${index + 1}.png`, frame.message);
    await album.keep(`still-frame-${index + 1}-activation.png`, overlay);
    fidelities.push(await fidelity(frame.message, await stage.truth(frame.position, frame.stamp)));
  }
  recorder.close();
  client.close();
  const reference = recorder.frameOf(result.image);
  if (reference === undefined)
    throw new AutofocusError("fusion_failed", `No picture came: ${result.error_msg}`);
  await album.keep("still-all-in-focus.png", result.image);
  await album.keepDepth("still-depth.png", result.depth, min, max);
  const truth = await stage.truth(reference.position, reference.stamp);
  const report = {
    surfaces: scene.surfaces,
    frames: result.frames,
    positions: [...result.positions],
    travel: result.travel,
    seconds: result.elapsed,
    coverage: result.coverage,
    success: result.success,
    problem: result.error_msg,
    framesOfSweep: Math.ceil((max - min) / (2 * lens.depthOfField((min + max) / 2))),
    psnr: await fidelity(result.image, truth),
    psnrBestFrame: Math.max(...fidelities),
  };
  say(
    `  ${report.frames} frames (a sweep takes ${report.framesOfSweep}), coverage ${percent(report.coverage)}, ` +
      `${report.psnr.toFixed(1)} dB against the scene (best single frame ${report.psnrBestFrame.toFixed(1)} dB)`,
  );
  return report;
}

function line({ frames, position, next_position, coverage }: CaptureAllInFocusFeedbackMsg): string {
  const next = next_position === position ? "done" : `next ${next_position.toFixed(0)}`;
  return `    frame ${frames} at ${position.toFixed(0)}: ${percent(coverage)} of the picture is done, ${next}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
