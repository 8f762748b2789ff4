/** What the demonstration found, for people (Markdown). */
import type { FocusReport } from "./focus-part.ts";
import type { StillReport } from "./still-part.ts";
import type { VideoReport } from "./video-part.ts";

export interface DemoReport {
  readonly lens: string;
  readonly seed: number;
  /** Of real time. */
  readonly seconds: number;
  readonly focus: readonly FocusReport[];
  readonly still: StillReport;
  readonly video: VideoReport;
  readonly pictures: readonly string[];
}

/** What the demonstration promises and this one did not keep. */
export function shortcomings({ focus, still, video }: DemoReport): string[] {
  return [
    ...focus
      .filter(({ success, withinDepthOfField }) => !success || !withinDepthOfField)
      .map(({ start, reason }) => `focus from ${start}: ${reason}`),
    ...(still.success ? [] : [`still scene: ${still.problem}`]),
    ...(still.psnr > still.psnrBestFrame ? [] : ["the fused picture is not better than the best frame"]),
    ...(video.psnrFused > video.psnrFrame ? [] : ["the video is not better than the frames of the camera"]),
  ];
}

export function toMarkdown({ lens, seed, seconds, focus, still, video, pictures }: DemoReport): string {
  const rows = focus.map((run) =>
    [
      run.start,
      run.final,
      run.truth,
      run.error.toFixed(0),
      run.moves,
      run.captures,
      run.travel.toFixed(0),
      run.seconds.toFixed(2),
      run.success ? "yes" : "no",
    ].join(" | "),
  );
  return [
    "# Demonstration",
    "",
    `Simulated camera with the lens \`${lens}\`, seed ${seed}, ${seconds.toFixed(1)} s of real time. Positions and errors are motor steps.`,
    "",
    "## Focus by the action `autofocus/focus`",
    "",
    "start | final | true | error | moves | captures | travel | seconds | success",
    "--- | --- | --- | --- | --- | --- | --- | --- | ---",
    ...rows,
    "",
    "## Still scene, all in focus, by the action `focus_strategy/capture`",
    "",
    `- ${still.frames} frames at ${still.positions.map((z) => z.toFixed(0)).join(", ")}; things stand at ${still.surfaces.join(", ")}. A sweep in steps of the depth of field takes ${still.framesOfSweep}.`,
    `- Coverage ${(100 * still.coverage).toFixed(0)} %, travel ${still.travel.toFixed(0)} steps, ${still.seconds.toFixed(2)} s of simulated time.${still.problem === "" ? "" : ` ${still.problem}`}`,
    `- PSNR against the scene without blur and noise: ${still.psnr.toFixed(1)} dB; best single frame ${still.psnrBestFrame.toFixed(1)} dB.`,
    "",
    "## Moving scene, all-in-focus video",
    "",
    `- ${video.frames.length} frames in ${video.seconds} s, ${video.moves} moves of the lens.`,
    `- PSNR against the scene without blur and noise, mean after the first second: ${video.psnrFused.toFixed(1)} dB; the camera's frames ${video.psnrFrame.toFixed(1)} dB.`,
    "",
    "## Pictures",
    "",
    ...pictures.map((name) => `- [${name}](${name})`),
    "",
  ].join("\n");
}
