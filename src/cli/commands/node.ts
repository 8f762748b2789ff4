/**
 * `node NAME`: runs a node of this package, or several in one process (`container`), with ROS 2's own arguments. On the
 * ROS 2 graph where ROS 2 is sourced; with `--embedded` on a graph inside this process, which needs no ROS.
 */
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { AutofocusError, expected } from "../../core/errors.ts";
import { NODE_NAMES, type NodeName } from "../../nodes/node-names.ts";
import { parseRosArguments } from "../../ros/arguments.ts";
import { EmbeddedGraph } from "../../ros/embedded-graph.ts";
import { LOG_LEVELS, stderrSink, type LogLevel } from "../../ros/logging.ts";
import type { RosContext } from "../../ros/port.ts";
import { createRclnodejsContext, rosSourced } from "../../ros/rclnodejs-adapter.ts";
import { log } from "../context.ts";
import { runNodes } from "../node/run-nodes.ts";
import { showStatus } from "../node/status-line.ts";

/** What an embedded container runs with when the command line names no parameter file. */
const SIMULATION = fileURLToPath(new URL("../../../config/simulation.yaml", import.meta.url));

const SIMULATED = ["--ros-args", "--params-file", SIMULATION];

const CONTAINER = "container";

export function nodeCommand(): Command {
  return new Command("node")
    .description("run a node, or all of them in one process, on ROS 2 or embedded in this process")
    .argument("<name>", [...NODE_NAMES, CONTAINER].join(", "))
    .argument("[nodes...]", "with container: which nodes; all of them unless given")
    .option("--embedded", "without ROS 2: the nodes talk to each other inside this process only")
    .allowUnknownOption()
    .addHelpText(
      "after",
      `
ROS arguments follow --ros-args, as for every ROS 2 node:
  -p name:=value, -p node:name:=value   a parameter       --params-file FILE   a file of them
  -r from:=to, -r __ns:=/left           a remapping       --log-level LEVEL    debug, info, warn, error, fatal
The namespace is /camera unless given. An embedded container without a parameter file runs config/simulation.yaml.

  $ intelligent-autofocus node container --embedded --ros-args -p autofocus:mode:=continuous
  $ intelligent-autofocus node autofocus --ros-args -r __ns:=/left -p lens:=ca378-vcm`,
    )
    .action(async (_name: string, _nodes: string[], options: { embedded?: true }, command: Command) =>
      run(command.args, options.embedded ?? false),
    );
}

async function run(args: readonly string[], embedded: boolean): Promise<void> {
  const [name = "", ...chosen] = (await parseRosArguments(args)).rest;
  const names = nodesOf(name, chosen);
  if (!embedded && !rosSourced())
    throw new AutofocusError("ros_missing", "ROS 2 is not sourced in this shell.", {
      cure: "source /opt/ros/$ROS_DISTRO/setup.bash first, or run without ROS 2: --embedded.",
    });
  const isSimulation = embedded && name === CONTAINER && !args.includes("--params-file");
  const given = await parseRosArguments(isSimulation ? [...args, ...SIMULATED] : args);
  if (isSimulation) log(`Simulated camera and lens: ${SIMULATION}`);
  if (embedded && names.length === 1)
    log(
      `${names.join()} runs alone on its own graph: nothing will talk to it. Run container, or source ROS 2.`,
    );
  const context = embedded
    ? embeddedGraph(given.rcl)
    : await createRclnodejsContext({ rclArguments: given.rcl });
  const watch = embedded ? showStatus : undefined;
  await runNodes({ context, names, given, alone: name !== CONTAINER, watch });
}

/** @throws AutofocusError `invalid_input` for a name that is none. */
function nodesOf(name: string, chosen: readonly string[]): readonly NodeName[] {
  const isNode = (each: string): boolean => (NODE_NAMES as readonly string[]).includes(each);
  if (name !== CONTAINER && (!isNode(name) || chosen.length > 0))
    throw expected(
      "invalid_input",
      `one of ${[...NODE_NAMES, CONTAINER].join(", ")}`,
      "the node",
      [name, ...chosen].join(" "),
    );
  const unknown = chosen.find((each) => !isNode(each));
  if (unknown !== undefined)
    throw expected("invalid_input", `nodes out of ${NODE_NAMES.join(", ")}`, "the container", unknown);
  const wanted = name === CONTAINER ? chosen : [name];
  return NODE_NAMES.filter((each) => wanted.length === 0 || wanted.includes(each));
}

/** The embedded graph, with the log level that `--log-level` names for ROS. */
function embeddedGraph(rclArguments: readonly string[]): RosContext {
  const level = rclArguments[rclArguments.lastIndexOf("--log-level") + 1] ?? "";
  const known = rclArguments.includes("--log-level") ? level.toLowerCase() : "info";
  if (!(LOG_LEVELS as readonly string[]).includes(known))
    throw expected("invalid_input", `one of ${LOG_LEVELS.join(", ")}`, "--log-level", level);
  return new EmbeddedGraph({ sink: stderrSink(known as LogLevel) });
}
