/**
 * What every adapter of the ROS port must do, checked on whichever is handed in. `create` makes a fresh context; two
 * nodes of it must be able to hear each other.
 */
import { expect } from "chai";
import { firstValueFrom, map, type Observable } from "rxjs";
import { z } from "zod";
import { ERROR_CODES } from "../../src/core/errors.ts";
import { newMessage } from "../../src/ros/message.ts";
import type { ActionHandlers, GoalHandle, Qos, RosContext, RosNode } from "../../src/ros/port.ts";
import { eventually, rejection } from "../support/async.ts";

const FLOAT = "std_msgs/msg/Float64";
const MOVE = "intelligent_autofocus/action/MoveLens";
type Move = typeof MOVE;

const float = (data: number) => newMessage(FLOAT, { data });

/** Collects what an observable emits. */
function collect<T>(source: Observable<T>): { readonly values: T[]; stop: () => void; completed: boolean } {
  const state = { values: [] as T[], stop: () => subscription.unsubscribe(), completed: false };
  const subscription = source.subscribe({
    next: (value) => state.values.push(value),
    complete: () => (state.completed = true),
  });
  return state;
}

/** Resolves when the goal is told to end. */
const told = (handle: GoalHandle<Move>): Promise<void> =>
  new Promise((resolve) => {
    if (handle.signal.aborted) resolve();
    handle.signal.addEventListener("abort", () => resolve());
  });

/** Carries a goal out until it is told to end, then throws the reason. */
const untilTold: ActionHandlers<Move>["execute"] = async (handle) => {
  await told(handle);
  throw handle.signal.reason;
};

