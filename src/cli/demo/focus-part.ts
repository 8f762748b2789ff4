/** First part of the demonstration: one wall, focused by the action from several starts. */
import type { Steps } from "../../core/units.ts";
import type { FocusedFrame } from "../../pipeline/focused-frames.ts";
import type { FocusFeedbackMsg } from "../../ros/messages.ts";
import type { Album } from "./album.ts";
import type { DemoScene } from "./scenes.ts";
import type { Stage } from "./stage.ts";

export interface FocusReport {
  readonly start: Steps;
  readonly final: Steps;
  readonly truth: Steps;
  /** final - truth. */
  readonly error: Steps;
  readonly success: boolean;
  readonly withinDepthOfField: boolean;
  readonly captures: number;
  readonly moves: number;
  readonly travel: Steps;
  /** Of the simulated time. */
  readonly seconds: number;
  readonly inFocusProbability: number;
  readonly visited: readonly Steps[];
  readonly reason: string;
}

/** Where the lens starts, as shares of its range. */
const STARTS = [0.02, 0.45, 0.97] as const;

export async function focusPart(
  stage: Stage,
  { surfaces }: DemoScene,
  album: Album,
  say: (line: string) => void,
): Promise<FocusReport[]> {
  const truth = surfaces[0] as Steps;
  const { range } = stage.lens;
  const client = stage.audience.actionClient("autofocus/focus", "intelligent_autofocus/action/Focus");
  const reports: FocusReport[] = [];
  for (const share of STARTS) {
    const start = Math.round(range.min + share * (range.max - range.min));
    const blurred: FocusedFrame = await stage.moveTo(start);
    await album.keep(`focus-${start}-before.png`, blurred.message);
    say(`  from ${start}:`);
    const sent = await stage.until(client.sendGoal({}, { onFeedback: (each) => say(line(each)) }));
    const { result } = await stage.until(sent.outcome);
    const sharp = await stage.frameAfter(stage.clock.now());
    await album.keep(`focus-${start}-after.png`, sharp.message);
    const error = result.position - truth;
    reports.push({
      start,
      final: result.position,
      truth,
      error,
      success: result.success,
      withinDepthOfField: Math.abs(error) <= stage.lens.depthOfField(truth),
      captures: result.captures,
      moves: result.moves,
      travel: result.travel,
      seconds: result.elapsed,
      inFocusProbability: result.in_focus_probability,
      visited: [...result.visited],
      reason: result.reason,
    });
    say(
      `    ${result.success ? "in focus" : "not found"} at ${result.position} (true ${truth}, error ${error.toFixed(0)} steps), ` +
        `${result.moves} moves, ${result.elapsed.toFixed(2)} s: ${result.reason}`,
    );
  }
  client.close();
  return reports;
}

function line({ capture, position, deviation, deviation_std, candidates, reason }: FocusFeedbackMsg): string {
  const sides = Array.from(candidates, (each) => each.toFixed(0)).join(" or ");
  const read = Number.isNaN(deviation)
    ? `in focus at ${sides || "?"}`
    : `in focus ${deviation >= 0 ? "+" : ""}${deviation.toFixed(0)} ± ${deviation_std.toFixed(0)} steps from here`;
  return `    frame ${capture} at ${position.toFixed(0)}: ${read}. (${reason})`;
}
