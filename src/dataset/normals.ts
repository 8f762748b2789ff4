/** Standard normal deviates by the hundred thousand, from a table: exact draws would dominate the time to render. */
import { normal, seededRandom, uniformInt, type Random } from "../core/random.ts";

const TABLE_SIZE = 2 ** 16;
let table: Float32Array | undefined;

/** `count` deviates; `random` seeds the walk through the table. */
export function normals(count: number, random: Random): Float32Array {
  table ??= fill();
  const out = new Float32Array(count);
  let state = uniformInt(random, 1, 0x7fffffff);
  for (let k = 0; k < count; k++) {
    // xorshift32 (Marsaglia 2003); its high bits pick the entry.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    out[k] = table[state >>> 16]!;
  }
  return out;
}

function fill(): Float32Array {
  const random = seededRandom(1);
  return Float32Array.from({ length: TABLE_SIZE }, () => normal(random));
}
