/**
 * The package as a ROS user meets it: `ros2 launch` of the installed package, and the `ros2` command line and an rclpy
 * client against it. Needs the package built with colcon and its workspace sourced.
 */
import { expect } from "chai";
import { fileURLToPath } from "node:url";
import { describeRos } from "../support/ros.ts";
import { PACKAGE, python, ros2, RosPackage } from "../support/ros-package.ts";

const FOCUS = `${PACKAGE}/action/Focus`;
const CAMERA = fileURLToPath(new URL("best_effort_camera.py", import.meta.url));
const CLIENT = fileURLToPath(new URL("focus_client.py", import.meta.url));

const sendGoal = (action: string, type: string, goal: string, ...flags: string[]) =>
  ros2("action", "send_goal", ...flags, action, type, goal);
/** The rclpy client; see there what it does. */
const client = (what: string) => python(CLIENT, what);

/** Small frames, so that a slow machine keeps up. */
const SMALL = ["-p", "camera_driver:simulated.width:=640", "-p", "camera_driver:simulated.height:=480"];

describeRos("the installed package", () => {
  const installed = new RosPackage();
  const node = (executable: string, ...args: string[]) =>
    installed.start("ros2", "run", PACKAGE, executable, "--ros-args", ...SMALL, ...args);

  it("has its executables and interfaces", async () => {
    const { output } = await ros2("pkg", "executables", PACKAGE);
    for (const name of [
      "camera_driver_node",
      "motor_driver_node",
      "autofocus_node",
      "focus_strategy_node",
      "fusion_node",
      "autofocus_container",
    ])
      expect(output).to.contain(`${PACKAGE} ${name}`);
    expect((await ros2("interface", "show", FOCUS)).output).to.contain("in_focus_probability");
  });

  it("focuses on a goal of the command line, with feedback, and ends cleanly", async () => {
    const running = await installed.simulation();
    const { output } = await sendGoal("/camera/autofocus/focus", FOCUS, "{}", "--feedback");
    expect(output).to.contain("Feedback:").and.to.contain("success: true").and.to.contain("SUCCEEDED");
    expect(await running.stop()).to.equal(0);
    expect(running.output)
      .to.contain("shutting down")
      .and.not.to.match(/SIGKILL|process has died/);
  });

  it("refuses parameters that are wrong, and says why", async () => {
    await installed.simulation();
    const set = (name: string, value: string) => ros2("param", "set", "/camera/autofocus", name, value);
    expect((await set("timeout", "5.0")).output).to.contain("successful");
    expect((await set("timeout", "5")).output).to.contain("successful");
    expect((await set("windows", "[100, 100, 200, 200]")).output).to.contain("successful");
    expect((await ros2("param", "get", "/camera/autofocus", "windows")).output).to.match(
      /\[100, 100, 200, 200\]/,
    );
    for (const [name, value, reason] of [
      ["timeout", "-1.0", /timeout/],
      ["mode", "sideways", /mode/],
      ["lens", "other", /read-only/],
      ["nothing", "1", /no parameter/],
    ] as const)
      expect((await set(name, value)).output, name)
        .to.match(reason)
        .and.to.contain("failed");
    const { output } = await ros2("param", "describe", "/camera/autofocus", "timeout");
    expect(output).to.contain("Max value: 3600");
  });

  it("preempts, cancels and rejects nothing it should take, for a client in another language", async () => {
    await installed.simulation();
    expect(JSON.parse((await client("preempt")).output)).to.deep.include({
      first: "aborted",
      firstCode: 304,
      second: "succeeded",
    });
    expect(JSON.parse((await client("cancel")).output)).to.deep.include({ status: "canceled", code: 303 });
    expect(JSON.parse((await client("together")).output)).to.deep.equal({
      ends: [
        ["aborted", 304],
        ["succeeded", 0],
      ],
    });
  });

  it("fails in bounded time where there is no lens", async () => {
    node("autofocus_container");
    const alone = node("autofocus_node", "-r", "__ns:=/alone", "-p", "frame_timeout:=1.0");
    await alone.prints(/ready/);
    const started = Date.now();
    const { output } = await sendGoal("/alone/autofocus/focus", FOCUS, "{}");
    expect(output)
      .to.contain("ABORTED")
      .and.to.match(/error_code: [1-9]/);
    expect(Date.now() - started).to.be.lessThan(30_000);
  });

  it("fails in bounded time when the lens node is killed in the middle of a goal", async () => {
    const motor = node("motor_driver_node", "-p", "simulated.speed:=5.0");
    node("camera_driver_node");
    const autofocus = node("autofocus_node", "-p", "lens_timeout:=20.0");
    await Promise.all([motor.prints(/ready/), autofocus.prints(/ready/)]);
    const goal = installed.start(
      "ros2",
      "action",
      "send_goal",
      "--feedback",
      "/camera/autofocus/focus",
      FOCUS,
      "{search: coarse-fine}",
    );
    await goal.prints(/accepted/);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    motor.signal("SIGKILL");
    await goal.end(60_000);
    expect(goal.output)
      .to.match(/ABORTED/)
      .and.to.match(/error_code: [1-9]/);
  });

  it("attaches to a camera that somebody else runs, best effort", async () => {
    installed.start("python3", CAMERA);
    const running = installed.launch(
      "attach.launch.py",
      "image_topic:=/usb/image_raw",
      "lens_driver:=simulated",
    );
    await running.prints(/camera\.camera_driver\]: ready/);
    const { output } = await ros2("topic", "echo", "--once", "/camera/frame_focus");
    expect(output).to.contain("frame_id: usb").and.to.contain("settled: true");
    await running.prints(/camera\.autofocus\]: ready/);
    const goal = await sendGoal("/camera/autofocus/focus", FOCUS, "{}");
    // The picture stays as it is wherever the lens stands, so that there is no focus to find: what counts is that the
    // search looked at pictures of the foreign camera taken after its moves, and came to an end of its own.
    expect(goal.output)
      .to.match(/captures: [2-9]|captures: \d\d/)
      .and.to.match(/moves: [1-9]/)
      .and.not.to.match(/error_code: (200|201|210|211|302)\b/);
  });

  it("runs several cameras side by side", async () => {
    const share = (await ros2("pkg", "prefix", "--share", PACKAGE)).output.trim();
    const parameters = `params_file:=${share}/config/simulation.yaml`;
    const running = installed.launch("multi_camera.launch.py", "cameras:=left,right", parameters);
    for (const name of ["left", "right"]) await running.prints(new RegExp(`${name}\\.autofocus\\]: ready`));
    const { output } = await ros2("node", "list");
    for (const name of ["left", "right"]) expect(output).to.contain(`/${name}/motor_driver`);
    const goals = ["left", "right"].map((name) => sendGoal(`/${name}/autofocus/focus`, FOCUS, "{}"));
    for (const { output: told } of await Promise.all(goals)) expect(told).to.contain("success: true");
  });
});
