/** Arrays in NumPy's `.npy` format, version 1.0: the shards that training reads. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { AutofocusError } from "../core/errors.ts";

type NpyData = Uint8Array | Float32Array;

export interface NpyArray<T extends NpyData = NpyData> {
  readonly shape: readonly number[];
  /** C order. */
  readonly data: T;
}

const MAGIC = "\x93NUMPY\x01\x00";
const TYPES = { "|u1": Uint8Array, "<f4": Float32Array } as const;

/** Writes through a temporary file, so that a file with the final name is always whole. */
export async function writeNpy(path: string, array: NpyArray): Promise<void> {
  const type = array.data instanceof Uint8Array ? "|u1" : "<f4";
  const shape = array.shape.length === 1 ? `(${array.shape.join("")},)` : `(${array.shape.join(", ")})`;
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + "\n";
  const prefix = Buffer.alloc(10 + padded.length);
  prefix.write(MAGIC, "latin1");
  prefix.writeUInt16LE(padded.length, 8);
  prefix.write(padded, 10, "latin1");
  const { buffer, byteOffset, byteLength } = array.data;
  await writeFile(`${path}.part`, Buffer.concat([prefix, Buffer.from(buffer, byteOffset, byteLength)]));
  await rename(`${path}.part`, path);
}

/** @throws AutofocusError `io` when the file cannot be read or is not an array that `writeNpy` could have written. */
export async function readNpy(path: string): Promise<NpyArray> {
  const fail = (why: string, cause?: unknown): AutofocusError =>
    new AutofocusError("io", `Cannot read the array ${path}: ${why}.`, {
      cure: "Render the data set again with `intelligent-autofocus dataset`.",
      cause,
    });
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fail(error instanceof Error ? error.message : "unreadable", error);
  });
  if (bytes.length < 10 || bytes.toString("latin1", 0, 8) !== MAGIC) throw fail("not a .npy file");
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, start);
  const descr = /'descr': '([^']*)'/.exec(header)?.[1];
  const dimensions = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  if ((descr !== "|u1" && descr !== "<f4") || dimensions === undefined) throw fail("unsupported header");
  const shape = dimensions
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const length = shape.reduce((product, side) => product * side, 1);
  const type = TYPES[descr];
  if (bytes.length - start !== length * type.BYTES_PER_ELEMENT) throw fail("truncated");
  const copy = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length);
  return { shape, data: new type(copy) };
}
