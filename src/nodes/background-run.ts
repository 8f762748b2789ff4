/** Work that goes on beside goals, such as video: started, ended and waited for, one at a time. */
import { AutofocusError, toAutofocusError } from "../core/errors.ts";
import type { Log } from "../ros/port.ts";

export class BackgroundRun {
  readonly #what: string;
  readonly #log: Log;
  readonly #work: (signal: AbortSignal) => Promise<void>;
  #current: { readonly controller: AbortController; readonly ended: Promise<void> } | undefined;

  /** @param what for the log and for the reason of its end: "The video". @param work ends when its signal aborts. */
  constructor(what: string, log: Log, work: (signal: AbortSignal) => Promise<void>) {
    this.#what = what;
    this.#log = log;
    this.#work = work;
  }

  get isRunning(): boolean {
    return this.#current !== undefined;
  }

  /** Begins, unless it goes on already. */
  start(): void {
    if (this.#current !== undefined) return;
    const controller = new AbortController();
    const ended = this.#work(controller.signal).catch((error: unknown) =>
      this.#log.error(`${this.#what} ended: ${toAutofocusError(error).summary}`),
    );
    this.#current = { controller, ended };
  }

  /** Ends what goes on and waits until it has. */
  async end(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    current?.controller.abort(new AutofocusError("canceled", `${this.#what} was ended.`));
    await current?.ended;
  }
}
