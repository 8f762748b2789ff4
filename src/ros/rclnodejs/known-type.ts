/** The one thing that commonly keeps rclnodejs from making a publisher, a service or an action: an unknown type. */
import { AutofocusError, toAutofocusError } from "../../core/errors.ts";

/** What rclnodejs says when it has no JavaScript of a type, or the loader has no library of it. */
const UNKNOWN_TYPE = /typesupport|required does not exist|Cannot find module/;

/**
 * What `make` makes.
 * @throws AutofocusError `ros_missing` where the package of `type` is not built and sourced, else what `make` throws.
 */
export function withKnownType<T>(type: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const { message } = toAutofocusError(error);
    if (!UNKNOWN_TYPE.test(message)) throw error;
    const [packageName = ""] = type.split("/");
    throw new AutofocusError("ros_missing", `ROS 2 knows no ${type}: ${message}`, {
      cure: `Build ${packageName} with colcon and source the install/setup.bash of its workspace.`,
      cause: error,
    });
  }
}
