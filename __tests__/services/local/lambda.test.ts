import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { BatchGetTracesCommand, XRayClient } from "@aws-sdk/client-xray";
import { type AwsClientConfig, clientConfig } from "../../../tools/local/aws";
import { startInvokeApi } from "../../../tools/local/lambda/api";
import { RoleCredentials } from "../../../tools/local/lambda/credentials";
import { LambdaService } from "../../../tools/local/lambda/service";
import { type Emulator, startEmulator } from "../../../tools/local/servers/emulator";
import { XRayDaemon } from "../../../tools/local/xray/daemon";
import { createFunction, createRole, zipOf } from "./functions";

const folder = mkdtempSync(join(tmpdir(), "lambda-"));
const logFile = (name: string) => join(folder, `${name}.log`);
let emulator: Emulator;
let aws: AwsClientConfig;
let xray: XRayDaemon;
let service: LambdaService;
let credentials: RoleCredentials;

/** Does what its event says. */
const source = `
  let ticks = 0, calls = 0;
  setInterval(() => ticks++, 10);
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  exports.handler = async (event, context) => {
    calls++;
    console.log("called with", event.action);
    switch (event.action) {
      case "state": return { pid: process.pid, ticks, calls, variables: process.env, context,
                             remaining: context.getRemainingTimeInMillis() };
      case "wait": await wait(event.ms); return { pid: process.pid };
      case "throw": throw new TypeError("no such media");
      case "exit": process.exit(3);
      case "uncaught": setTimeout(() => { throw new RangeError("in a timer"); }, 10); await wait(1000);
      case "rejection": void Promise.reject(new Error("nobody listens")); await wait(1000);
      case "buffers": { const kept = []; for (;;) { kept.push(Buffer.alloc(8e6, 1)); await wait(5); } }
      case "heap": { const kept = []; for (;;) kept.push(new Array(1e5).fill({})); }
    }
  };`;

interface State {
  readonly pid: number;
  readonly ticks: number;
  readonly calls: number;
  readonly remaining: number;
  readonly variables: Record<string, string>;
  readonly context: unknown;
  readonly trace: string[];
}

const invoke = async (functionName: string, event: unknown, trace?: string) => {
  const result = await service.invoke({ functionName, event, ...(trace !== undefined && { trace }) });
  return { ...result, value: JSON.parse(result.payload) as State };
};

const running = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

beforeAll(async () => {
  emulator = await startEmulator({ accountId: "111111111111", log: join(folder, "emulator.log") });
  aws = clientConfig(emulator.endpoint, "us-east-1");
  await createRole(aws);
  xray = await XRayDaemon.start(aws);
  credentials = new RoleCredentials(aws);
  service = new LambdaService({
    aws,
    credentials,
    xray,
    hosts: {},
    folder: join(folder, "code"),
    certificates: "/nowhere/ca.pem",
    logFile,
  });
  await createFunction(aws, "test", source, {
    variables: { COLOUR: "green", AWS_REGION: "mine", TZ: "Europe/Rome" },
  });
  await createFunction(aws, "hasty", source, { timeout: 1 });
  await createFunction(aws, "small", source, { memory: 128, timeout: 20 });
}, 60_000);

afterAll(async () => {
  await service.stop();
  await xray.stop();
  await emulator.stop();
});

