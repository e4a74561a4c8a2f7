import { halfWidth, MAX_HALF_WIDTH, type Row } from "../cli/docs/performance/measurements";
import { optional } from "../stacks/lib/optional";
import { type Benchmark, type Comparison, type Measured, type Turns, UNITS } from "./case";
import { geometricMean, pairedRatios } from "./statistics";

/** The rows of a case. Throws if a compared subject was not measured. */
export function rowsOf(
  { name, comparisons }: Pick<Benchmark, "name" | "comparisons">,
  measured: Measured,
): Row[] {
  return comparisons.map((comparison) => {
    const { of: subject, than, figure, unit = UNITS[figure] ?? "", goal, limit } = comparison;
    const figures = figuresOf(measured, { name, of: subject, figure });
    const others = than === undefined ? undefined : figuresOf(measured, { name, of: than, figure });
    const compared = others === undefined ? figures : pairedRatios(figures, others);
    return {
      subject,
      ...optional({ baseline: than }),
      figure,
      unit,
      turns: compared.length,
      value: rounded(geometricMean(figures.slice(0, compared.length)).estimate),
      ...optional({
        baselineValue: others && rounded(geometricMean(others.slice(0, compared.length)).estimate),
      }),
      ...roundedFields(geometricMean(compared)),
      ...optional({ goal, limit }),
    };
  });
}

/** Rounds to five digits, to keep results readable. */
const rounded = (value: number): number => Number(value.toPrecision(5));

const roundedFields = ({ estimate, low, high }: Pick<Row, "estimate" | "low" | "high">) => ({
  estimate: rounded(estimate),
  low: rounded(low),
  high: rounded(high),
});

/** Subjects that need more samples: fewer turns than the minimum, or a wide confidence interval before the maximum. */
export function neededFor(comparisons: readonly Comparison[], { least, most }: Turns) {
  return (measured: Measured): ReadonlySet<string> => {
    const open = comparisons.filter((comparison) => {
      const { of, than = of } = comparison;
      const turns = Math.min(measured[of]?.length ?? 0, measured[than]?.length ?? 0);
      if (turns < least) return true;
      if (turns >= most) return false;
      const [row] = rowsOf({ name: "", comparisons: [comparison] }, measured);
      return row !== undefined && halfWidth(row) > MAX_HALF_WIDTH;
    });
    return new Set(open.flatMap(({ of, than = of }) => [of, than]));
  };
}

interface ComparedFigure {
  /** Name of the case. */
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
