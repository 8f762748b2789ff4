/**
 * Networks as ONNX files, run on the CPU. The only importer of `onnxruntime-node`.
 *
 * A file is loaded once however many ask for it, and freed when the last of them disposes of it; a failure is not
 * remembered, so that loading again after repairing the file works. One thread a network by default: these networks
 * are so small that handing work between threads costs more than it saves.
 */
import { InferenceSession, Tensor } from "onnxruntime-node";
import { AutofocusError } from "../core/errors.ts";

/** What goes in: values in C order and their dimensions. */
export interface TensorInput {
  readonly data: Float32Array | Uint8Array;
  readonly dims: readonly number[];
}

export interface NetworkOptions {
  /** Threads inside one operator; 1 unless said otherwise. */
  readonly threads?: number;
}

/** One user's hold on a loaded network. */
export interface Network {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Runs the graph and returns its float outputs by name.
   * @throws AutofocusError `inference_failed`.
   */
  run(inputs: Readonly<Record<string, TensorInput>>): Promise<Record<string, Float32Array>>;
  /** Gives the network back. Safe to call twice; `run` fails afterwards. */
  dispose(): Promise<void>;
}

interface Shared {
  readonly session: Promise<InferenceSession>;
  users: number;
}

const loaded = new Map<string, Shared>();

/**
 * The network in `file`.
 * @throws AutofocusError `model_invalid` when onnxruntime refuses the file.
 */
export async function loadNetwork(file: string, options: NetworkOptions = {}): Promise<Network> {
  const threads = options.threads ?? 1;
  const key = `${threads} ${file}`;
  const shared = loaded.get(key) ?? { session: create(file, threads), users: 0 };
  loaded.set(key, shared);
  shared.users++;
  const leave = async (): Promise<void> => {
    shared.users--;
    if (shared.users > 0) return;
    if (loaded.get(key) === shared) loaded.delete(key);
    await (await shared.session).release();
  };
  try {
    return hold(await shared.session, file, leave);
  } catch (cause) {
    if (loaded.get(key) === shared) loaded.delete(key);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AutofocusError("model_invalid", `The network ${file} does not load: ${reason}`, {
      cure: "Reinstall the package, or export the network again (training/README.md).",
      cause,
    });
  }
}

function create(file: string, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(file, {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  });
}

function hold(session: InferenceSession, file: string, leave: () => Promise<void>): Network {
  let disposed = false;
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    run: async (inputs) => {
      if (disposed) throw new AutofocusError("inference_failed", `The network ${file} was disposed of.`);
      try {
        return await runSession(session, inputs);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new AutofocusError("inference_failed", `The network ${file} failed: ${reason}`, { cause });
      }
    },
    dispose: async () => {
      if (disposed) return;
      disposed = true;
      await leave();
    },
  };
}

async function runSession(
  session: InferenceSession,
  inputs: Readonly<Record<string, TensorInput>>,
): Promise<Record<string, Float32Array>> {
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [
      name,
      data instanceof Uint8Array ? new Tensor("uint8", data, dims) : new Tensor("float32", data, dims),
    ]),
  );
  const results = await session.run(feeds);
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => {
      if (!(tensor.data instanceof Float32Array)) throw new Error(`output ${name} is ${tensor.type}`);
      return [name, tensor.data];
    }),
  );
}
