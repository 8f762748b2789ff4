/** The installed package, run as its users run it; for tests where ROS 2 is. */
import { expect } from "chai";
import { RosProcess, runRos } from "./ros-process.ts";

export const PACKAGE = "intelligent_autofocus";

/** A domain for the processes of the tests, so that nothing else is on their graph. */
const DOMAIN = { ROS_DOMAIN_ID: process.env["ROS_DOMAIN_ID"] ?? "77" };

export const ros2 = (...args: string[]) => runRos("ros2", args, DOMAIN);
export const python = (...args: string[]) => runRos("python3", args, DOMAIN);

/** Starts processes, and ends them after each test; says "not run" where the package is not installed. */
export class RosPackage {
  readonly #processes: RosProcess[] = [];

  /** Registers the hooks of a `describe`. */
  constructor() {
    const stop = () => this.#stop();
    before(async function () {
      if ((await ros2("pkg", "prefix", PACKAGE)).code === 0) return;
      process.stdout.write(
        `    not run: ${PACKAGE} is not built and sourced (colcon build, source install/setup.bash)\n`,
      );
      this.skip();
    });
    afterEach(stop);
  }

  start(command: string, ...args: string[]): RosProcess {
    const running = new RosProcess(command, args, DOMAIN);
    this.#processes.push(running);
    return running;
  }

  launch(...args: string[]): RosProcess {
    return this.start("ros2", "launch", PACKAGE, ...args, "parent_frame:=none");
  }

  /** The simulation, once the nodes named are ready. */
  async simulation(...args: string[]): Promise<RosProcess> {
    const running = this.launch("simulation.launch.py", ...args);
    for (const name of ["motor_driver", "camera_driver", "autofocus"])
      await running.prints(new RegExp(`camera\\.${name}\\]: ready`));
    return running;
  }

  async #stop(): Promise<void> {
    for (const running of this.#processes.splice(0)) await running.stop();
  }
}

/** Asks for a transition and expects it to be made, or not. */
export async function change(node: string, transition: string, succeeds = true): Promise<void> {
  const { output } = await ros2("lifecycle", "set", node, transition);
  expect(output, `${node} ${transition}`).to.contain(`Transitioning ${succeeds ? "successful" : "failed"}`);
}
