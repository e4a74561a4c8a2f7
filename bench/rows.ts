import { type Benchmark, type Comparison, type Measured, UNITS } from "./case";
import { median, pairwiseRatio } from "./statistics";

/** A comparison with what was measured. */
export interface Row {
  readonly name: string;
  readonly comparison: Comparison;
  readonly unit: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly baseline?: number;
  /** To the baseline, the median of the ratios of each turn. */
  readonly ratio?: number;
  /** Undefined where there is no goal. */
  readonly met?: boolean;
}

/** The rows of a case. Throws when something was not measured that is to be compared. */
export function rowsOf({ name, comparisons }: Benchmark, measured: Measured): Row[] {
  return comparisons.map((comparison) => {
    const { of, than, figure, unit = UNITS[figure] ?? "" } = comparison;
    const figures = figuresOf(measured, { name, of, figure });
    const row = {
      name,
      comparison,
      unit,
      median: median(figures),
      least: Math.min(...figures),
      most: Math.max(...figures),
    };
    if (than === undefined) return { ...row, ...verdictOf(comparison, row.median) };
    const others = figuresOf(measured, { name, of: than, figure });
    const ratio = pairwiseRatio(figures, others);
    return { ...row, baseline: median(others), ratio, ...verdictOf(comparison, ratio) };
  });
}

interface ComparedFigure {
  /** Of the case. */
  readonly name: string;
  readonly of: string;
  readonly figure: string;
}

function figuresOf(measured: Measured, { name, of, figure }: ComparedFigure): number[] {
  const missing = (what: string): never => {
    throw new Error(`the case "${name}" did not measure ${what}`);
  };
  return (measured[of] ?? missing(of)).map((sample) => sample[figure] ?? missing(`${figure} of ${of}`));
}

function verdictOf({ goal }: Comparison, value: number): { readonly met?: boolean } {
  if (goal === undefined) return {};
  return { met: "atMost" in goal ? value <= goal.atMost : value >= goal.atLeast };
}
