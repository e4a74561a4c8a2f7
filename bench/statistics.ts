/** The middle of some figures; of an even number, the mean of the two in the middle. Throws when there is none. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error("there is no median of nothing");
  return (lower + upper) / 2;
}

/**
 * The median of the ratios of figures that were taken in the same turn: a machine that was busy in one turn was so for
 * both. Throws when there are not as many of the one as of the other.
 */
export function pairwiseRatio(figures: readonly number[], baseline: readonly number[]): number {
  if (figures.length !== baseline.length) {
    throw new Error(
      `as many figures are wanted as of the baseline, got ${figures.length} and ${baseline.length}`,
    );
  }
  return median(figures.map((figure, turn) => figure / (baseline[turn] as number)));
}

/** The value below which a share of the figures lies, by nearest rank: `percentile(figures, 0.99)`. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("there is no percentile of nothing");
  return value;
}
