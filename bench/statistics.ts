/** The median. Throws if there are no figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error("the median needs at least one figure");
  return (lower + upper) / 2;
}

/** A percentile by nearest rank: `percentile(figures, 0.99)`. Throws if there are no figures. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("the percentile needs at least one figure");
  return value;
}

/** A geometric mean and its 95 % confidence interval. */
export interface Estimate {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Student's t at 97.5 %, by degrees of freedom from 1: https://www.itl.nist.gov/div898/handbook/eda/section3/eda3672.htm */
const T_975 = [
  ...[12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228],
  ...[2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086],
  ...[2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042],
];

/**
 * The geometric mean of positive figures with the t interval of the mean of their logarithms: the interval of Georges,
 * Buytaert and Eeckhout, "Statistically rigorous Java performance evaluation" (OOPSLA 2007, section 3), with logarithms
 * because ratios are compared. A single figure has no interval. Above 31 figures, 30 degrees of freedom are used, which
 * is slightly wide. Throws for no figures, and for several with one not above 0.
 */
export function geometricMean(figures: readonly number[]): Estimate {
  const [first] = figures;
  if (first === undefined) throw new Error("the mean needs at least one figure");
  if (figures.length === 1) return { estimate: first, low: first, high: first };
  const wrong = figures.find((figure) => !(figure > 0));
  if (wrong !== undefined) throw new Error(`figures must be above 0, got ${wrong}`);
  const logs = figures.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const freedom = logs.length - 1;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / freedom;
  const t = T_975[Math.min(freedom, T_975.length) - 1] as number;
  const half = t * Math.sqrt(variance / logs.length);
  return { estimate: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

/**
 * Ratios of figures of the same turn, because load of the machine affects both. If one has more turns, only common
 * turns count.
 */
export function pairedRatios(figures: readonly number[], baseline: readonly number[]): number[] {
  const turns = Math.min(figures.length, baseline.length);
  return figures.slice(0, turns).map((figure, turn) => figure / (baseline[turn] as number));
}
