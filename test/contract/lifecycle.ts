/** What `ros2 lifecycle` and lifecycle managers find on a node, on whichever adapter is handed in. */
import { expect } from "chai";
import { AutofocusError } from "../../src/core/errors.ts";
import type { TransitionEventMsg } from "../../src/ros/messages.ts";
import { serveLifecycle } from "../../src/ros/lifecycle/interface.ts";
import { Lifecycle } from "../../src/ros/lifecycle/lifecycle.ts";
import type { RosContext, RosNode } from "../../src/ros/port.ts";
import { eventually } from "../support/async.ts";

const TRANSITIONS = "lifecycle_msgs/srv/GetAvailableTransitions";

export function lifecycleContract(adapter: string, create: () => Promise<RosContext>): void {
  describe(`managed life: ${adapter}`, () => {
    let context: RosContext;
    let user: RosNode;
    let life: Lifecycle;
    let obstacle: AutofocusError | undefined;
    let commanded: number;
    let carryOn: (() => void) | undefined;

    beforeEach(async () => {
      obstacle = undefined;
      commanded = 0;
      carryOn = undefined;
      context = await create();
      const node = await context.createNode("lens", { namespace: "/cam" });
      user = await context.createNode("user");
      const nothing = (): Promise<void> => Promise.resolve();
      life = new Lifecycle({
        configure: nothing,
        activate: () => (obstacle === undefined ? Promise.resolve() : Promise.reject(obstacle)),
        deactivate: () => new Promise((resolve) => (carryOn = resolve)),
        cleanup: nothing,
        shutdown: nothing,
        recover: nothing,
        onProblem: () => undefined,
      });
      serveLifecycle(node, life, () => commanded++);
    });
    afterEach(() => context.shutdown());

    const change = async (label: string, id = 0): Promise<boolean> => {
      const client = user.client("/cam/lens/change_state", "lifecycle_msgs/srv/ChangeState");
      return (await client.call({ transition: { id, label } })).success;
    };
    const state = async () =>
      (await user.client("/cam/lens/get_state", "lifecycle_msgs/srv/GetState").call()).current_state;
    const available = async (service: string) =>
      (await user.client(`/cam/lens/${service}`, TRANSITIONS).call()).available_transitions;

    it("is changed by label and by number, and tells its state", async () => {
      expect(await state()).to.deep.equal({ id: 1, label: "unconfigured" });
      expect(await change("configure")).to.equal(true);
      expect(await change("", 3)).to.equal(true);
      expect(await state()).to.deep.equal({ id: 3, label: "active" });
      expect(commanded).to.equal(2);
    });

    it("refuses what its state does not allow, and what fails", async () => {
      for (const wrong of ["activate", "fly", "transition_success"])
        expect(await change(wrong), wrong).to.equal(false);
      expect(await change("", 99)).to.equal(false);
      await change("configure");
      obstacle = new AutofocusError("lens_open_failed", "no lens");
      expect(await change("activate")).to.equal(false);
      expect(await state()).to.deep.equal({ id: 2, label: "inactive" });
      expect(commanded).to.equal(1);
    });

    it("answers while it changes, and allows one change at a time", async () => {
      await change("configure");
      await change("activate");
      const changing = change("deactivate");
      await eventually(() => carryOn !== undefined);
      expect(await state()).to.deep.equal({ id: 14, label: "deactivating" });
      expect(await change("shutdown")).to.equal(false);
      carryOn?.();
      expect(await changing).to.equal(true);
    });

    it("lists states and transitions", async () => {
      const states = user.client("/cam/lens/get_available_states", "lifecycle_msgs/srv/GetAvailableStates");
      expect((await states.call()).available_states)
        .to.have.length(11)
        .and.deep.include({ id: 4, label: "finalized" });
      expect(await available("get_available_transitions")).to.deep.equal([
        {
          transition: { id: 1, label: "configure" },
          start_state: { id: 1, label: "unconfigured" },
          goal_state: { id: 10, label: "configuring" },
        },
        {
          transition: { id: 5, label: "shutdown" },
          start_state: { id: 1, label: "unconfigured" },
          goal_state: { id: 12, label: "shuttingdown" },
        },
      ]);
      expect(await available("get_transition_graph")).to.have.length(25);
    });

    it("tells everyone of its transitions", async () => {
      const events: TransitionEventMsg[] = [];
      const type = "lifecycle_msgs/msg/TransitionEvent";
      user.subscribe("/cam/lens/transition_event", type).subscribe((event) => events.push(event));
      // Over a middleware the two need a moment to find each other.
      while (events.length === 0) {
        await life.command(life.state === "inactive" ? "cleanup" : "configure");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      if (life.state === "unconfigured") await life.command("configure");
      await life.command("activate");
      await eventually(() => events.at(-1)?.goal_state.label === "active");
      expect(events.at(-1)).to.deep.include({
        transition: { id: 30, label: "transition_success" },
        start_state: { id: 13, label: "activating" },
        goal_state: { id: 3, label: "active" },
      });
      expect(Number(events.at(-1)?.timestamp)).to.be.greaterThan(0);
    });
  });
}
