/**
 * The states of a managed node and the transitions between them, as data: the state machine of ROS 2
 * (https://design.ros2.org/articles/node_lifecycle.html) with the numbers and labels of lifecycle_msgs and rcl. A
 * primary state stays until somebody asks for a transition; a transition state lasts while the node carries one out, and
 * how that ends leads on.
 */

/** Labels and numbers as in lifecycle_msgs/msg/State. */
export const STATES = {
  unknown: 0,
  unconfigured: 1,
  inactive: 2,
  active: 3,
  finalized: 4,
  configuring: 10,
  cleaningup: 11,
  shuttingdown: 12,
  activating: 13,
  deactivating: 14,
  errorprocessing: 15,
} as const;

export type LifecycleState = keyof typeof STATES;

/** What somebody may ask for. */
export type Command = "configure" | "cleanup" | "activate" | "deactivate" | "shutdown";

/** How carrying out a transition ends: done; not now, go back; something broke. */
export type Outcome = "success" | "failure" | "error";

export interface Transition {
  /** As in lifecycle_msgs/msg/Transition. */
  readonly id: number;
  /** A command, or `transition_` and the outcome that it stands for. */
  readonly label: string;
  readonly start: LifecycleState;
  readonly goal: LifecycleState;
}

const transition = (id: number, label: string, start: LifecycleState, goal: LifecycleState): Transition => ({
  id,
  label,
  start,
  goal,
});

/** Every transition. */
export const TRANSITIONS: readonly Transition[] = [
  transition(1, "configure", "unconfigured", "configuring"),
  transition(10, "transition_success", "configuring", "inactive"),
  transition(11, "transition_failure", "configuring", "unconfigured"),
  transition(12, "transition_error", "configuring", "errorprocessing"),
  transition(2, "cleanup", "inactive", "cleaningup"),
  transition(20, "transition_success", "cleaningup", "unconfigured"),
  transition(21, "transition_failure", "cleaningup", "inactive"),
  transition(22, "transition_error", "cleaningup", "errorprocessing"),
  transition(3, "activate", "inactive", "activating"),
  transition(30, "transition_success", "activating", "active"),
  transition(31, "transition_failure", "activating", "inactive"),
  transition(32, "transition_error", "activating", "errorprocessing"),
  transition(4, "deactivate", "active", "deactivating"),
  transition(40, "transition_success", "deactivating", "inactive"),
  transition(41, "transition_failure", "deactivating", "active"),
  transition(42, "transition_error", "deactivating", "errorprocessing"),
  transition(5, "shutdown", "unconfigured", "shuttingdown"),
  transition(6, "shutdown", "inactive", "shuttingdown"),
  transition(7, "shutdown", "active", "shuttingdown"),
  transition(50, "transition_success", "shuttingdown", "finalized"),
  transition(51, "transition_failure", "shuttingdown", "finalized"),
  transition(52, "transition_error", "shuttingdown", "errorprocessing"),
  transition(60, "transition_success", "errorprocessing", "unconfigured"),
  transition(61, "transition_failure", "errorprocessing", "finalized"),
  transition(62, "transition_error", "errorprocessing", "finalized"),
];

/** The transitions that begin in a state. */
export function transitionsFrom(state: LifecycleState): readonly Transition[] {
  return TRANSITIONS.filter(({ start }) => start === state);
}

/** Whether the state stays until somebody asks for a transition. */
export function isPrimary(state: LifecycleState): boolean {
  return STATES[state] < STATES.configuring;
}

/**
 * The transition that is asked for in a state, or undefined where there is none: from a transition state nobody may ask
 * for one.
 * @param wanted its label or its number; a label that is not empty counts, as in rclcpp.
 */
export function requested(
  state: LifecycleState,
  wanted: { readonly id: number; readonly label: string },
): Transition | undefined {
  if (!isPrimary(state)) return undefined;
  return transitionsFrom(state).find(({ id, label }) =>
    wanted.label === "" ? id === wanted.id : label === wanted.label,
  );
}

/** The transition that an outcome means in a transition state. */
export function concluding(state: LifecycleState, outcome: Outcome): Transition | undefined {
  return transitionsFrom(state).find(({ label }) => label === `transition_${outcome}`);
}
