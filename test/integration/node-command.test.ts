import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { nodeCommand } from "../../src/cli/commands/node.ts";
import { eventually, rejection } from "../support/async.ts";

const root = join(import.meta.dirname, "../..");

const run = (...args: string[]): Promise<unknown> => nodeCommand().parseAsync(args, { from: "user" });

describe("the command node", () => {
  describe("refuses", () => {
    const sourced = { ...process.env };
    beforeEach(() => {
      delete process.env["ROS_DISTRO"];
    });
    afterEach(() => Object.assign(process.env, sourced));

    const wrong: readonly (readonly [string, readonly string[], string, RegExp])[] = [
      ["an unknown node", ["foo", "--embedded"], "invalid_input", /one of .*container for the node .*"foo"/],
      ["several nodes outside a container", ["fusion", "autofocus"], "invalid_input", /"fusion autofocus"/],
      [
        "an unknown node in a container",
        ["container", "foo", "--embedded"],
        "invalid_input",
        /container .*"foo"/,
      ],
      [
        "an argument that ROS does not know",
        ["autofocus", "--ros-args", "--foo"],
        "invalid_input",
        /"--foo"/,
      ],
      ["a file that is not there", ["autofocus", "--ros-args", "--params-file", "/nope"], "io", /\/nope/],
      ["to run without ROS 2 unless told to", ["autofocus"], "ros_missing", /not sourced/],
      [
        "an unknown log level",
        ["container", "--embedded", "--ros-args", "--log-level", "loud"],
        "invalid_input",
        /"loud"/,
      ],
    ];
    for (const [what, args, code, message] of wrong)
      it(what, async () => {
        const error = await rejection(run(...args));
        expect(error.code).to.equal(code);
        expect(error.message).to.match(message);
      });

    it("and says what to do without ROS 2", async () => {
      const { cure } = await rejection(run("container"));
      expect(cure).to.include("source /opt/ros").and.to.include("--embedded");
    });
  });

  describe("as a process", () => {
    let child: ChildProcess;
    let printed: string;
    let onStdout: string;

    function start(...args: string[]): Promise<number | null> {
      printed = "";
      onStdout = "";
      child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", "node", ...args], { cwd: root });
      child.stderr?.on("data", (bytes: Buffer) => (printed += bytes.toString()));
      child.stdout?.on("data", (bytes: Buffer) => (onStdout += bytes.toString()));
      return new Promise((resolve) => child.on("close", resolve));
    }
    afterEach(() => child.kill("SIGKILL"));

    it("runs the nodes it is told until a signal ends it, cleanly", async () => {
      const small = ["-p", "camera_driver:simulated.width:=64", "-p", "camera_driver:simulated.height:=48"];
      const names = ["container", "camera_driver", "motor_driver"];
      const exit = start(...names, "--embedded", "--ros-args", "-r", "__ns:=/left", ...small);
      const isReady = (node: string): boolean => printed.includes(`[left.${node}]: ready`);
      await eventually(() => isReady("camera_driver") && isReady("motor_driver"), 15_000);
      expect(printed).to.include("config/simulation.yaml");
      child.kill("SIGTERM");
      expect(await exit).to.equal(0);
      expect(printed).to.include("SIGTERM: shutting down.");
      expect(onStdout).to.equal("");
    });

    it("exits with 2 when a parameter is refused", async () => {
      const exit = start("motor_driver", "--embedded", "--ros-args", "-p", "move_timeout:=.nan");
      expect(await exit).to.equal(2);
      expect(printed).to.include("move_timeout").and.to.include("invalid_parameter");
    });
  });
});
