import { createMetrics } from "../../../handlers/runtime/metrics";

it("writes a metric as CloudWatch Logs reads it: a line with a header, the dimensions and the value", () => {
  const lines: string[] = [];
  const measure = createMetrics({
    namespace: "StreamFlow",
    dimensions: { Environment: "dev" },
    write: (line) => lines.push(line),
  });
  measure({ name: "VideoProcessingTime", value: 1234, unit: "Milliseconds" });
  const [line = "{}"] = lines;
  expect(lines).toHaveLength(1);
  expect(line).not.toContain("\n");
  const { _aws, ...rest } = JSON.parse(line);
  expect(rest).toEqual({ Environment: "dev", VideoProcessingTime: 1234 });
  expect(Math.abs(_aws.Timestamp - Date.now())).toBeLessThan(5_000);
  expect(_aws.CloudWatchMetrics).toEqual([
    {
      Namespace: "StreamFlow",
      Dimensions: [["Environment"]],
      Metrics: [{ Name: "VideoProcessingTime", Unit: "Milliseconds" }],
    },
  ]);
});

it("writes a metric with its own dimensions", () => {
  const lines: string[] = [];
  const dimensions = { Environment: "dev" };
  const measure = createMetrics({ namespace: "N", dimensions, write: (line) => lines.push(line) });
  measure({ name: "RefusedVideos", value: 1, unit: "Count", dimensions: { Reason: "text" } });
  const { _aws, ...rest } = JSON.parse(lines[0] ?? "{}");
  expect(rest).toEqual({ Environment: "dev", Reason: "text", RefusedVideos: 1 });
  expect(_aws.CloudWatchMetrics[0].Dimensions).toEqual([["Environment", "Reason"]]);
});
