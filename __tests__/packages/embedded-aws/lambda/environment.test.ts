import type { FunctionConfiguration } from "../../../../packages/embedded-aws/lambda/configuration";
import { processEnvironment } from "../../../../packages/embedded-aws/lambda/environment";
import { reportLines, startLine } from "../../../../packages/embedded-aws/lambda/report";
import { lambdaSegments } from "../../../../packages/embedded-aws/lambda/segments";
import { readTraceHeader, writeTraceHeader } from "../../../../packages/embedded-aws/lambda/trace";

const configuration: FunctionConfiguration = {
  name: "media",
  version: "7",
  arn: "arn:aws:lambda:us-east-1:111111111111:function:media:7",
  handler: "index.handler",
  runtime: "nodejs22.x",
  role: "arn:aws:iam::111111111111:role/media",
  memory: 512,
  timeout: 29,
  environment: {
    LOG_LEVEL: "INFO",
    AWS_REGION: "elsewhere",
    NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
  },
  logGroup: "/aws/lambda/media",
  logFormat: "JSON",
  tracing: true,
  deadLetterTarget: undefined,
  reserved: undefined,
  codeSha256: "",
  codeLocation: "",
};

const environmentOf = (environment: Record<string, string>) =>
  processEnvironment({
    configuration: { ...configuration, environment },
    region: "us-east-1",
    credentials: { accessKeyId: "ASIA", secretAccessKey: "s", sessionToken: "t" },
    endpoint: "http://127.0.0.1:1",
    xray: "127.0.0.1:2",
    taskRoot: "/code",
    logStream: "stream",
    certificates: "/local/ca.pem",
    publicCertificates: "/local/public-ca.pem",
  });

describe("the environment of a function's process", () => {
  it("has the deployed variables, which can't change the runtime's", () => {
    const { start } = environmentOf(configuration.environment);
    expect(start).toMatchObject({ LOG_LEVEL: "INFO", AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "ASIA" });
    expect(start).not.toHaveProperty("HOME");
  });

  it("lets Node read the local certificates where the runtime's were deployed, and the function see the latter", () => {
    const { start, seen } = environmentOf(configuration.environment);
    expect(start.NODE_EXTRA_CA_CERTS).toBe("/local/ca.pem");
    expect(seen).toEqual({ NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" });
  });

  it("trusts only the local authority of public hosts where the runtime's certificates were not deployed", () => {
    const { start, seen } = environmentOf({});
    expect(start.NODE_EXTRA_CA_CERTS).toBe("/local/public-ca.pem");
    expect(seen).toEqual({ NODE_EXTRA_CA_CERTS: null });
  });

  it("trusts no local authority where a file of the function's own was deployed", () => {
    const { start, seen } = environmentOf({ NODE_EXTRA_CA_CERTS: "/var/task/own.pem" });
    expect([start.NODE_EXTRA_CA_CERTS, seen]).toEqual(["/var/task/own.pem", {}]);
  });
});

describe("Lambda's own log lines", () => {
  const invocation = {
    requestId: "r",
    duration: 12.3456,
    initDuration: 200.5,
    memoryUsed: 67.2 * 1024 * 1024,
    error: undefined,
    traceId: "Root=1-a",
  };
  const timedOut = { errorType: "Sandbox.Timedout", errorMessage: "Task timed out after 1.00 seconds" };

  it("are JSON where the function logs JSON", () => {
    expect(JSON.parse(startLine(configuration, "r"))).toMatchObject({
      type: "platform.start",
      record: { requestId: "r", version: "7" },
    });
    const [line = ""] = reportLines(configuration, invocation);
    expect(JSON.parse(line)).toMatchObject({
      type: "platform.report",
      record: {
        status: "success",
        metrics: {
          durationMs: 12.346,
          billedDurationMs: 213,
          memorySizeMB: 512,
          maxMemoryUsedMB: 68,
          initDurationMs: 200.5,
        },
      },
    });
    const [failed = ""] = reportLines(configuration, { ...invocation, error: timedOut });
    expect(JSON.parse(failed)).toMatchObject({
      record: { status: "timeout", errorType: "Sandbox.Timedout" },
    });
  });

  it("are text where it logs text", () => {
    const text = { ...configuration, logFormat: "Text" as const };
    expect(startLine(text, "r")).toBe("START RequestId: r Version: 7");
    const lines = reportLines(text, { ...invocation, initDuration: undefined, error: timedOut });
    expect(lines[0]).toMatch(/^\S+Z r Task timed out after 1\.00 seconds$/);
    expect(lines.slice(1)).toEqual([
      "END RequestId: r",
      "REPORT RequestId: r\tDuration: 12.35 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 68 MB\t",
    ]);
  });
});

describe("a trace header", () => {
  const root = "1-6b04b525-fcd06a6e5787a5b1a9048d30";

  it("is carried on", () => {
    const header = readTraceHeader(`Root=${root};Parent=53995c3f42cd8ad8;Sampled=0`);
    expect(header).toEqual({ root, parent: "53995c3f42cd8ad8", sampled: false });
    expect(writeTraceHeader(header)).toBe(`Root=${root};Parent=53995c3f42cd8ad8;Sampled=0`);
  });

  it.each([undefined, "", "nonsense", "Root=2-x"])("begins a new trace instead of %j", (text) => {
    const header = readTraceHeader(text);
    expect(header).toMatchObject({ parent: undefined, sampled: true });
    expect(header.root).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  });

  it("gives the function's segment the service's as its parent", () => {
    const ids = { service: "s", function: "f" };
    const times = { arrived: 1_000, began: 1_500, ended: 2_000 };
    const header = { root, parent: undefined, sampled: true };
    const [service, of] = lambdaSegments({
      configuration,
      header,
      ids,
      requestId: "r",
      ...times,
      error: undefined,
    });
    expect(service).toMatchObject({ id: "s", origin: "AWS::Lambda", start_time: 1, end_time: 2 });
    expect(service?.parent_id).toBeUndefined();
    expect(of).toMatchObject({ id: "f", parent_id: "s", origin: "AWS::Lambda::Function", start_time: 1.5 });
  });
});
