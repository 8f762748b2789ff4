/** A process of the ROS 2 command line, watched by what it prints. */
import { spawn, type ChildProcess } from "node:child_process";
import { eventually } from "./async.ts";

export class RosProcess {
  readonly command: string;
  readonly #child: ChildProcess;
  #output = "";
  #code: number | null | undefined;

  constructor(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.command = [command, ...args].join(" ");
    // A group of its own, so that a signal reaches what it has started, as Ctrl-C does.
    this.#child = spawn(command, args, {
      detached: true,
      env: { ...process.env, PYTHONUNBUFFERED: "1", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const append = (chunk: Buffer): void => void (this.#output += chunk.toString());
    this.#child.stdout?.on("data", append);
    this.#child.stderr?.on("data", append);
    this.#child.on("close", (code) => (this.#code = code));
  }

  /** All it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Resolves when it has printed something that `pattern` matches. */
  async prints(pattern: RegExp, patience = 60_000): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    try {
      await eventually(
        () => (found = pattern.exec(this.#output)) !== null || this.#code !== undefined,
        patience,
      );
    } catch {
      throw new Error(`${this.command} did not print ${pattern.source} but:\n${this.#output}`);
    }
    found ??= pattern.exec(this.#output);
    if (found === null)
      throw new Error(`${this.command} ended without printing ${pattern.source}:\n${this.#output}`);
    return found;
  }

  /** Resolves with the exit code, null where a signal ended it. */
  async end(patience = 60_000): Promise<number | null> {
    await eventually(() => this.#code !== undefined, patience);
    return this.#code ?? null;
  }

  /** Signals the whole group. */
  signal(signal: NodeJS.Signals): void {
    if (this.#code === undefined && this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
  }

  /** Ends it as Ctrl-C does, and by force when that does not help. */
  async stop(): Promise<number | null> {
    this.signal("SIGINT");
    try {
      return await this.end(20_000);
    } catch {
      this.signal("SIGKILL");
      return this.end();
    }
  }
}

/** Runs a command to its end. */
export async function runRos(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ readonly output: string; readonly code: number | null }> {
  const running = new RosProcess(command, args, environment);
  const code = await running.end(90_000);
  return { output: running.output, code };
}
