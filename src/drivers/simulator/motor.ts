/**
 * The mechanics of a focus motor as a function of time: it travels at one speed, swings when it arrives, has play
 * between motor and lens, and may be jammed. Nothing here waits; what stands where at a time is computed.
 */
import type { Milliseconds, Steps } from "../../core/units.ts";

export interface MotorOptions {
  /** Steps a second. */
  readonly speed: number;
  /** From the arrival until the lens has stopped swinging. */
  readonly settlingTime: Milliseconds;
  /** Steps of the motor that the lens does not follow when the direction turns. */
  readonly backlash: Steps;
  /** Amplitude of the swing, as a share of the distance moved. */
  readonly overshoot: number;
  /** A position above which the motor cannot get: a simulated fault. */
  readonly jamAt?: Steps;
}

/** One movement, from one standstill or change of mind to the next. */
interface Movement {
  readonly start: Milliseconds;
  readonly from: Steps;
  readonly to: Steps;
  readonly arrival: Milliseconds;
  /** Where the lens stood when it began, which the play keeps it at for a while. */
  readonly lensFrom: Steps;
}

/** Largest amplitude of the swing. */
const LARGEST_SWING: Steps = 10;
/** The swing has fallen to exp(-SWING_DECAY) when it counts as settled, after SWING_PERIODS periods. */
const SWING_DECAY = 5;
const SWING_PERIODS = 2.5;
/** Positions are asked for at most this long after; older movements are forgotten. */
const MEMORY: Milliseconds = 10_000;

export class Motor {
  readonly #options: MotorOptions;
  #movements: Movement[];

  constructor(position: Steps, options: MotorOptions) {
    this.#options = options;
    this.#movements = [
      { start: -Infinity, from: position, to: position, arrival: -Infinity, lensFrom: position },
    ];
  }

  /** Turns towards `target` at `now`; where it stands if `target` is where it stands. */
  start(now: Milliseconds, target: Steps): void {
    const from = this.motorAt(now);
    const to = Math.min(target, this.#options.jamAt ?? Infinity);
    const arrival = now + (1000 * Math.abs(to - from)) / this.#options.speed;
    const lensFrom = this.#followed(this.#movementAt(now), now);
    this.#movements = this.#movements.filter(
      (each, index, all) => (all[index + 1]?.start ?? Infinity) > now - MEMORY,
    );
    this.#movements.push({ start: now, from, to, arrival, lensFrom });
  }

  /** When the movement under way has arrived and settled. */
  get settledAt(): Milliseconds {
    return this.#last.arrival + this.#options.settlingTime;
  }

  /** Where the motor ends up if nothing intervenes. */
  get destination(): Steps {
    return this.#last.to;
  }

  /** Where the motor stands, which is what it reports. */
  motorAt(time: Milliseconds): Steps {
    return travelled(this.#movementAt(time), time);
  }

  /** Where the lens stands, play and swing included, which is what the camera sees. */
  lensAt(time: Milliseconds): Steps {
    const movement = this.#movementAt(time);
    return this.#followed(movement, time) + this.#swing(movement, time);
  }

  /** Steps a second of the motor, signed. */
  velocityAt(time: Milliseconds): number {
    const { from, to, arrival } = this.#movementAt(time);
    return time < arrival ? Math.sign(to - from) * this.#options.speed : 0;
  }

  get #last(): Movement {
    return this.#movements[this.#movements.length - 1] as Movement;
  }

  #movementAt(time: Milliseconds): Movement {
    return this.#movements.findLast((each) => each.start <= time) ?? (this.#movements[0] as Movement);
  }

  /** The play: the lens stays until the motor has taken up half the backlash on either side of it. */
  #followed(movement: Movement, time: Milliseconds): Steps {
    const motor = travelled(movement, time);
    const play = this.#options.backlash / 2;
    return Math.min(motor + play, Math.max(motor - play, movement.lensFrom));
  }

  #swing(movement: Movement, time: Milliseconds): Steps {
    const { settlingTime, overshoot } = this.#options;
    const progress = (time - movement.arrival) / settlingTime;
    if (!(progress >= 0 && progress < 1)) return 0;
    const moved = movement.to - movement.from;
    const amplitude = Math.sign(moved) * Math.min(LARGEST_SWING, overshoot * Math.abs(moved));
    return amplitude * Math.exp(-SWING_DECAY * progress) * Math.sin(2 * Math.PI * SWING_PERIODS * progress);
  }
}

function travelled({ start, from, to, arrival }: Movement, time: Milliseconds): Steps {
  if (time >= arrival) return to;
  return from + ((to - from) * (time - start)) / (arrival - start);
}
