/** Quality of service in the numbers of rmw. */
import type { Qos } from "../port.ts";
import type { Rclnodejs, RclQos } from "./library.ts";

/** rmw_qos_history_policy_t etc.; 0 would be what the middleware thinks best. */
const KEEP_LAST = 1;
const RELIABILITY = { reliable: 1, "best-effort": 2 } as const;
const DURABILITY = { "transient-local": 1, volatile: 2 } as const;

export type FixedReliability = keyof typeof RELIABILITY;

/** Constructed whole, because rclnodejs' QoS takes no reliability afterwards. */
export function rclQos(
  rcl: Rclnodejs,
  { depth, durability }: Pick<Qos, "depth" | "durability">,
  reliability: FixedReliability,
): RclQos {
  return new rcl.QoS(KEEP_LAST, depth, RELIABILITY[reliability], DURABILITY[durability]);
}

/** Whether an endpoint that tells `reliability` of itself offers to deliver everything. */
export function isReliable(reliability: number): boolean {
  return reliability === RELIABILITY.reliable;
}
