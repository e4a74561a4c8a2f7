export interface MetricsOptions {
  /** CloudWatch namespace. */
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly write?: (line: string) => void;
}

/** CloudWatch units in use. */
export type Unit = "Milliseconds" | "Seconds" | "Count" | "Percent";

/** A value of a metric. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** Dimensions in addition to those of all metrics. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

export type Measure = (measurement: Measurement) => void;

/**
 * Metrics as log lines in CloudWatch's embedded metric format, without API calls.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetrics({ namespace, dimensions, write = toOutput }: MetricsOptions): Measure {
  return ({ name, value, unit, dimensions: more }) => {
    const all = { ...dimensions, ...more };
    const metrics = {
      Namespace: namespace,
      Dimensions: [Object.keys(all)],
      Metrics: [{ Name: name, Unit: unit }],
    };
    const header = { Timestamp: Date.now(), CloudWatchMetrics: [metrics] };
    write(JSON.stringify({ _aws: header, ...all, [name]: value }));
  };
}

function toOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}
