/**
 * Every error this package raises on purpose: a code for programs, a message that says what happened, and a
 * cure that says what to do. The number behind a code is what action results and messages carry as
 * `error_code`; zero is success.
 */
export const ERROR_CODES = {
  none: 0,
  internal: 1,
  /** A file could not be read or written. */
  io: 2,
  /** The native addon is not built or does not load. */
  native_missing: 3,
  /** ROS 2 is needed and not sourced. */
  ros_missing: 4,
  /** The node is not active in its managed life: it was not activated yet, or was deactivated. */
  inactive: 5,
  /** An argument, goal or message field is outside what is accepted. */
  invalid_input: 100,
  /** A picture's size, encoding, step or data do not fit together. */
  invalid_image: 101,
  /** A parameter value is rejected. */
  invalid_parameter: 102,
  /** A lens file is missing, unreadable or inconsistent. */
  invalid_lens_file: 110,
  model_missing: 120,
  model_invalid: 121,
  inference_failed: 122,
  camera_open_failed: 200,
  /** The camera delivered no frame within the time allowed. */
  camera_stopped: 201,
  lens_open_failed: 210,
  /** The lens did not reach its target within the time allowed. */
  lens_timeout: 211,
  lens_fault: 212,
  /** A search ended without finding the focus. */
  focus_failed: 300,
  /** No patch with enough texture to measure. */
  no_texture: 301,
  timeout: 302,
  canceled: 303,
  /** A newer goal took over. */
  preempted: 304,
  /** The number of captures or the travel allowed is used up. */
  limit_reached: 305,
  /** An action server refused a goal. */
  goal_rejected: 306,
  /** Frames cannot be fused: too few, or of different sizes. */
  fusion_failed: 310,
  /** Frames from which a lens cannot be calibrated: unlike each other, or readings that no lens explains. */
  calibration_failed: 320,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
  /** What the user can do about it, one sentence. */
  readonly cure?: string;
  /** Values that help to find the cause. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class AutofocusError extends Error {
  readonly code: ErrorCode;
  readonly cure: string | undefined;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "AutofocusError";
    this.code = code;
    this.cure = details.cure;
    this.context = details.context ?? {};
  }

  /** The number of the code, as messages and action results carry it. */
  get number(): number {
    return ERROR_CODES[this.code];
  }

  /** Message and cure in one line. */
  get summary(): string {
    return this.cure === undefined ? this.message : `${this.message} ${this.cure}`;
  }
}

/** The one form in which a wrong value is reported: "Expected X for Y but received Z". */
export function expected(
  code: ErrorCode,
  what: string,
  name: string,
  received: unknown,
  details: ErrorDetails = {},
): AutofocusError {
  return new AutofocusError(code, `Expected ${what} for ${name} but received ${show(received)}.`, details);
}

/** Anything thrown, as an AutofocusError; foreign errors become `internal` (or the code given) with their cause kept. */
export function toAutofocusError(error: unknown, code: ErrorCode = "internal"): AutofocusError {
  if (error instanceof AutofocusError) return error;
  const message = error instanceof Error ? error.message : show(error);
  return new AutofocusError(code, message, { cause: error });
}

function show(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === "number" || typeof value === "boolean" || value === null || value === undefined)
    return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object") {
    const maker = (value as { constructor?: unknown }).constructor;
    return typeof maker === "function" ? `a ${maker.name}` : "an object";
  }
  return `a ${typeof value}`;
}
