/** The managed life of the installed nodes, by the `ros2` command line and an rclpy client. */
import { expect } from "chai";
import { fileURLToPath } from "node:url";
import { describeRos } from "../support/ros.ts";
import { change, python, ros2, RosPackage } from "../support/ros-package.ts";

const FOCUS = "intelligent_autofocus/action/Focus";
const CLIENT = fileURLToPath(new URL("lifecycle_client.py", import.meta.url));
const CAMERA = fileURLToPath(new URL("best_effort_camera.py", import.meta.url));
const LAUNCH = fileURLToPath(new URL("lifecycle.launch.py", import.meta.url));
const NODES = ["motor_driver", "camera_driver", "autofocus", "focus_strategy", "fusion"];

/** The rclpy client; see there what it does. */
const client = async (what: string): Promise<unknown> => JSON.parse((await python(CLIENT, what)).output);
const focus = (goal: string) => ["action", "send_goal", "/camera/autofocus/focus", FOCUS, goal];

describeRos("the managed life of the installed package", () => {
  const installed = new RosPackage();

  it("is in the hands of its user without autostart", async () => {
    const running = installed.launch("simulation.launch.py", "autostart:=false");
    // Nothing tells when the nodes are there but that they are.
    let nodes = "";
    while (!NODES.every((name) => nodes.includes(`/camera/${name}`)))
      nodes = (await ros2("lifecycle", "nodes")).output;
    expect((await ros2("lifecycle", "get", "/camera/autofocus")).output).to.contain("unconfigured [1]");
    const list = (await ros2("lifecycle", "list", "/camera/autofocus")).output;
    expect(list).to.contain("configure [1]").and.to.contain("shutdown [5]");
    expect((await ros2(...focus("{}"))).output)
      .to.contain("ABORTED")
      .and.to.contain("error_code: 5");
    for (const name of NODES) await change(`/camera/${name}`, "configure");
    for (const name of NODES) {
      // Rendering and loading may take their time: refused until then, and no harm done.
      let isActive = false;
      while (!isActive)
        isActive = (await ros2("lifecycle", "set", `/camera/${name}`, "activate")).output.includes(
          "successful",
        );
    }
    await running.prints(/camera\.autofocus\]: ready/);
    expect((await ros2(...focus("{}"))).output).to.contain("success: true");
  });

  it("refuses to activate a camera that is not there, with the reason, and activates it when it is", async () => {
    const name = "/camera/camera_driver";
    const parameters = [
      "driver:=topic",
      "topic.image:=/usb/image_raw",
      "frame_timeout:=1.0",
      "autostart:=false",
    ];
    const running = installed.start(
      "ros2",
      ..."run intelligent_autofocus camera_driver_node --ros-args".split(" "),
      ...[...parameters, "reopen_period_max:=1.0"].flatMap((each) => ["-p", each]),
    );
    let nodes = "";
    while (!nodes.includes(name)) nodes = (await ros2("lifecycle", "nodes")).output;
    await change(name, "configure");
    await change(name, "activate", false);
    await running.prints(/activate failed: No picture on \/usb\/image_raw within 1 s/);
    const { output } = await ros2("topic", "echo", "--once", "--field", "status", "/diagnostics");
    expect(output).to.contain("No picture on /usb/image_raw");
    installed.start("python3", CAMERA);
    await running.prints(/camera \(topic\): available/);
    await change(name, "activate");
    expect((await ros2("topic", "echo", "--once", "/camera/image_raw", "--no-arr")).output).to.contain("usb");
  });

  it("ends a goal that runs when autofocus is deactivated", async () => {
    await installed.simulation();
    const goal = installed.start("ros2", ...focus("{search: coarse-fine}"), "--feedback");
    await goal.prints(/Feedback/);
    await change("/camera/autofocus", "deactivate");
    await goal.end();
    expect(goal.output).to.contain("ABORTED").and.to.contain("error_code: 5");
    expect(await client("trigger")).to.have.property("success", false);
    await change("/camera/autofocus", "activate");
    expect(await client("trigger")).to.have.property("success", true);
  });

  it("tells of its transitions, and takes a calibration, from a client in another language", async () => {
    await installed.simulation();
    expect(await client("events")).to.deep.equal([
      ["active", "deactivating"],
      ["deactivating", "inactive"],
      ["inactive", "activating"],
      ["activating", "active"],
    ]);
    const told = await client("calibrate");
    expect(told).to.include({ before: 0, success: true, model: "plumb_bob", wrong: false });
    expect(told).to.have.property("after").closeTo(500, 25);
    expect(told)
      .to.have.property("why")
      .match(/frames/);
  });

  it("is managed by launch_ros", async () => {
    await installed.start("ros2", "launch", LAUNCH).prints(/it is active/);
  });

  it("changes its log level while it runs, and has its events where everybody looks", async () => {
    await installed.simulation();
    const level = "{levels: [{name: camera.autofocus, level: 40}]}";
    const service = "/camera/autofocus/set_logger_levels";
    const { output } = await ros2("service", "call", service, "rcl_interfaces/srv/SetLoggerLevels", level);
    expect(output).to.contain("successful=True");
    const topics = (await ros2("topic", "list")).output.split("\n");
    expect(topics).to.include("/parameter_events").and.not.include("/camera/parameter_events");
  });

  it("is there again after it was killed, with respawn", async () => {
    const running = await installed.simulation("respawn:=true");
    const [, pid] = await running.prints(/autofocus_container-1\]: process started with pid \[(\d+)\]/);
    const { length } = running.output;
    process.kill(Number(pid), "SIGKILL");
    await running.prints(new RegExp(`^[\\s\\S]{${length},}camera\\.autofocus\\]: ready`));
    expect((await ros2(...focus("{}"))).output).to.contain("success: true");
  });
});
