/**
 * `get_logger_levels` and `set_logger_levels`, by which the log level of a running node is changed. Served by us and not
 * by rclnodejs, whose callbacks would take the process down where they throw. ROS 2 has their types from iron on.
 */
import { toAutofocusError } from "../../core/errors.ts";
import { withKnownType } from "./known-type.ts";
import type { Plain } from "./library.ts";
import { serve } from "./services.ts";
import type { NodeParts } from "./topics.ts";

const UNKNOWN = 0;

/** Serves the log levels of the process under the name of a node; the function returned ends that. */
export function serveLoggers(parts: NodeParts, fullName: string): () => void {
  const { rcl, log } = parts;
  const one = (name: string, type: string, answer: (request: Plain) => Plain) =>
    withKnownType(`rcl_interfaces/srv/${type}`, () =>
      serve(parts, `${fullName}/${name}`, `rcl_interfaces/srv/${type}`, answer),
    );
  const levelOf = (name: string): number => {
    try {
      return rcl.logging.getLogger(name).loggerEffectiveLevel;
    } catch {
      return UNKNOWN;
    }
  };
  const setLevel = (name: string, level: number): Plain => {
    try {
      rcl.logging.getLogger(name).setLoggerLevel(level);
      return { successful: true, reason: "" };
    } catch (error) {
      return { successful: false, reason: toAutofocusError(error).message };
    }
  };
  try {
    const services = [
      one("get_logger_levels", "GetLoggerLevels", ({ names }) => ({
        levels: (names as string[]).map((name) => ({ name, level: levelOf(name) })),
      })),
      one("set_logger_levels", "SetLoggerLevels", ({ levels }) => ({
        results: (levels as { name: string; level: number }[]).map(({ name, level }) =>
          setLevel(name, level),
        ),
      })),
    ];
    return () => {
      for (const service of services) service.close();
    };
  } catch (error) {
    log.debug(`Log levels are not served: ${toAutofocusError(error).message}`);
    return () => undefined;
  }
}
