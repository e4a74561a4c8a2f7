export interface MetricsOptions {
  /** CloudWatch namespace. */
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly write?: (line: string) => void;
}

/** Units of CloudWatch that are used here. */
export type Unit = "Milliseconds" | "Count";

export type Measure = (name: string, value: number, unit: Unit) => void;

/**
 * Metrics as lines of the log in CloudWatch's embedded metric format, which CloudWatch Logs turns into metrics: no
 * call, so nothing to wait for and nothing to lose.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetrics({ namespace, dimensions, write = toOutput }: MetricsOptions): Measure {
  return (name, value, unit) => {
    const metrics = {
      Namespace: namespace,
      Dimensions: [Object.keys(dimensions)],
      Metrics: [{ Name: name, Unit: unit }],
    };
    const header = { Timestamp: Date.now(), CloudWatchMetrics: [metrics] };
    write(JSON.stringify({ _aws: header, ...dimensions, [name]: value }));
  };
}

function toOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}
