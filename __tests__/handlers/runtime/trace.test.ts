import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type * as Xray from "aws-xray-sdk-core";
import type * as XrayContext from "aws-xray-sdk-core/dist/lib/context_utils";
import type * as Trace from "../../../handlers/runtime/trace";
import type * as TracedClient from "../../../handlers/runtime/traced-client";

// As in a function's bundle.
jest.mock("cls-hooked/context", () => jest.requireActual("../../../handlers/runtime/shims/cls-hooked"));

interface Document {
  readonly name: string;
  readonly id: string;
  readonly parent_id?: string;
  readonly trace_id: string;
  readonly [field: string]: unknown;
}

const traceId = "1-5759e988-bd862e3fe1be46a994272793";
const header = `Root=${traceId};Parent=53995c3f42cd8ad8;Sampled=1`;
const before = { ...process.env };
let daemon: Socket;
let sent: Document[];

/** What X-Ray's daemon receives: subsegments, alone or with their children. */
function flat(documents: readonly Document[]): Document[] {
  return documents.flatMap((document) => {
    const inner = (document.subsegments ?? []) as Document[];
    return [document, ...flat(inner.map((one) => ({ ...one, parent_id: document.id })))];
  });
}

/** Waits until subsegments with these names have arrived; without names, waits briefly and expects none. */
async function arrived(...names: string[]): Promise<Document[]> {
  if (names.length === 0) await sleep(50);
  while (!names.every((name) => flat(sent).some((document) => document.name === name))) await sleep(5);
  return flat(sent);
}

beforeEach(async () => {
  sent = [];
  daemon = createSocket("udp4", (message) => {
    sent.push(JSON.parse(message.toString().split("\n")[1] ?? "") as Document);
  });
  daemon.bind(0, "127.0.0.1");
  await once(daemon, "listening");
});

afterEach(() => {
  daemon.close();
  process.env = { ...before };
  jest.restoreAllMocks();
});

