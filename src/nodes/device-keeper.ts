/**
 * Keeps a device open: opens it, works with it until it is lost, closes it, waits, opens it again. A device that does
 * not open or goes away is a state that is logged and told to diagnostics, never the end of the node. What a node loads
 * before it can work, its models, is kept in the same way (`keepLoaded`).
 */
import { hold, type Clock } from "../core/clock.ts";
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

/** A keeper, whatever it keeps. */
export interface Keeper {
  /** Resolves when the device is open for the first time. */
  readonly ready: Promise<void>;
  /** Resolves when the device has been opened once, or has not, or the keeper was stopped. */
  readonly firstAttempt: Promise<void>;
  readonly isOpen: boolean;
  /** Why there is no device. */
  readonly lastError: AutofocusError | undefined;
  /** Closes the device and opens it no more. Never rejects. */
  stop(): Promise<void>;
}

/** Between two attempts to load a file that is missing or wrong. */
const LOADING_BACKOFF = { first: 1000, longest: 30_000 };

export class DeviceKeeper<D extends Device> implements Keeper {
  readonly ready: Promise<void>;
  readonly firstAttempt: Promise<void>;
  readonly #options: KeeperOptions<D>;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #device: D | undefined;
  #lastError: AutofocusError | undefined;
  #markReady: () => void = () => undefined;
  #markAttempted: () => void = () => undefined;

  constructor(options: KeeperOptions<D>) {
    this.#options = options;
    this.ready = new Promise((resolve) => (this.#markReady = resolve));
    this.firstAttempt = new Promise((resolve) => (this.#markAttempted = resolve));
    this.#ended = this.#run();
  }

  /** The open device, or undefined while there is none. */
  get device(): D | undefined {
    return this.#device;
  }

  get isOpen(): boolean {
    return this.#device !== undefined;
  }

  get lastError(): AutofocusError | undefined {
    return this.#lastError;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#markAttempted();
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
        this.#markAttempted();
      }
      // A device that worked for a while starts over with short waits.
      if (clock.now() - opened > backoff.longest) wait = backoff.first;
      log.info(`${what}: trying again in ${wait / 1000} s.`);
      await clock.sleep(wait, this.#stop.signal).catch(() => undefined);
      wait = Math.min(2 * wait, backoff.longest);
    }
  }

  async #openAndUse(): Promise<void> {
    const { what, log, create, use, onState } = this.#options;
    const { signal } = this.#stop;
    const device = await create();
    try {
      // A device that takes its time to open is not waited for when it is no longer wanted.
      await Promise.race([device.open(), aborted(signal)]);
      if (signal.aborted) return;
      this.#device = device;
      this.#lastError = undefined;
      log.info(`${what}: available.`);
      onState(undefined);
      this.#markReady();
      this.#markAttempted();
      await use(device, signal);
    } finally {
      this.#device = undefined;
      await device.close().catch((error: unknown) => {
        log.warn(`${what}: closing failed: ${toAutofocusError(error).message}`);
      });
    }
  }
}

export interface LoadingOptions {
  /** For the log: "lens model". */
  readonly what: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly load: () => Promise<void>;
  readonly onState: KeeperOptions<Device>["onState"];
}

/** Loads what a node needs, tries again when that fails, and keeps it; the loading takes no time of a stepped clock. */
export function keepLoaded({ load, ...options }: LoadingOptions): Keeper {
  return new DeviceKeeper({
    ...options,
    create: () =>
      Promise.resolve({ open: () => hold(options.clock, load()), close: () => Promise.resolve() }),
    use: (_device, signal) => aborted(signal),
    backoff: LOADING_BACKOFF,
  });
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
