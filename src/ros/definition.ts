/** How a message, or a part of a service or an action, is described at run time; messages.ts is full of these. */
export interface FieldDefinition {
  readonly name: string;
  /** A primitive of ROS 2 (`float64`), or, where `complex`, the key of another definition (`std_msgs/Header`). */
  readonly type: string;
  readonly complex?: true;
  readonly array?: true;
  /** Length of an array of fixed length. */
  readonly length?: number;
  /** Greatest length of a bounded array. */
  readonly most?: number;
  /** Value where none is given; else zero, false, empty. */
  readonly default?: unknown;
}

/** Fields in order, by `package/Name`, with `_Request`, `_Response`, `_Goal`, `_Result`, `_Feedback` for parts. */
export type Definitions = Readonly<Record<string, readonly FieldDefinition[]>>;
