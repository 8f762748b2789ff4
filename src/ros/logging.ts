/** Log lines of nodes, in the form ROS 2 prints them. */
import type { Clock } from "../core/clock.ts";
import type { Milliseconds } from "../core/units.ts";
import type { Log } from "./port.ts";
import { toTime } from "./time.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error", "fatal"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogEntry {
  readonly level: LogLevel;
  readonly stamp: Milliseconds;
  /** `camera.autofocus` */
  readonly name: string;
  readonly message: string;
}

export type LogSink = (entry: LogEntry) => void;

/** The log of the node `fullName`, whose lines go to `sink`. */
export function nodeLog(fullName: string, clock: Clock, sink: LogSink): Log {
  const name = fullName.slice(1).replaceAll("/", ".");
  const at =
    (level: LogLevel) =>
    (message: string): void =>
      sink({ level, stamp: clock.now(), name, message });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), fatal: at("fatal") };
}

/** `[INFO] [1763783077.123456789] [camera.autofocus]: message` */
export function formatLogEntry({ level, stamp, name, message }: LogEntry): string {
  const { sec, nanosec } = toTime(stamp);
  return `[${level.toUpperCase()}] [${sec}.${String(nanosec).padStart(9, "0")}] [${name}]: ${message}`;
}

/** Writes lines of `least` and above to stderr. */
export function stderrSink(least: LogLevel = "info"): LogSink {
  const threshold = LOG_LEVELS.indexOf(least);
  return (entry) => {
    if (LOG_LEVELS.indexOf(entry.level) >= threshold) process.stderr.write(`${formatLogEntry(entry)}\n`);
  };
}
