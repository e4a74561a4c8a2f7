import type { MetricAlarm, StateValue } from "@aws-sdk/client-cloudwatch";

/** Values of an alarm's metric in each period of its evaluation range, oldest first; undefined without data. */
export type Datapoints = readonly (number | undefined)[];

type Rule = Pick<
  MetricAlarm,
  | "ComparisonOperator"
  | "DatapointsToAlarm"
  | "EvaluationPeriods"
  | "Threshold"
  | "TreatMissingData"
  | "StateValue"
>;

const BREACHES: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/**
 * Periods before an alarm's own that CloudWatch reads too, and uses where recent data is missing: with three evaluation
 * periods, five in AWS's examples. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
const EARLIER_PERIODS = 2;

/** Number of periods that an alarm's evaluation reads. */
export function evaluationRange({ EvaluationPeriods = 1 }: Rule): number {
  return EvaluationPeriods + EARLIER_PERIODS;
}

/**
 * The state of an alarm by M out of N datapoints. Counts the most recent N values of the range; only if there are fewer,
 * missing ones count as the alarm says, so that an alarm on missing data fires later than after N periods without.
 */
export function evaluate(alarm: Rule, datapoints: Datapoints): StateValue {
  const {
    ComparisonOperator = "",
    EvaluationPeriods = 1,
    Threshold = 0,
    TreatMissingData = "missing",
  } = alarm;
  const breaches = BREACHES[ComparisonOperator];
  if (breaches === undefined) throw new Error(`unsupported comparison operator ${ComparisonOperator}`);
  const range = datapoints.slice(-evaluationRange(alarm));
  const measured = range.filter((value) => value !== undefined).slice(-EvaluationPeriods);
  if (measured.length === 0 && TreatMissingData === "missing") return "INSUFFICIENT_DATA";
  if (measured.length === 0 && TreatMissingData === "ignore") return alarm.StateValue ?? "INSUFFICIENT_DATA";
  const missing = TreatMissingData === "breaching" ? EvaluationPeriods - measured.length : 0;
  const beyond = measured.filter((value) => breaches(value, Threshold)).length + missing;
  return beyond >= (alarm.DatapointsToAlarm ?? EvaluationPeriods) ? "ALARM" : "OK";
}
