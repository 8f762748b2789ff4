/** One line on stderr about what the nodes of an embedded graph do: frame rate, lens, autofocus, focus strategy. */
import { AutofocusStateMsg, type ActivationMatrixMsg, type LensStateMsg } from "../../ros/messages.ts";
import { IMAGE_SUBSCRIPTION_QOS, LATCHED_QOS, type RosNode } from "../../ros/port.ts";

/** On a terminal the line is rewritten, elsewhere (a log file) a new one now and then is enough. */
const PERIOD = { terminal: 500, other: 10_000 } as const;

const STATES: Readonly<Record<number, string>> = {
  [AutofocusStateMsg.STATE_IDLE]: "idle",
  [AutofocusStateMsg.STATE_SCANNING]: "scanning",
  [AutofocusStateMsg.STATE_FOCUSED]: "focused",
  [AutofocusStateMsg.STATE_FAILED]: "failed",
};

/** Shows the line until the function returned is called. */
export function showStatus(node: RosNode): () => void {
  let frames = 0;
  let lens: LensStateMsg | undefined;
  let autofocus: AutofocusStateMsg | undefined;
  let activation: ActivationMatrixMsg | undefined;
  const subscriptions = [
    node
      .subscribe("frame_focus", "intelligent_autofocus/msg/FrameFocus", IMAGE_SUBSCRIPTION_QOS)
      .subscribe(() => frames++),
    node
      .subscribe("lens/state", "intelligent_autofocus/msg/LensState", LATCHED_QOS)
      .subscribe((state) => (lens = state)),
    node
      .subscribe("autofocus/state", "intelligent_autofocus/msg/AutofocusState", LATCHED_QOS)
      .subscribe((state) => (autofocus = state)),
    node
      .subscribe(
        "focus_strategy/activation",
        "intelligent_autofocus/msg/ActivationMatrix",
        IMAGE_SUBSCRIPTION_QOS,
      )
      .subscribe((matrix) => (activation = matrix)),
  ];
  const { isTTY } = process.stderr;
  const period = isTTY ? PERIOD.terminal : PERIOD.other;
  const timer = setInterval(() => {
    const parts = [
      `${((1000 * frames) / period).toFixed(1)} frames/s`,
      describeLens(lens),
      autofocus === undefined ? "" : `autofocus ${STATES[autofocus.state] ?? "unknown"}`,
      activation === undefined ? "" : `coverage ${Math.round(100 * activation.coverage)} %`,
    ];
    frames = 0;
    const line = parts.filter((part) => part !== "").join(" | ");
    process.stderr.write(isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
  }, period);
  return () => {
    clearInterval(timer);
    for (const subscription of subscriptions) subscription.unsubscribe();
    if (isTTY) process.stderr.write("\r\u001b[2K");
  };
}

function describeLens(lens: LensStateMsg | undefined): string {
  if (lens === undefined) return "no lens";
  return `lens ${lens.position.toFixed(0)}${lens.moving ? ` → ${lens.target.toFixed(0)}` : ""}${lens.fault && ` (${lens.fault})`}`;
}
