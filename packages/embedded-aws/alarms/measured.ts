import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricAlarm,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import { type Datapoints, evaluationRange } from "./evaluate";
import { metricMath, type Period } from "./expression";

/** Reads an alarm's metrics from CloudWatch in its evaluation range, which ends at `now`, and evaluates its metric math. */
export async function datapointsOf(
  client: CloudWatchClient,
  alarm: MetricAlarm,
  now: Date,
): Promise<Datapoints> {
  const queries = queriesOf(alarm);
  const metrics = queries.filter((query) => query.MetricStat !== undefined);
  const [seconds = 60] = metrics.map(({ MetricStat }) => MetricStat?.Period);
  const count = evaluationRange(alarm);
  const end = Math.floor(now.getTime() / 60_000) * 60_000;
  const start = end - count * seconds * 1_000;
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(start),
      EndTime: new Date(end),
      ScanBy: "TimestampAscending",
      MetricDataQueries: metrics.map((query) => ({ ...query, ReturnData: true })),
    }),
  );
  const periods = Array.from({ length: count }, (): Record<string, number> => ({}));
  for (const { Id = "", Timestamps = [], Values = [] } of MetricDataResults) {
    Timestamps.forEach((time, index) => {
      const period = periods[Math.floor((time.getTime() - start) / (seconds * 1_000))];
      const value = Values[index];
      if (period !== undefined && value !== undefined) period[Id] = value;
    });
  }
  const returned = queries.find(({ ReturnData }) => ReturnData !== false);
  const value =
    returned?.Expression === undefined
      ? (one: Period) => one[returned?.Id ?? ""]
      : metricMath(returned.Expression);
  return periods.map(value);
}

/** The queries of an alarm, also for an alarm of a single metric. */
function queriesOf(alarm: MetricAlarm): MetricDataQuery[] {
  if (alarm.Metrics !== undefined && alarm.Metrics.length > 0) return alarm.Metrics;
  const { Namespace, MetricName, Dimensions, Period: seconds, Statistic, ExtendedStatistic } = alarm;
  return [
    {
      Id: "m1",
      MetricStat: {
        Metric: { Namespace, MetricName, Dimensions },
        Period: seconds,
        Stat: ExtendedStatistic ?? Statistic,
      },
    },
  ];
}