/** The module as a new process loads it; by default like Lambda for a traced request. */
function load(
  variables: Record<string, string> = { LAMBDA_TASK_ROOT: "/", _X_AMZN_TRACE_ID: header },
): typeof Trace {
  const { port } = daemon.address();
  process.env = { ...before, AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${port}`, ...variables };
  jest.resetModules();
  return jest.requireActual<typeof Trace>("../../../handlers/runtime/trace");
}

/** The same copy of the SDK that the module loaded. */
const sdk = () => jest.requireActual<typeof Xray>("aws-xray-sdk-core");

describe("in a traced invocation", () => {
  it("sends a subsegment for each piece of work, one inside the other", async () => {
    const { traced } = load();
    const result = await traced("outer", async (trace) => {
      trace.annotate("videoId", "7");
      trace.describe("processingTime", 12);
      await sleep(1);
      return traced("inner", () => Promise.resolve("done"));
    });
    expect(result).toBe("done");
    const documents = await arrived("outer", "inner");
    const outer = documents.find(({ name }) => name === "outer");
    const inner = documents.find(({ name }) => name === "inner");
    expect(outer).toMatchObject({
      trace_id: traceId,
      parent_id: "53995c3f42cd8ad8",
      annotations: { videoId: "7" },
      metadata: { default: { processingTime: 12 } },
    });
    expect(inner?.parent_id).toBe(outer?.id);
  });

  it("keeps work apart that runs at the same time", async () => {
    const { traced } = load();
    const work = (name: string, milliseconds: number) =>
      traced(name, async () => {
        await sleep(milliseconds);
        await traced(`${name} step`, () => sleep(5));
      });
    await Promise.all([work("a", 10), work("b", 1), work("c", 5)]);
    const documents = await arrived("a", "b", "c", "a step", "b step", "c step");
    const idOf = (name: string) => documents.find((document) => document.name === name)?.id;
    for (const name of ["a", "b", "c"]) {
      expect(documents.find((document) => document.name === `${name} step`)?.parent_id).toBe(idOf(name));
    }
  });

  it("records an error and throws the same error", async () => {
    const { traced } = load();
    const error = new Error("no video in it");
    await expect(traced("probe", () => Promise.reject(error))).rejects.toBe(error);
    expect(await arrived("probe")).toMatchObject([
      { name: "probe", fault: true, cause: { exceptions: [{ message: "no video in it" }] } },
    ]);
  });

  it("records an error of work that throws before it returns a promise, and runs it once", async () => {
    const { traced } = load();
    const work = jest.fn((): Promise<void> => {
      throw new TypeError("at once");
    });
    await expect(traced("probe", work)).rejects.toThrow("at once");
    expect(work).toHaveBeenCalledTimes(1);
    expect(await arrived("probe")).toMatchObject([{ name: "probe", fault: true }]);
  });

  it("records an AWS call as one", async () => {
    const { tracedCall } = load();
    await tracedCall("s3", { operation: "ListParts", region: "sa-east-1" }, () => Promise.resolve());
    expect(await arrived("s3")).toMatchObject([
      { name: "s3", namespace: "aws", aws: { operation: "ListParts", region: "sa-east-1" } },
    ]);
  });

  it("shows a query as a call of PostgreSQL, with its text and without its values", async () => {
    const { tracedQuery } = load();
    const database = { host: "db.example", port: 5432, name: "streamflow", user: "media" };
    await tracedQuery(database, "SELECT 1 WHERE $1", () => Promise.resolve());
    expect(await arrived("streamflow@db.example")).toMatchObject([
      {
        name: "streamflow@db.example",
        namespace: "remote",
        sql: {
          url: "db.example:5432/streamflow",
          user: "media",
          database_type: "PostgreSQL",
          sanitized_query: "SELECT 1 WHERE $1",
        },
      },
    ]);
  });

  it("shows the calls of an AWS client, and what they failed of", async () => {
    const { traced } = load();
    const { tracedClient } = jest.requireActual<typeof TracedClient>(
      "../../../handlers/runtime/traced-client",
    );
    const client = tracedClient(
      new SecretsManagerClient({
        region: "us-east-1",
        endpoint: "http://127.0.0.1:1",
        credentials: { accessKeyId: "a", secretAccessKey: "b" },
        maxAttempts: 1,
      }),
    );
    const call = traced("read", () => client.send(new GetSecretValueCommand({ SecretId: "x" })));
    await expect(call).rejects.toThrow("ECONNREFUSED");
    const documents = await arrived("SecretsManager");
    expect(documents.find(({ name }) => name === "SecretsManager")).toMatchObject({
      namespace: "aws",
      fault: true,
      aws: { operation: "GetSecretValue" },
    });
  });

  it("follows the next invocation to its own trace", async () => {
    const { traced } = load();
    await traced("first", () => Promise.resolve());
    const next = traceId.replace("5759e988", "5759e989");
    process.env._X_AMZN_TRACE_ID = header.replace(traceId, next);
    await traced("second", () => Promise.resolve());
    expect(await arrived("first", "second")).toMatchObject([
      { name: "first", trace_id: traceId },
      { name: "second", trace_id: next },
    ]);
  });
});

describe("the work runs once, and its result stays, when", () => {
  const work = jest.fn(() => Promise.resolve("done"));
  beforeEach(() => work.mockClear());

  it.each([
    ["nothing is traced", {}],
    ["Lambda traces nothing", { LAMBDA_TASK_ROOT: "/" }],
    [
      "the trace is not sampled",
      { LAMBDA_TASK_ROOT: "/", _X_AMZN_TRACE_ID: header.replace("Sampled=1", "Sampled=0") },
    ],
    ["the trace's header is broken", { LAMBDA_TASK_ROOT: "/", _X_AMZN_TRACE_ID: "Root=broken;;=Sampled" }],
    ["a missing trace is to be an error", { AWS_XRAY_CONTEXT_MISSING: "RUNTIME_ERROR" }],
    ["the SDK is told to trace by hand", { AWS_XRAY_MANUAL_MODE: "true" }],
  ])("%s", async (_, variables) => {
    const errors = jest.spyOn(console, "error").mockImplementation();
    const { traced } = load(variables);
    expect(await traced("x", work)).toBe("done");
    expect(work).toHaveBeenCalledTimes(1);
    expect(await arrived()).toEqual([]);
    if (!JSON.stringify(variables).includes("broken")) expect(errors).not.toHaveBeenCalled();
  });

  it("the trace is not sampled: then no subsegment is created", async () => {
    const trace = load({ LAMBDA_TASK_ROOT: "/", _X_AMZN_TRACE_ID: header.replace("Sampled=1", "Sampled=0") });
    const made = jest.spyOn(sdk().Segment.prototype, "addNewSubsegment");
    expect(await trace.traced("x", work)).toBe("done");
    expect(made).not.toHaveBeenCalled();
  });

  it("the daemon is not reachable", async () => {
    const { traced } = load({
      LAMBDA_TASK_ROOT: "/",
      _X_AMZN_TRACE_ID: header,
      AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:1",
    });
    expect(await traced("x", work)).toBe("done");
    await sleep(20);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it.each(["addNewSubsegment", "setSegment", "close", "run"])("the SDK's %s throws", async (broken) => {
    const { traced } = load();
    const xray = sdk();
    const fail = (): never => {
      throw new Error("tracing is broken");
    };
    if (broken === "addNewSubsegment") jest.spyOn(xray.Segment.prototype, broken).mockImplementation(fail);
    const context = jest.requireActual<typeof XrayContext>("aws-xray-sdk-core/dist/lib/context_utils");
    if (broken === "setSegment") jest.spyOn(context, broken).mockImplementation(fail);
    if (broken === "close") jest.spyOn(xray.Subsegment.prototype, broken).mockImplementation(fail);
    if (broken === "run") jest.spyOn(xray.getNamespace(), broken).mockImplementation(fail);
    expect(await traced("x", work)).toBe("done");
    expect(work).toHaveBeenCalledTimes(1);
  });
});
