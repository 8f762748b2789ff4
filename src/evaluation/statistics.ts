/** Figures over samples. Empty samples give NaN. */

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation around the mean. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return rms(values.map((value) => value - middle));
}

/** Root mean square. */
export function rms(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}

/** The smallest value that a share `q` of the values does not exceed. */
export function quantile(values: readonly number[], q: number): number {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[Math.max(0, Math.ceil(q * ascending.length) - 1)] ?? NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The share of the values for which `is` holds. */
export function share<T>(values: readonly T[], is: (value: T) => boolean): number {
  return values.filter(is).length / values.length;
}

/** Spearman's rank correlation; ties share their mean rank. NaN where either does not vary. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [ranksA, ranksB] = [ranks(a), ranks(b)];
  const [meanA, meanB] = [mean(ranksA), mean(ranksB)];
  const covariance = mean(ranksA.map((rank, index) => (rank - meanA) * ((ranksB[index] as number) - meanB)));
  return covariance / (deviation(ranksA) * deviation(ranksB));
}

function ranks(values: readonly number[]): number[] {
  const sorted = values.toSorted((x, y) => x - y);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2);
}
