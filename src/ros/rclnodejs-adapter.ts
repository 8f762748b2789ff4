/**
 * The ROS port on rclnodejs, that is on rcl and whatever middleware it uses. The only file that imports rclnodejs, and
 * only after a look at the environment: imported in a shell where ROS 2 is not sourced, the package starts to compile
 * itself and deletes its build.
 */
import { AutofocusError, toAutofocusError } from "../core/errors.ts";
import type { RosContext } from "./port.ts";
import { RclnodejsContext } from "./rclnodejs/context.ts";
import type { Rclnodejs } from "./rclnodejs/library.ts";

export interface RclnodejsOptions {
  /** Arguments for rcl itself: logging and the enclave (`RosArguments.rcl`). */
  readonly rclArguments?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

/** rclnodejs publishes the parameter events of a node into its namespace, where nobody looks for them. */
const PARAMETER_EVENTS = ["--ros-args", "-r", "parameter_events:=/parameter_events"];

const SOURCE =
  "Source it in this shell: source /opt/ros/$ROS_DISTRO/setup.bash, then your workspace's install/setup.bash.";

/**
 * A context on the graph of ROS_DOMAIN_ID. Signals stay with the caller: rclnodejs' own handler of SIGINT is removed.
 * @throws AutofocusError `ros_missing` that says what to source or install, `invalid_input` for arguments rcl refuses.
 */
export async function createRclnodejsContext({
  rclArguments = [],
  environment = process.env,
}: RclnodejsOptions = {}): Promise<RosContext> {
  checkSourced(environment);
  const rcl = await load();
  rcl.removeSignalHandlers();
  const context = new rcl.Context();
  try {
    await rcl.init(context, [...rclArguments, ...PARAMETER_EVENTS]);
  } catch (error) {
    const { message } = toAutofocusError(error);
    throw new AutofocusError("invalid_input", `ROS 2 does not start: ${message}`, { cause: error });
  }
  return new RclnodejsContext(rcl, context);
}

/** Whether this shell has ROS 2 sourced. */
export function rosSourced(environment: NodeJS.ProcessEnv = process.env): boolean {
  return ["ROS_DISTRO", "AMENT_PREFIX_PATH"].every((name) => (environment[name] ?? "") !== "");
}

function checkSourced(environment: NodeJS.ProcessEnv): void {
  if (!rosSourced(environment))
    throw new AutofocusError("ros_missing", "ROS 2 is not sourced (no ROS_DISTRO or AMENT_PREFIX_PATH).", {
      cure: SOURCE,
    });
}

async function load(): Promise<Rclnodejs> {
  // The name in a variable, because its types are there only where ROS 2 is.
  const name: string = "rclnodejs";
  try {
    const { default: rcl } = (await import(name)) as { readonly default: Rclnodejs };
    return rcl;
  } catch (error) {
    throw new AutofocusError("ros_missing", "ROS 2 is sourced, but rclnodejs does not load.", {
      cure: "Install it in a shell where ROS 2 is sourced: npm install --no-save rclnodejs@2.",
      cause: error,
    });
  }
}
