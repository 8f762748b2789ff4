/**
 * A managed life on the graph, as `ros2 lifecycle`, launch_ros and Nav2's lifecycle manager use it: the services of
 * lifecycle_msgs and the topic `transition_event`, under the node's own name. On the port, so that every adapter has the
 * same.
 */
import type { StateMsg, TransitionDescriptionMsg } from "../messages.ts";
import type { RosNode } from "../port.ts";
import type { Lifecycle } from "./lifecycle.ts";
import {
  STATES,
  TRANSITIONS,
  transitionsFrom,
  type LifecycleState,
  type Transition,
} from "./state-machine.ts";

/** Serves the life until the node shuts down. @param onCommanded told when a transition asked for from outside was made. */
export function serveLifecycle(node: RosNode, lifecycle: Lifecycle, onCommanded: () => void): void {
  const events = node.publish("~/transition_event", "lifecycle_msgs/msg/TransitionEvent");
  lifecycle.transitions$.subscribe((transition) =>
    events.publish({ timestamp: BigInt(Math.round(1e6 * node.clock.now())), ...describe(transition) }),
  );
  node.service("~/change_state", "lifecycle_msgs/srv/ChangeState", async ({ transition }) => {
    const before = lifecycle.state;
    const success = await lifecycle.request(transition);
    if (success) onCommanded();
    else {
      const wanted = transition.label || `transition ${transition.id}`;
      node.log.warn(`In the state ${before} the node was asked for ${wanted}: refused, or failed.`);
    }
    return { success };
  });
  node.service("~/get_state", "lifecycle_msgs/srv/GetState", () => ({
    current_state: stateMessage(lifecycle.state),
  }));
  node.service("~/get_available_states", "lifecycle_msgs/srv/GetAvailableStates", () => ({
    available_states: (Object.keys(STATES) as LifecycleState[]).map(stateMessage),
  }));
  const transitions = "lifecycle_msgs/srv/GetAvailableTransitions";
  node.service("~/get_available_transitions", transitions, () => ({
    available_transitions: transitionsFrom(lifecycle.state).map(describe),
  }));
  node.service("~/get_transition_graph", transitions, () => ({
    available_transitions: TRANSITIONS.map(describe),
  }));
}

function stateMessage(state: LifecycleState): StateMsg {
  return { id: STATES[state], label: state };
}

function describe({ id, label, start, goal }: Transition): TransitionDescriptionMsg {
  return { transition: { id, label }, start_state: stateMessage(start), goal_state: stateMessage(goal) };
}
