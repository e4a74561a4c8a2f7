import type { MetricAlarm, StateValue } from "@aws-sdk/client-cloudwatch";

/** Values of an alarm's metric in each period of its window, oldest first; undefined without data. */
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
 * The state of an alarm by M out of N datapoints. AWS also considers late datapoints of earlier periods; here none are
 * late. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
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
  const window = datapoints.slice(-EvaluationPeriods);
  const measured = window.filter((value) => value !== undefined);
  if (measured.length === 0 && TreatMissingData === "missing") return "INSUFFICIENT_DATA";
  if (measured.length === 0 && TreatMissingData === "ignore") return alarm.StateValue ?? "INSUFFICIENT_DATA";
  const missing = TreatMissingData === "breaching" ? EvaluationPeriods - measured.length : 0;
  const beyond = measured.filter((value) => breaches(value, Threshold)).length + missing;
  return beyond >= (alarm.DatapointsToAlarm ?? EvaluationPeriods) ? "ALARM" : "OK";
}
