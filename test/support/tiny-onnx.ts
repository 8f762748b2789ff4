/** Writes ONNX files with a handful of nodes, so that the loading of networks is tested without trained ones. */

type Field = readonly [number: number, value: number | string | Uint8Array];

/** A protobuf message: numbers become varints, strings and bytes length-delimited fields. */
function message(fields: readonly Field[]): Uint8Array {
  const bytes: number[] = [];
  for (const [number, value] of fields) {
    if (typeof value === "number") {
      bytes.push(...varint(number << 3), ...varint(value));
      continue;
    }
    const body = typeof value === "string" ? new TextEncoder().encode(value) : value;
    bytes.push(...varint((number << 3) | 2), ...varint(body.length), ...body);
  }
  return Uint8Array.from(bytes);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

const TYPES = { float: 1, uint8: 2 } as const;
type TypeName = keyof typeof TYPES;

/** A dimension is a number or the name of a free one. */
interface Port {
  readonly name: string;
  readonly type: TypeName;
  readonly dims: readonly (number | string)[];
}

export interface TinyNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers and lists of them. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface TinyGraph {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly nodes: readonly TinyNode[];
  readonly constants?: Readonly<Record<string, { dims: readonly number[]; values: readonly number[] }>>;
}

/** The bytes of an ONNX file, operator set 13. */
export function tinyOnnx(graph: TinyGraph): Uint8Array {
  const body = message([
    ...graph.nodes.map((node): Field => [1, nodeProto(node)]),
    [2, "tiny"],
    ...Object.entries(graph.constants ?? {}).map(([name, { dims, values }]): Field => [
      5,
      tensorProto(name, dims, values),
    ]),
    ...graph.inputs.map((port): Field => [11, portProto(port)]),
    ...graph.outputs.map((port): Field => [12, portProto(port)]),
  ]);
  const operators = message([[2, 13]]);
  return message([
    [1, 7],
    [7, body],
    [8, operators],
  ]);
}

function nodeProto({ op, inputs, outputs, attributes = {} }: TinyNode): Uint8Array {
  return message([
    ...inputs.map((name): Field => [1, name]),
    ...outputs.map((name): Field => [2, name]),
    [4, op],
    ...Object.entries(attributes).map(([name, value]): Field => [
      5,
      message(
        typeof value === "number"
          ? [
              [1, name],
              [3, value],
              [20, 2],
            ]
          : [[1, name], ...value.map((each): Field => [8, each]), [20, 7]],
      ),
    ]),
  ]);
}

function tensorProto(name: string, dims: readonly number[], values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  return message([...dims.map((dim): Field => [1, dim]), [2, TYPES.float], [8, name], [9, raw]]);
}

function portProto({ name, type, dims }: Port): Uint8Array {
  const shape = message(
    dims.map((dim): Field => [1, message([typeof dim === "number" ? [1, dim] : [2, dim]])]),
  );
  const tensor = message([
    [1, TYPES[type]],
    [2, shape],
  ]);
  return message([
    [1, name],
    [2, message([[1, tensor]])],
  ]);
}