describe("a function", () => {
  it("sees its own variables, what the runtime sets, and nothing of this machine", async () => {
    process.env.OF_THIS_MACHINE = "yes";
    const { value } = await invoke("test", { action: "state" });
    const { variables } = value;
    expect(variables).toMatchObject({
      COLOUR: "green",
      TZ: "Europe/Rome",
      AWS_REGION: "us-east-1",
      AWS_LAMBDA_FUNCTION_NAME: "test",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_XRAY_DAEMON_ADDRESS: xray.address,
      _HANDLER: "index.handler",
    });
    expect(variables).not.toHaveProperty("OF_THIS_MACHINE");
    const key = credentials.holder(variables.AWS_ACCESS_KEY_ID ?? "");
    expect(key).toMatchObject({ role: "arn:aws:iam::111111111111:role/function" });
    expect(variables.AWS_SESSION_TOKEN).toBe(key?.sessionToken);
    expect(value.context).toMatchObject({ functionName: "test", memoryLimitInMB: "256" });
    expect(value.remaining).toBeGreaterThan(4_000);
    expect(value.remaining).toBeLessThanOrEqual(5_000);
  });

  it("is kept warm for the next event, and stands still in between", async () => {
    const first = (await invoke("test", { action: "state" })).value;
    await new Promise((resolve) => setTimeout(resolve, 600));
    const second = (await invoke("test", { action: "state" })).value;
    expect(second.pid).toBe(first.pid);
    expect(second.calls).toBe(first.calls + 1);
    // a timer of 10 ms would have run 60 times
    expect(second.ticks - first.ticks).toBeLessThan(20);
  });

  it("that throws tells type and message, and stays", async () => {
    const { pid } = (await invoke("test", { action: "state" })).value;
    const { error, value } = await invoke("test", { action: "throw" });
    expect(error).toMatchObject({ errorType: "TypeError", errorMessage: "no such media" });
    expect(value.trace).toContain("TypeError: no such media");
    expect((await invoke("test", { action: "state" })).value.pid).toBe(pid);
  });

  it.each([
    ["exit", "Runtime.ExitError", /Runtime exited with error: exit status 3$/],
    ["uncaught", "Runtime.UncaughtException", /^in a timer$/],
    ["rejection", "Runtime.UnhandledPromiseRejection", /^nobody listens$/],
  ])(
    "that ends by %s is %s; the next event gets another process",
    async (action, errorType, errorMessage) => {
      const { pid } = (await invoke("test", { action: "state" })).value;
      const { error } = await invoke("test", { action });
      expect(error).toMatchObject({ errorType, errorMessage: expect.stringMatching(errorMessage) as string });
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(running(pid)).toBe(false);
      expect((await invoke("test", { action: "state" })).value.pid).not.toBe(pid);
    },
  );

  it("is killed when its deployed timeout is over", async () => {
    const { pid } = (await invoke("hasty", { action: "state" })).value;
    const began = Date.now();
    const { error } = await invoke("hasty", { action: "wait", ms: 10_000 });
    expect(Date.now() - began).toBeGreaterThanOrEqual(990);
    expect(Date.now() - began).toBeLessThan(2_000);
    expect(error).toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/) as string,
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(running(pid)).toBe(false);
  });

  it.each([
    ["buffers", /^Runtime\.(OutOfMemory|ExitError)$/],
    ["heap", /^Runtime\.(OutOfMemory|ExitError)$/],
  ])(
    "is ended when its %s outgrow the deployed memory",
    async (action, errorType) => {
      const { error } = await invoke("small", { action });
      expect(error?.errorType).toMatch(errorType);
      expect(error?.errorMessage).toMatch(/Runtime exited with error: signal: (killed|SIG\w+)$/);
    },
    20_000,
  );

  it("runs in as many processes as there are events at once", async () => {
    const results = await Promise.all([1, 2, 3].map(() => invoke("test", { action: "wait", ms: 700 })));
    expect(new Set(results.map(({ value }) => value.pid)).size).toBe(3);
  });

  it("refuses what is over its reserved concurrency", async () => {
    await createFunction(aws, "single", source);
    const lambda = new LambdaClient(aws);
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "single", ReservedConcurrentExecutions: 1 }),
    );
    const first = invoke("single", { action: "wait", ms: 500 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(invoke("single", { action: "state" })).rejects.toMatchObject({
      name: "TooManyRequestsException",
      reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    });
    await first;
    expect((await invoke("single", { action: "state" })).error).toBeUndefined();
  });

  it.each([
    ["of-no-use", "exports.handler = ;", "SyntaxError"],
    ["without-handler", "exports.other = 1;", "Runtime.HandlerNotFound"],
  ])("%s fails each event", async (name, code, errorType) => {
    await createFunction(aws, name, code);
    for (let i = 0; i < 2; i++) expect((await invoke(name, {})).error).toMatchObject({ errorType });
  });

  it("runs anew once other code is deployed", async () => {
    await createFunction(aws, "changing", "exports.handler = async () => 1");
    expect((await invoke("changing", {})).payload).toBe("1");
    const ZipFile = zipOf("exports.handler = (event, context, callback) => callback(null, 2)");
    await new LambdaClient(aws).send(new UpdateFunctionCodeCommand({ FunctionName: "changing", ZipFile }));
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await invoke("changing", {})).payload).toBe("2");
  });

  it("that does not exist is not found", async () => {
    await expect(invoke("nothing", {})).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("what a function leaves", () => {
  it("is in its log stream, between Lambda's own lines", async () => {
    const logs = new CloudWatchLogsClient(aws);
    await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/lambda/logging" }));
    await createFunction(aws, "logging", source);
    const { requestId } = await invoke("logging", { action: "throw" });
    await service.stop();
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
    expect(readFileSync(logFile("logging"), "utf8").trim().split("\n")).toHaveLength(lines.length);
  });

  it("is in the caller's trace: the service's segment, and the function's inside it", async () => {
    const root = "1-6b04b525-fcd06a6e5787a5b1a9048d30";
    await invoke("test", { action: "throw" }, `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`);
    await xray.flush();
    const { Traces = [] } = await new XRayClient(aws).send(new BatchGetTracesCommand({ TraceIds: [root] }));
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
    const api = await startInvokeApi(service);
    const client = new LambdaClient({ ...aws, endpoint: `http://${api.host}:${api.port}`, maxAttempts: 1 });
    const call = (FunctionName: string, event: unknown) =>
      client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
    const good = await call("test", { action: "wait", ms: 1 });
    expect(good).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(good.FunctionError).toBeUndefined();
    const bad = await call("arn:aws:lambda:us-east-1:111111111111:function:test", { action: "throw" });
    expect(bad.FunctionError).toBe("Unhandled");
    expect(JSON.parse(Buffer.from(bad.Payload ?? "").toString())).toMatchObject({ errorType: "TypeError" });
    await expect(call("nothing", {})).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    client.destroy();
    await api.stop();
  });
});
