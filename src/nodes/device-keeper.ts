/**
 * Keeps a device open: opens it, works with it until it is lost, closes it, waits, opens it again. A device that does
 * not open or goes away is a state that is logged and told to diagnostics, never the end of the node.
 */
import type { Clock } from "../core/clock.ts";
import { toAutofocusError, type AutofocusError } from "../core/errors.ts";
import type { Milliseconds } from "../core/units.ts";
import type { Log } from "../ros/port.ts";

export interface Device {
  /** @throws AutofocusError saying what to do. */
  open(): Promise<void>;
  close(): Promise<void>;
}

export interface KeeperOptions<D extends Device> {
  /** For the log: "camera". */
  readonly what: string;
  readonly clock: Clock;
  readonly log: Log;
  /** A fresh driver; what is wrong with its parameters or files may already reject here. */
  readonly create: () => Promise<D>;
  /** Works with the open device until `signal` aborts, or rejects when the device is lost. */
  readonly use: (device: D, signal: AbortSignal) => Promise<void>;
  /** First and longest wait before the device is opened again; the wait doubles from one failure to the next. */
  readonly backoff: { readonly first: Milliseconds; readonly longest: Milliseconds };
  /** Told of every loss and, with undefined, of every success. */
  readonly onState: (error: AutofocusError | undefined) => void;
}

export class DeviceKeeper<D extends Device> {
  /** Resolves when the device is open for the first time. */
  readonly ready: Promise<void>;
  readonly #options: KeeperOptions<D>;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #device: D | undefined;
  #lastError: AutofocusError | undefined;
  #markReady: () => void = () => undefined;

  constructor(options: KeeperOptions<D>) {
    this.#options = options;
    this.ready = new Promise((resolve) => (this.#markReady = resolve));
    this.#ended = this.#run();
  }

  /** The open device, or undefined while there is none. */
  get device(): D | undefined {
    return this.#device;
  }

  /** Why there is no device. */
  get lastError(): AutofocusError | undefined {
    return this.#lastError;
  }

  /** Closes the device and opens it no more. Never rejects. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #run(): Promise<void> {
    const { what, clock, log, backoff, onState } = this.#options;
    let wait = backoff.first;
    while (!this.#isStopped()) {
      const opened = clock.now();
      try {
        await this.#openAndUse();
        if (this.#isStopped()) return;
      } catch (error) {
        if (this.#isStopped()) return;
        this.#lastError = toAutofocusError(error);
        log.error(`${what}: ${this.#lastError.summary} (${this.#lastError.code})`);
        onState(this.#lastError);
      }
      // A device that worked for a while starts over with short waits.
      if (clock.now() - opened > backoff.longest) wait = backoff.first;
      log.info(`${what}: opening again in ${wait / 1000} s.`);
      await clock.sleep(wait, this.#stop.signal).catch(() => undefined);
      wait = Math.min(2 * wait, backoff.longest);
    }
  }

  async #openAndUse(): Promise<void> {
    const { what, log, create, use, onState } = this.#options;
    const { signal } = this.#stop;
    const device = await create();
    try {
      await device.open();
      if (signal.aborted) return;
      this.#device = device;
      this.#lastError = undefined;
      log.info(`${what}: open.`);
      onState(undefined);
      this.#markReady();
      await use(device, signal);
    } finally {
      this.#device = undefined;
      await device.close().catch((error: unknown) => {
        log.warn(`${what}: closing failed: ${toAutofocusError(error).message}`);
      });
    }
  }
}
