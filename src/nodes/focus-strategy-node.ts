/**
 * The node `focus_strategy`: reads the focus of the whole frame and moves the lens so that an all-in-focus picture or
 * video can be fused from what the camera sees (paper 1, section 5).
 *
 * - Action `focus_strategy/capture` (static): takes a still scene with few frames and fuses them.
 * - Service `focus_strategy/enable` (dynamic, Algorithm 2): keeps moving the lens to where most of the picture is
 *   pending; the node `fusion` makes the video. A capture interrupts it.
 *
 * Each look is published: the matrices, an overlay, an occupancy grid, the sharpness. A focus action owns the lens while
 * it runs (YieldingLens). The video survives a camera or a lens that stops: it says so and goes on when they do.
 */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { SceneKind } from "../algorithms/strategy/activation.ts";
import { hold } from "../core/clock.ts";
import { AutofocusError, ERROR_CODES, expected, toAutofocusError } from "../core/errors.ts";
import { bounded } from "../core/bounded.ts";
import { CameraFeed } from "../pipeline/camera-feed.ts";
import type { FocusedFrame } from "../pipeline/focused-frames.ts";
import { followScene } from "../pipeline/dynamic-capture.ts";
import { FrameStack, type FusedMessages } from "../pipeline/frame-stack.ts";
import { LensClient } from "../pipeline/lens-client.ts";
import { once, type Networks } from "../pipeline/networks.ts";
import { regionMessages } from "../pipeline/region-messages.ts";
import { SceneLooker, type SceneLook } from "../pipeline/scene-look.ts";
import { captureStatic, type CaptureEnd, type CaptureTotals } from "../pipeline/static-capture.ts";
import { TimedNetworks } from "../pipeline/timed-networks.ts";
import { YieldingLens } from "../pipeline/yielding-lens.ts";
import type { CaptureAllInFocusResultMsg, SetBoolResponseMsg } from "../ros/messages.ts";
import type { ParameterStore } from "../ros/parameters.ts";
import type { ActionServer, GoalHandle, Init, Outcome, RosNode } from "../ros/port.ts";
import { ActivationPublishers } from "./activation-publishers.ts";
import { Activity } from "./activity.ts";
import { BackgroundRun } from "./background-run.ts";
import { captureLimits } from "./capture-limits.ts";
import { keepLoaded } from "./device-keeper.ts";
import { focusStrategyParameters } from "./focus-strategy-parameters.ts";
import { lensModel } from "./lens-parameters.ts";
import { ManagedNode } from "./managed-node.ts";
import type { NodeFactory } from "./types.ts";

const CAPTURE = "intelligent_autofocus/action/CaptureAllInFocus";

export interface FocusStrategyDependencies {
  readonly networks: Networks;
}

export const createFocusStrategyNode: NodeFactory<FocusStrategyDependencies> = (node, dependencies) =>
  new FocusStrategyNode(node, dependencies).managed;

type Handle = GoalHandle<typeof CAPTURE>;
type CaptureResult = Init<CaptureAllInFocusResultMsg>;

/** What a node has while it is active. */
interface Tools {
  readonly camera: CameraFeed;
  readonly client: LensClient;
  readonly lens: YieldingLens;
}

class FocusStrategyNode {
  readonly managed: ManagedNode;
  readonly #node: RosNode;
  readonly #networks: TimedNetworks;
  readonly #parameters: ParameterStore<typeof focusStrategyParameters>;
  readonly #activity: Activity;
  readonly #publishers: ActivationPublishers;
  readonly #server: ActionServer;
  #model = once(() => this.#loadModel());
  #tools: Tools | undefined;
  readonly #video: BackgroundRun;
  /** Video is wanted; it runs unless a capture has the lens. */
  #isEnabled: boolean;
  #coverage = NaN;