export function rosPortContract(adapter: string, create: () => Promise<RosContext>): void {
  describe(`ROS port: ${adapter}`, () => {
    let context: RosContext;
    let alice: RosNode;
    let bob: RosNode;

    beforeEach(async () => {
      context = await create();
      alice = await context.createNode("alice", { namespace: "/cam" });
      bob = await context.createNode("bob", { namespace: "cam" });
    });
    afterEach(() => context.shutdown());

    /** A publisher and a subscription that have found each other. */
    async function connected(publisherQos: Partial<Qos> = {}, subscriptionQos: Partial<Qos> = {}) {
      const publisher = alice.publish("value", FLOAT, publisherQos);
      const received = collect(bob.subscribe("value", FLOAT, subscriptionQos).pipe(map(({ data }) => data)));
      await eventually(() => publisher.subscriptionCount === 1);
      return { publisher, received };
    }

    describe("names", () => {
      it("puts relative names into the namespace and private ones into the node", () => {
        expect(alice.fullName).to.equal("/cam/alice");
        expect(bob.namespace).to.equal("/cam");
        expect(alice.resolve("image_raw")).to.equal("/cam/image_raw");
        expect(alice.resolve("~/state")).to.equal("/cam/alice/state");
        expect(alice.resolve("/tf")).to.equal("/tf");
      });

      it("remaps relative, private and absolute names", async () => {
        const carol = await context.createNode("carol", {
          namespace: "/cam",
          remaps: [
            { from: "image_raw", to: "/usb/image" },
            { from: "~/state", to: "other" },
          ],
        });
        expect(carol.resolve("/cam/image_raw")).to.equal("/usb/image");
        expect(carol.resolve("~/state")).to.equal("/cam/other");
      });

      it("refuses malformed names", async () => {
        expect((await rejection(context.createNode("1st"))).code).to.equal("invalid_input");
        expect((await rejection(context.createNode("x", { namespace: "/a//b" }))).code).to.equal(
          "invalid_input",
        );
        for (const name of ["", "a b", "a//b", "/a/", "~x", "2d"])
          expect(() => alice.resolve(name), name)
            .to.throw()
            .with.property("code", "invalid_input");
      });
    });

    describe("topics", () => {
      it("delivers in order, to everyone, later", async () => {
        const { publisher, received } = await connected();
        const second = collect(bob.subscribe("/cam/value", FLOAT));
        await eventually(() => publisher.subscriptionCount === 2);
        [1, 2, 3].forEach((value) => publisher.publish(float(value)));
        expect(received.values).to.deep.equal([]);
        await eventually(() => received.values.length === 3 && second.values.length === 3);
        expect(received.values).to.deep.equal([1, 2, 3]);
      });

      it("ends a subscription with its observer, and counts subscribers", async () => {
        const { publisher, received } = await connected();
        received.stop();
        await eventually(() => publisher.subscriptionCount === 0);
        publisher.publish(float(1));
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(received.values).to.deep.equal([]);
      });

      it("hands the last messages to a late subscription that asks for them", async () => {
        const qos = { durability: "transient-local", depth: 2 } as const;
        const publisher = alice.publish("value", FLOAT, qos);
        [1, 2, 3].forEach((value) => publisher.publish(float(value)));
        const late = collect(bob.subscribe("value", FLOAT, qos).pipe(map(({ data }) => data)));
        const volatile = collect(bob.subscribe("value", FLOAT));
        await eventually(() => late.values.length === 2);
        expect(late.values).to.deep.equal([2, 3]);
        expect(volatile.values).to.deep.equal([]);
      });

      it("keeps a reliable subscription from a best-effort publisher, and lets it match", async () => {
        const { publisher, received } = await connected(
          { reliability: "best-effort" },
          { reliability: "match" },
        );
        const reliable = collect(bob.subscribe("value", FLOAT, { reliability: "reliable" }));
        publisher.publish(float(7));
        await eventually(() => received.values.length === 1);
        expect(reliable.values).to.deep.equal([]);
        expect(publisher.subscriptionCount).to.equal(1);
      });

      it("refuses a message that does not fit its type, and goes on", async () => {
        const { publisher, received } = await connected();
        for (const wrong of [{ data: "1" }, {}, { data: 1, more: 2 }, null])
          expect(() => publisher.publish(wrong as never))
            .to.throw()
            .with.property("code", "invalid_input");
        publisher.publish(float(2));
        await eventually(() => received.values.length === 1);
      });

      it("survives a subscriber that throws", async () => {
        const { publisher, received } = await connected();
        bob.subscribe("value", FLOAT).subscribe(() => {
          throw new Error("a broken subscriber");
        });
        await eventually(() => publisher.subscriptionCount === 2);
        publisher.publish(float(1));
        publisher.publish(float(2));
        await eventually(() => received.values.length === 2);
      });

      it("completes subscriptions when their node shuts down", async () => {
        const { received } = await connected();
        await bob.shutdown();
        expect(received.completed).to.equal(true);
      });
    });

    describe("services", () => {
      it("answers, completing the request", async () => {
        alice.service("lamp", "std_srvs/srv/SetBool", ({ data }) => ({ success: data, message: "set" }));
        const client = bob.client("lamp", "std_srvs/srv/SetBool");
        expect(await client.call({ data: true })).to.deep.equal({ success: true, message: "set" });
        expect(await client.call()).to.deep.equal({ success: false, message: "set" });
      });

      it("tells the client what a failing handler threw", async () => {
        alice.service("bad", "std_srvs/srv/Trigger", () => Promise.reject(new Error("no lamp")));
        const answer = await bob.client("bad", "std_srvs/srv/Trigger").call();
        expect(answer).to.deep.equal({ success: false, message: "no lamp" });
      });

      it("times out without a server and with one that never answers", async () => {
        const absent = bob.client("absent", "std_srvs/srv/Trigger").call({}, { timeout: 30 });
        expect((await rejection(absent)).code).to.equal("timeout");
        alice.service("slow", "std_srvs/srv/Trigger", () => new Promise(() => undefined));
        const slow = bob.client("slow", "std_srvs/srv/Trigger").call({}, { timeout: 30 });
        expect((await rejection(slow)).code).to.equal("timeout");
      });

      it("waits for a server that comes later, and stops waiting when told", async () => {
        const answer = bob.client("late", "std_srvs/srv/Trigger").call();
        const giveUp = new AbortController();
        const never = bob.client("never", "std_srvs/srv/Trigger").call({}, { signal: giveUp.signal });
        alice.service("late", "std_srvs/srv/Trigger", () => ({ success: true, message: "" }));
        expect((await answer).success).to.equal(true);
        giveUp.abort();
        expect((await rejection(never)).code).to.equal("canceled");
      });

      it("refuses a request that does not fit", async () => {
        const call = bob.client("lamp", "std_srvs/srv/SetBool").call({ data: 1 as never });
        expect((await rejection(call)).code).to.equal("invalid_input");
      });
    });

    describe("actions", () => {
      const client = () => bob.actionClient("lens/move", MOVE);
      const serve = (handlers: Partial<ActionHandlers<Move>>) =>
        alice.actionServer("lens/move", MOVE, { execute: untilTold, ...handlers });

      it("carries goal, feedback and result", async () => {
        serve({
          execute: (handle) => {
            [1, 2].forEach((position) => handle.feedback({ state: { position } }));
            const state = { position: handle.goal.position };
            return Promise.resolve({ status: "succeeded", result: { state } });
          },
        });
        const heard: number[] = [];
        const goal = await client().sendGoal(
          { position: 1500 },
          { onFeedback: ({ state }) => heard.push(state.position) },
        );
        const { status, result } = await goal.outcome;
        expect(status).to.equal("succeeded");
        expect(result.state.position).to.equal(1500);
        expect(result.error_code).to.equal(0);
        expect(heard).to.deep.equal([1, 2]);
      });

      it("takes the empty goal", async () => {
        serve({
          execute: ({ goal }) =>
            Promise.resolve({ status: "succeeded", result: { error_msg: `${goal.position}` } }),
        });
        expect((await (await client().sendGoal()).outcome).result.error_msg).to.equal("0");
      });

      it("rejects goals the server refuses, whether it says no or throws", async () => {
        serve({
          accept: ({ position }) => {
            if (position > 10) throw new Error("too far");
            return position > 5;
          },
        });
        expect((await rejection(client().sendGoal({ position: 1 }))).code).to.equal("goal_rejected");
        expect((await rejection(client().sendGoal({ position: 11 }))).code).to.equal("goal_rejected");
      });

      it("fails within the timeout where there is no server", async () => {
        expect(client().serverAvailable).to.equal(false);
        expect((await rejection(client().sendGoal({}, { timeout: 30 }))).code).to.equal("timeout");
      });

      it("cancels", async () => {
        const server = serve({});
        const goal = await client().sendGoal();
        expect(server.activeGoals).to.equal(1);
        expect(await goal.cancel()).to.equal(true);
        const { status, result } = await goal.outcome;
        expect(status).to.equal("canceled");
        expect(result.error_code).to.equal(ERROR_CODES.canceled);
        expect(server.activeGoals).to.equal(0);
        expect(await goal.cancel()).to.equal(false);
      });

      it("cancels when the client's signal aborts", async () => {
        serve({});
        const stop = new AbortController();
        const goal = await client().sendGoal({}, { signal: stop.signal });
        stop.abort();
        expect((await goal.outcome).status).to.equal("canceled");
      });

      it("lets the server refuse to cancel", async () => {
        let finish = (): void => undefined;
        const finished = new Promise<void>((resolve) => (finish = resolve));
        serve({
          cancel: () => false,
          execute: async () => {
            await finished;
            return { status: "succeeded", result: {} };
          },
        });
        const goal = await client().sendGoal();
        expect(await goal.cancel()).to.equal(false);
        finish();
        expect((await goal.outcome).status).to.equal("succeeded");
      });

      it("preempts: the new goal starts when the old one has ended", async () => {
        const events: string[] = [];
        let release = (): void => undefined;
        const released = new Promise<void>((resolve) => (release = resolve));
        serve({
          execute: async (handle) => {
            events.push(`start ${handle.goal.position}`);
            if (handle.goal.position === 3) return { status: "succeeded", result: {} };
            await told(handle);
            await released;
            events.push(`end ${handle.goal.position}`);
            throw handle.signal.reason;
          },
        });
        const first = await client().sendGoal({ position: 1 });
        await eventually(() => events.length === 1);
        const second = await client().sendGoal({ position: 2 });
        const third = await client().sendGoal({ position: 3 });
        release();
        const outcomes = await Promise.all([first.outcome, second.outcome, third.outcome]);
        expect(outcomes.map(({ status }) => status)).to.deep.equal(["aborted", "aborted", "succeeded"]);
        expect(outcomes.map(({ result }) => result.error_code)).to.deep.equal([
          ERROR_CODES.preempted,
          ERROR_CODES.preempted,
          0,
        ]);
        expect(events).to.deep.equal(["start 1", "end 1", "start 3"]);
      });

      it("cancels a goal that waits for one that does not end", async () => {
        let finish = (): void => undefined;
        serve({
          execute: () =>
            new Promise((resolve) => (finish = () => resolve({ status: "succeeded", result: {} }))),
        });
        const stubborn = await client().sendGoal();
        const waiting = await client().sendGoal();
        expect(await waiting.cancel()).to.equal(true);
        expect((await waiting.outcome).status).to.equal("canceled");
        finish();
        expect((await stubborn.outcome).status).to.equal("succeeded");
      });

      it("runs goals side by side, or refuses them, where the server says so", async () => {
        const server = serve({ whenBusy: "concurrent" });
        await client().sendGoal({ position: 1 });
        await client().sendGoal({ position: 2 });
        expect(server.activeGoals).to.equal(2);
        const busy = alice.actionServer("single", MOVE, { whenBusy: "reject", execute: untilTold });
        const single = bob.actionClient("single", MOVE);
        const offers = await Promise.allSettled([single.sendGoal(), single.sendGoal()]);
        expect(offers.map(({ status }) => status)).to.have.members(["fulfilled", "rejected"]);
        expect(busy.activeGoals).to.equal(1);
      });

      it("aborts a goal whose handler throws or returns nonsense, and goes on", async () => {
        serve({
          execute: ({ goal }) =>
            goal.position === 0
              ? Promise.reject(new Error("burnt"))
              : Promise.resolve({ status: "succeeded", result: { error_code: -1 } }),
        });
        const thrown = await (await client().sendGoal()).outcome;
        expect(thrown.status).to.equal("aborted");
        expect(thrown.result.error_code).to.equal(ERROR_CODES.internal);
        expect(thrown.result.error_msg).to.equal("burnt");
        const nonsense = await (await client().sendGoal({ position: 1 })).outcome;
        expect(nonsense.status).to.equal("aborted");
        expect(nonsense.result.error_code).to.equal(ERROR_CODES.invalid_input);
      });

      it("calls nothing canceled that no client canceled", async () => {
        serve({ execute: () => Promise.resolve({ status: "canceled", result: {} }) });
        expect((await (await client().sendGoal()).outcome).status).to.equal("aborted");
      });

      it("aborts goals when the server's node shuts down", async () => {
        serve({});
        const goal = await client().sendGoal();
        await alice.shutdown();
        const { status, result } = await goal.outcome;
        expect(status).to.equal("aborted");
        expect(result.error_code).to.equal(ERROR_CODES.canceled);
      });
    });

    describe("parameters", () => {
      const schema = z
        .object({
          rate: z.number().min(1).max(100).default(30).meta({ description: "Frames a second." }),
          count: z.int().min(0).default(3).meta({ description: "Frames." }),
          mode: z.enum(["a", "b"]).default("a").meta({ description: "Mode." }),
          device: z.string().default("x").meta({ description: "Device.", readOnly: true }),
        })
        .refine(({ rate, count }) => count < rate, { message: "count must be below rate" });

      it("reads, sets and tells of changes", async () => {
        const store = alice.declareParameters(schema);
        const seen = collect(store.values$.pipe(map(({ rate }) => rate)));
        const remote = bob.parameterClient("/cam/alice");
        expect(await remote.list()).to.include.members(["rate", "count", "mode", "device"]);
        expect(await remote.get(["rate", "mode"])).to.deep.equal([30, "a"]);
        expect(await remote.set({ rate: 50.5, mode: "b" })).to.deep.equal({ successful: true, reason: "" });
        expect(store.values).to.include({ rate: 50.5, mode: "b", count: 3 });
        expect(seen.values).to.deep.equal([30, 50.5]);
        expect((await rejection(remote.get(["nothing"]))).code).to.equal("invalid_parameter");
      });

      it("carries lists of every type there and back", async () => {
        const meta = { description: "A list." };
        alice.declareParameters(
          z.object({
            flags: z.array(z.boolean()).default([true]).meta(meta),
            counts: z.array(z.int()).default([1]).meta(meta),
            rates: z.array(z.number()).default([0.5]).meta(meta),
            names: z.array(z.string()).default(["a"]).meta(meta),
          }),
        );
        const remote = bob.parameterClient("/cam/alice");
        const lists = { flags: [false, true], counts: [-7, 2 ** 40], rates: [1.5, 2], names: ["", "b"] };
        expect(await remote.set(lists)).to.deep.equal({ successful: true, reason: "" });
        expect(await remote.get(Object.keys(lists))).to.deep.equal(Object.values(lists));
      });

      it("sets all or nothing", async () => {
        const store = alice.declareParameters(schema);
        const remote = bob.parameterClient("/cam/alice");
        const refused: Record<string, unknown>[] = [
          { count: 4, rate: 0 },
          { count: 4, rate: NaN },
          { count: 4, rate: Infinity },
          { count: 4, rate: "50" },
          { rate: 50, count: 1.5 },
          { rate: 50, mode: "c" },
          { rate: 50, device: "y" },
          { rate: 50, nothing: 1 },
          { rate: 2, count: 2 },
        ];
        for (const values of refused) {
          const { successful, reason } = await remote.set(values);
          expect(successful, JSON.stringify(values)).to.equal(false);
          expect(reason).to.not.equal("");
        }
        expect(store.values).to.deep.equal({ rate: 30, count: 3, mode: "a", device: "x" });
      });

      it("asks the node's own checks before anything is applied", async () => {
        const store = alice.declareParameters(schema);
        store.addCheck((next, previous) => {
          if (next.rate < previous.rate) throw new Error("only faster");
        });
        const remote = bob.parameterClient("alice");
        expect(await remote.set({ rate: 20, count: 5 })).to.deep.equal({
          successful: false,
          reason: "only faster",
        });
        expect(store.values.count).to.equal(3);
      });

      it("starts with the values given from outside, or says which are wrong", async () => {
        const parameters = { rate: 60, device: "y", unheard_of: 1 };
        const carol = await context.createNode("carol", { parameters });
        expect(carol.declareParameters(schema).values).to.include({ rate: 60, device: "y" });
        const dave = await context.createNode("dave", { parameters: { rate: 1000, mode: "c" } });
        expect(() => dave.declareParameters(schema))
          .to.throw(/rate.*mode/)
          .with.property("code", "invalid_parameter");
      });

      it("times out for a node that is not there", async () => {
        const absent = bob.parameterClient("/nobody").list({ timeout: 30 });
        expect((await rejection(absent)).code).to.equal("timeout");
      });
    });

    describe("shutdown", () => {
      it("ends goals, then runs callbacks in reverse order, whatever they throw", async () => {
        const events: string[] = [];
        alice.onShutdown(() => void events.push("first"));
        alice.onShutdown(() => {
          throw new Error("broken");
        });
        alice.onShutdown(async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          events.push("last");
        });
        alice.actionServer("lens/move", MOVE, {
          execute: async (handle) => {
            await told(handle);
            events.push("goal");
            throw handle.signal.reason;
          },
        });
        const goal = await bob.actionClient("lens/move", MOVE).sendGoal();
        await Promise.all([alice.shutdown(), alice.shutdown()]);
        await goal.outcome;
        expect(events).to.deep.equal(["goal", "last", "first"]);
      });

      it("lets a node's name and services be taken again", async () => {
        const serve = (node: RosNode, message: string) =>
          node.service("/hello", "std_srvs/srv/Trigger", () => ({ success: true, message }));
        serve(alice, "old");
        await alice.shutdown();
        serve(await context.createNode("alice", { namespace: "/cam" }), "new");
        const answer = await bob.client("/hello", "std_srvs/srv/Trigger").call();
        expect(answer.message).to.equal("new");
      });

      it("hears clocks run", async () => {
        const before = alice.clock.now();
        await alice.clock.sleep(5);
        expect(alice.clock.now()).to.be.greaterThan(before);
        const value = firstValueFrom(bob.subscribe("value", FLOAT));
        const publisher = alice.publish("value", FLOAT);
        await eventually(() => publisher.subscriptionCount === 1);
        publisher.publish(float(alice.clock.now()));
        expect((await value).data).to.be.greaterThan(before);
      });
    });
  });
}
