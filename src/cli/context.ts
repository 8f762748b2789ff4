/** What every command shares: where results, logs and progress go, and how a failure ends the process. */
import { ERROR_CODES, expected, toAutofocusError } from "../core/errors.ts";

/** Exit codes: 0 success, 1 the work failed, 2 wrong use. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

const USAGE_CODES: ReadonlySet<string> = new Set(["invalid_input", "invalid_parameter"]);

/** A machine-readable document on stdout; the only thing a command with `--json` prints there. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}

/** A line for people on stdout. */
export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** A line for people on stderr, which never mixes with results. */
export function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Ends the process quietly when nobody reads its results any more (`| head -1`), and with a message when they cannot be
 * written (a full disk). Messages on stderr may be lost: nodes go on without a terminal.
 */
export function watchOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") log(`error: Cannot write to the standard output: ${error.message}`);
    process.exit(EXIT.failed);
  });
  process.stderr.on("error", () => undefined);
}

/** Reports an error on stderr and returns the exit code that goes with it. */
export function report(error: unknown): number {
  const known = toAutofocusError(error);
  log(`error: ${known.message}`);
  if (known.cure !== undefined) log(`  ${known.cure}`);
  log(`  (${known.code}, error_code ${ERROR_CODES[known.code]})`);
  if (known.code === "internal" && known.stack !== undefined)
    log(known.cause instanceof Error ? (known.cause.stack ?? "") : known.stack);
  return USAGE_CODES.has(known.code) ? EXIT.usage : EXIT.failed;
}

/** A progress bar on stderr where that is a terminal, else nothing. */
export class Progress {
  readonly #total: number;
  readonly #label: string;
  #done = 0;

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
  }

  advance(note = ""): void {
    this.#done++;
    if (!process.stderr.isTTY) return;
    const width = 30;
    const filled = Math.round((width * this.#done) / Math.max(1, this.#total));
    const bar = "█".repeat(filled) + "░".repeat(Math.max(0, width - filled));
    process.stderr.write(`\r\u001b[2K${this.#label} ${bar} ${this.#done}/${this.#total} ${note}`);
    if (this.#done >= this.#total) process.stderr.write("\n");
  }
}

/** Parses `1,2,3` given to option `name`. */
export function numberList(name: string): (text: string) => number[] {
  return (text) => text.split(",").map(number(name));
}

/** Parses one finite number given to option `name`. */
export function number(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value))
      throw expected("invalid_input", "a number", name, text);
    return value;
  };
}

/** Parses one seed, an integer of at least 0, given to option `name`. */
export function seedNumber(name: string): (text: string) => number {
  return (text) => {
    const value = number(name)(text);
    if (!Number.isSafeInteger(value) || value < 0)
      throw expected("invalid_input", "an integer of at least 0", name, value);
    return value;
  };
}