  constructor(node: RosNode, { networks }: FocusStrategyDependencies) {
    this.#node = node;
    this.#networks = new TimedNetworks(networks);
    this.#parameters = node.declareParameters(focusStrategyParameters);
    this.#activity = new Activity(node);
    this.#publishers = new ActivationPublishers(node);
    this.#isEnabled = this.#parameters.values.enabled;
    this.#video = new BackgroundRun("The video", node.log, (signal) => this.#runVideo(signal));
    this.#server = node.actionServer("focus_strategy/capture", CAPTURE, {
      execute: this.#activity.goal((handle) => this.#execute(handle)),
    });
    node.service(
      "focus_strategy/enable",
      "std_srvs/srv/SetBool",
      this.#activity.service(({ data }) => this.#enable(data)),
    );
    const { clock, log } = node;
    this.managed = new ManagedNode({
      node,
      activity: this.#activity,
      autostart: this.#parameters.values.autostart,
      keep: (onState) =>
        keepLoaded({ what: "lens model and network", clock, log, load: () => this.#load(), onState }),
      activate: () => this.#begin(),
      deactivate: () => this.#end(),
      close: () => undefined,
      values: () => ({
        video: String(this.#video.isRunning),
        coverage: this.#coverage.toFixed(3),
        reading_ms: this.#networks.latest.toFixed(1),
      }),
    });
  }

  async #load(): Promise<void> {
    // A file that has changed since it was configured the last time counts.
    this.#model = once(() => this.#loadModel());
    await this.#model();
    await this.#networks.defocus();
  }

  #begin(): void {
    const client = new LensClient(this.#node);
    const lens = new YieldingLens(this.#node, client);
    this.#tools = { camera: new CameraFeed(this.#node), client, lens };
    this.#startVideo();
  }

  async #end(): Promise<void> {
    await this.#video.end();
    const tools = this.#tools;
    this.#tools = undefined;
    tools?.lens.close();
    tools?.client.close();
    tools?.camera.close();
  }

  /** @throws AutofocusError `inactive`. */
  #needTools(): Tools {
    if (this.#tools === undefined) throw new AutofocusError("inactive", "The node is not active.");
    return this.#tools;
  }

  async #loadModel(): Promise<LensModel> {
    const model = await lensModel(this.#parameters.values);
    if (model === undefined)
      throw expected("invalid_parameter", "a lens file", "lens", "", {
        cure: "The strategy needs to know where the lens is in focus: name a lens file.",
      });
    return model;
  }

  async #enable(wanted: boolean): Promise<SetBoolResponseMsg> {
    this.#isEnabled = wanted;
    if (!wanted) {
      await this.#video.end();
      return { success: true, message: "The lens stays where it is." };
    }
    if (this.#server.activeGoals > 0) return { success: true, message: "Starts when the capture has ended." };
    this.#startVideo();
    return { success: true, message: "The lens follows the scene." };
  }

  #startVideo(): void {
    if (this.#isEnabled && this.#tools !== undefined) this.#video.start();
  }

  async #runVideo(signal: AbortSignal): Promise<void> {
    const { memory, planner, frame_timeout, lens_timeout } = this.#parameters.values;
    const { camera, lens } = this.#needTools();
    await followScene({
      clock: this.#node.clock,
      camera,
      lens,
      looker: await this.#looker({ kind: "dynamic", k: memory < 0 ? "motion" : memory, planner }),
      signal,
      frameTimeout: 1000 * frame_timeout,
      moveTimeout: 1000 * lens_timeout,
      onLook: (look) => this.#publish(look),
      onTrouble: (error) => this.#node.log.warn(`The video waits: ${error.summary}`),
    });
  }

  async #looker(scene: SceneKind): Promise<SceneLooker> {
    const { patch_size: patchSize, stride } = this.#parameters.values;
    return new SceneLooker(scene, await this.#model(), this.#networks, { patchSize, stride });
  }

  #publish(look: SceneLook): Promise<void> {
    this.#coverage = look.step.coverage;
    return this.#publishers.publish(look, this.#parameters.values.grid_resolution);
  }

  async #execute(handle: Handle): Promise<Outcome<CaptureResult>> {
    const begin = this.#node.clock.now();
    const totals: { latest: CaptureTotals } = {
      latest: { frames: 0, travel: 0, positions: [], reasons: [] },
    };
    try {
      await this.#video.end();
      const result = await this.#capture(handle, totals);
      const isComplete = result.error_code === ERROR_CODES.none;
      return {
        status: isComplete ? "succeeded" : "aborted",
        result: { ...result, success: isComplete, elapsed: (this.#node.clock.now() - begin) / 1000 },
      };
    } catch (error) {
      const known = toAutofocusError(error);
      this.#node.log.warn(`A capture ended: ${known.summary}`);
      const { frames, travel, positions, reasons } = totals.latest;
      return {
        status: known.code === "canceled" ? "canceled" : "aborted",
        result: {
          frames,
          travel,
          positions: Float64Array.from(positions),
          reasons: [...reasons],
          elapsed: (this.#node.clock.now() - begin) / 1000,
          error_code: known.number,
          error_msg: known.summary,
        },
      };
    } finally {
      // The goal still counts as active here, another may already wait: then the video goes on after that.
      if (this.#activity.isActive && this.#server.activeGoals <= 1) this.#startVideo();
    }
  }

  async #capture(handle: Handle, totals: { latest: CaptureTotals }): Promise<CaptureResult> {
    const limits = captureLimits(handle.goal, this.#parameters.values);
    const { camera, lens } = this.#needTools();
    const model = await this.#model();
    const stack = new FrameStack(model);
    let spare: FocusedFrame | undefined;
    const late = (): AutofocusError =>
      new AutofocusError("timeout", `The capture took longer than ${limits.timeout} ms.`, {
        cure: "Allow more time, or check that the lens arrives and frames come.",
      });
    const bounds = { clock: this.#node.clock, timeout: limits.timeout, signal: handle.signal, late };
    const end: CaptureEnd = await bounded(bounds, async (ended) =>
      captureStatic(
        {
          clock: this.#node.clock,
          camera,
          lens,
          looker: await this.#looker({ kind: "static" }),
          signal: ended,
          onLook: async (look, now) => {
            totals.latest = now;
            await this.#publish(look);
            handle.feedback(feedbackOf(look, now));
            if (look.step.isUseful) await stack.add(look.frame);
            else spare = look.frame;
          },
        },
        limits,
      ),
    );
    const { image, depth } = await hold(this.#node.clock, this.#fuse(stack, spare));
    return {
      image,
      depth,
      positions: Float64Array.from(end.positions),
      reasons: [...end.reasons],
      reason: end.reason,
      ...regionMessages(end.last, model),
      frames: end.frames,
      travel: end.travel,
      coverage: end.coverage,
      error_code: end.limit?.number ?? ERROR_CODES.none,
      error_msg: end.limit?.summary ?? "",
    };
  }

  /** A scene in which nothing was ever in focus is still a picture. */
  async #fuse(stack: FrameStack, spare: FocusedFrame | undefined): Promise<FusedMessages> {
    if (stack.isEmpty && spare !== undefined) await stack.add(spare);
    return stack.finish();
  }
}

function feedbackOf({ frame, step }: SceneLook, { frames }: CaptureTotals) {
  return {
    frames,
    position: frame.position,
    next_position: step.next === "complete" ? frame.position : step.next,
    coverage: step.coverage,
    reason: step.reason,
  };
}
