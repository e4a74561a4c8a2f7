import { readFileSync } from "node:fs";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { BatchGetTracesCommand, XRayClient } from "@aws-sdk/client-xray";
import { startInvokeApi } from "../../../packages/embedded-aws/lambda/api";
import { createFunction } from "./functions";
import { obedient, startLambda, type TestLambda } from "./lambda-service";

let lambda: TestLambda;

const invoke = (functionName: string, event: unknown, trace?: string) =>
  lambda.service.invoke({ functionName, event, ...(trace !== undefined && { trace }) });

beforeAll(async () => {
  lambda = await startLambda();
  await createFunction(lambda.aws, "test", obedient);
});

afterAll(() => lambda.stop());

describe("what a function leaves", () => {
  it("is in its log stream, between Lambda's own lines", async () => {
    const logs = new CloudWatchLogsClient(lambda.aws);
    await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/lambda/logging" }));
    await createFunction(lambda.aws, "logging", obedient);
    const { requestId } = await invoke("logging", { action: "throw" });
    await lambda.service.stop();
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: "/aws/lambda/logging" }),
    );
    const lines = events.map(({ message }) => message ?? "");
    expect(lines[0]).toBe(`START RequestId: ${requestId} Version: $LATEST`);
    expect(lines[1]).toMatch(new RegExp(`^\\S+\\t${requestId}\\tINFO\\tcalled with throw$`));
    expect(lines[2]).toMatch(/\tERROR\tInvoke Error\t\{"errorType":"TypeError"/);
    expect(lines.at(-1)).toMatch(
      /^REPORT RequestId: .*\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: /,
    );
    expect(readFileSync(lambda.logFile("logging"), "utf8").trim().split("\n")).toHaveLength(lines.length);
  });

  it("is in the order in which it was written, by standard output and error, and before the report", async () => {
    const source = `exports.handler = async () => {
      for (let line = 0; line < 4000; line++) process[line % 2 ? "stderr" : "stdout"].write("line " + line + "\\n");
      process.stderr.write("the last, without a line break");
    };`;
    await createFunction(lambda.aws, "two-pipes", source);
    await invoke("two-pipes", {});
    await invoke("two-pipes", {});
    const written = readFileSync(lambda.logFile("two-pipes"), "utf8").split("\n");
    const ofOneCall = [
      "START",
      ...Array.from({ length: 4_000 }, (_, line) => `line ${line}`),
      "the last, without a line break",
      "END",
      "REPORT",
    ];
    const kinds = written.map((line) => line.replace(/^(START|END|REPORT) .*/, "$1"));
    expect(kinds.filter((line) => line !== "")).toEqual([...ofOneCall, ...ofOneCall]);
  });

  it("is in the caller's trace: the service's segment, and the function's inside it", async () => {
    const root = "1-6b04b525-fcd06a6e5787a5b1a9048d30";
    await invoke("test", { action: "throw" }, `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`);
    await lambda.xray.flush();
    const { Traces = [] } = await new XRayClient(lambda.aws).send(
      new BatchGetTracesCommand({ TraceIds: [root] }),
    );
    type Segment = { id: string; origin: string; parent_id: string; fault?: boolean };
    const segments = (Traces[0]?.Segments ?? []).map(
      ({ Document = "{}" }) => JSON.parse(Document) as Segment,
    );
    const outer = segments.find(({ origin }) => origin === "AWS::Lambda");
    expect(outer).toMatchObject({ parent_id: "53995c3f42cd8ad8", fault: true });
    expect(segments.find(({ origin }) => origin === "AWS::Lambda::Function")).toMatchObject({
      parent_id: outer?.id,
    });
  });
});

describe("the Invoke API", () => {
  it("answers the AWS SDK, by name and alias, with the function's error marked", async () => {
    const api = await startInvokeApi({ service: lambda.service, emulator: lambda.aws.endpoint });
    // by the emulator, like every caller
    const client = new LambdaClient({ ...lambda.aws, maxAttempts: 1 });
    const call = (FunctionName: string, event: unknown) =>
      client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
    const good = await call("test", { action: "wait", ms: 1 });
    expect(good).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(good.FunctionError).toBeUndefined();
    const bad = await call("arn:aws:lambda:us-east-1:111111111111:function:test", { action: "throw" });
    expect(bad.FunctionError).toBe("Unhandled");
    expect(JSON.parse(Buffer.from(bad.Payload ?? "").toString())).toMatchObject({ errorType: "TypeError" });
    await expect(call("nothing", {})).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await api.stop();
    await expect(call("test", { action: "wait", ms: 1 })).rejects.toThrow(
      "lambda Invoke can't run in this embedded AWS: no server for functions is started",
    );
    client.destroy();
  });
});
