import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { until } from "../../../packages/cli-kit/wait-until";
import { pretendNode } from "../../support/other-node";
import { createFunction, zipOf } from "./functions";
import { obedient, startLambda, type State, type TestLambda } from "./lambda-service";

let lambda: TestLambda;

const invoke = async (functionName: string, event: unknown) => {
  const result = await lambda.service.invoke({ functionName, event });
  return { ...result, value: JSON.parse(result.payload) as State };
};

/** State of a process according to `ps`; T if it is stopped. */
const stateOf = (pid: number): string =>
  spawnSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();

const running = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

beforeAll(async () => {
  // None that a function is deployed to, so that functions can't get this machine's.
  pretendNode(18);
  lambda = await startLambda();
  const variables = { COLOUR: "green", TZ: "Europe/Rome" };
  await createFunction(lambda.aws, "test", obedient, { variables });
  await createFunction(lambda.aws, "held", obedient, { timeout: 900 });
  await createFunction(lambda.aws, "hasty", obedient, { timeout: 1 });
  await createFunction(lambda.aws, "small", obedient, { memory: 128, timeout: 20 });
});

afterAll(() => lambda.stop());

/** Holds events with `action: "hold"` in their functions until it is opened. */
class Gate {
  private readonly folder = mkdtempSync(join(tmpdir(), "lambda-gate-"));
  readonly file = join(this.folder, "gate");

  /** Waits until this many events are held. */
  untilHeld(count: number): Promise<void> {
    return until(`${count} events are held`, () => readdirSync(this.folder).length === count);
  }

  open(): void {
    writeFileSync(this.file, "");
  }
}

describe("a function", () => {
  it("runs with the Node.js of its deployed runtime, whatever this machine has", async () => {
    const { payload } = await lambda.service.invoke({ functionName: "test", event: { action: "version" } });
    expect(JSON.parse(payload)).toMatch(/^v22\./);
  });

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
      AWS_ENDPOINT_URL: lambda.emulator.endpoint,
      AWS_XRAY_DAEMON_ADDRESS: lambda.xray.address,
      _HANDLER: "index.handler",
    });
    expect(variables).not.toHaveProperty("OF_THIS_MACHINE");
    const key = lambda.credentials.holder(variables.AWS_ACCESS_KEY_ID ?? "");
    expect(key).toMatchObject({ role: "arn:aws:iam::111111111111:role/function" });
    expect(variables.AWS_SESSION_TOKEN).toBe(key?.sessionToken);
    expect(value.context).toMatchObject({ functionName: "test", memoryLimitInMB: "256" });
    expect(value.remaining).toBeGreaterThan(0);
    expect(value.remaining).toBeLessThanOrEqual(5_000);
  });

  it("is kept warm for the next event, and is frozen in between", async () => {
    const first = (await invoke("test", { action: "state" })).value;
    await until("the process stands still", () => stateOf(first.pid).startsWith("T"));
    const second = (await invoke("test", { action: "state" })).value;
    expect(second.pid).toBe(first.pid);
    expect(second.calls).toBe(first.calls + 1);
  });

  it("that throws returns type and message, and stays alive", async () => {
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
      await until("the process has ended", () => !running(pid));
      expect((await invoke("test", { action: "state" })).value.pid).not.toBe(pid);
    },
  );

  it("is killed when its deployed timeout is over", async () => {
    const { pid } = (await invoke("hasty", { action: "state" })).value;
    const began = Date.now();
    const { error } = await invoke("hasty", { action: "wait", ms: 10_000 });
    expect(Date.now() - began).toBeGreaterThanOrEqual(990);
    expect(error).toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/) as string,
    });
    await until("the process has ended", () => !running(pid));
  });

  it.each([
    ["buffers", /^Runtime\.(OutOfMemory|ExitError)$/],
    ["heap", /^Runtime\.(OutOfMemory|ExitError)$/],
  ])("is ended when its %s outgrow the deployed memory", async (action, errorType) => {
    const { error } = await invoke("small", { action });
    expect(error?.errorType).toMatch(errorType);
    expect(error?.errorMessage).toMatch(/Runtime exited with error: signal: (killed|SIG\w+)$/);
  });

  it("runs in one process for each concurrent event", async () => {
    const gate = new Gate();
    const events = [1, 2, 3].map(() => invoke("held", { action: "hold", gate: gate.file }));
    await gate.untilHeld(3);
    gate.open();
    const results = await Promise.all(events);
    expect(new Set(results.map(({ value }) => value.pid)).size).toBe(3);
  });

  it("rejects calls above its reserved concurrency", async () => {
    await createFunction(lambda.aws, "single", obedient, { timeout: 900 });
    await new LambdaClient(lambda.aws).send(
      new PutFunctionConcurrencyCommand({ FunctionName: "single", ReservedConcurrentExecutions: 1 }),
    );
    const gate = new Gate();
    const first = invoke("single", { action: "hold", gate: gate.file });
    await gate.untilHeld(1);
    await expect(invoke("single", { action: "state" })).rejects.toMatchObject({
      name: "TooManyRequestsException",
      reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    });
    gate.open();
    await first;
    expect((await invoke("single", { action: "state" })).error).toBeUndefined();
  });

  it.each([
    ["of-no-use", "exports.handler = ;", "SyntaxError"],
    ["without-handler", "exports.other = 1;", "Runtime.HandlerNotFound"],
  ])("%s fails each event", async (name, code, errorType) => {
    await createFunction(lambda.aws, name, code);
    for (let i = 0; i < 2; i++) expect((await invoke(name, {})).error).toMatchObject({ errorType });
  });

  it("restarts after other code is deployed", async () => {
    await createFunction(lambda.aws, "changing", "exports.handler = async () => 1");
    expect((await invoke("changing", {})).payload).toBe("1");
    const ZipFile = zipOf("exports.handler = (event, context, callback) => callback(null, 2)");
    await new LambdaClient(lambda.aws).send(
      new UpdateFunctionCodeCommand({ FunctionName: "changing", ZipFile }),
    );
    await until("the new code runs", async () => (await invoke("changing", {})).payload === "2");
  });

  it("that does not exist is not found", async () => {
    await expect(invoke("nothing", {})).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
