/** The log of a node through rcl: the console, the log file and /rosout. */
import type { Log } from "../port.ts";
import type { RclLogger } from "./library.ts";

/** `end` silences it: the logger goes with its node, and late lines must not bring the process down. */
export function nodeLogger(logger: RclLogger): Log & { end(): void } {
  let ended = false;
  const at =
    (level: keyof RclLogger) =>
    (message: string): void => {
      if (!ended) logger[level](message);
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    fatal: at("fatal"),
    end: () => {
      ended = true;
    },
  };
}
