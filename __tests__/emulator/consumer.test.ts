import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { KinesisStream } from "@cdktf/provider-aws/lib/kinesis-stream";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { App, TerraformOutput } from "cdktf";
import { deploy, type Deployment } from "../../cli/start/deploy";
import { type Functions, runFunctions } from "../../cli/start/functions";
import { RunFolder } from "../../cli/start/run-folder";
import { serve, type Served } from "../../cli/start/serve";
import { SynthesizedStack } from "../../cli/lib/synthesize";
import { terraformToolchain } from "../../cli/lib/toolchain";
import { Steps } from "../../packages/cli-kit/progress";
import { until } from "../../packages/cli-kit/wait-until";
import { refusalsOf } from "./refusals";
import { certificateAuthority } from "../../packages/embedded-aws/servers/certificates";
import { type Emulator, startEmulator } from "../../packages/embedded-aws/servers/emulator";
import { BaseStack } from "../../stacks/base-stack";
import { NodeFunction } from "../../stacks/constructs/compute/node-function";
import { Schedule } from "../../stacks/constructs/compute/schedule";
import { WorkQueue } from "../../stacks/constructs/data/work-queue";
import { here, logs, networkIn } from "../support/network";
import { baseProps } from "../support/synth";

/** A separate stack: a queue with dead letters, a function that consumes it, and a schedule that sends to it. */
class ConsumerStack extends BaseStack {
  constructor(app: App, id: string, { refused }: { readonly refused: boolean }) {
    super(app, id, { ...baseProps, state: { kind: "terraform-cloud", organization: "scratch" } });
    const network = networkIn(this, { endpoints: ["sqs"] });
    const orders = new WorkQueue(this, "orders", {
      // Six times the timeout, plus the batching window.
      visibilityTimeout: "61 seconds",
      maxReceives: 2,
      deadLetterRetention: "1 day",
      ...here,
    });
    const paint = new NodeFunction<Record<string, never>>(this, "paint", {
      handler: join(__dirname, "scratch/consumer"),
      description: "Handles orders",
      ...here,
      network,
      logs,
      memory: 256,
      // On a busy machine a call takes seconds, and one that ends by its timeout fails the whole batch.
      timeout: "10 seconds",
      environment: {},
      permissions: [],
      connections: network.awsServices,
    });
    paint.consume(orders, { batchSize: 5, batchingWindow: "1 second" });
    new Schedule(this, "every-minute", {
      account: here.account,
      expression: "rate(1 minute)",
      target: orders.scheduleTarget(),
      input: { order: "by the clock" },
      retries: 0,
    });
    new TerraformOutput(this, "orders_url", { value: orders.url });
    new TerraformOutput(this, "letters_url", { value: orders.deadLettersUrl });
    new TerraformOutput(this, "function", { value: paint.functionName });
    if (refused) {
      const stream = new KinesisStream(this, "stream", { name: "stream", shardCount: 1 });
      new LambdaEventSourceMapping(this, "from-stream", {
        eventSourceArn: stream.arn,
        functionName: paint.aliasArn,
        startingPosition: "LATEST",
      });
    }
  }
}

const printed: string[] = [];
const steps = new Steps(new PassThrough());
const stops: (() => Promise<void>)[] = [];
let folder: string;
let run: RunFolder;
let emulator: Emulator;
let deployment: Deployment;
let functions: Functions;
let served: Served;
let sqs: SQSClient;

function synthesized(refused: boolean): SynthesizedStack {
  const app = new App({ outdir: join(folder, refused ? "refused" : "out") });
  const stack = new ConsumerStack(app, "scratch", { refused });
  app.synth();
  return new SynthesizedStack("scratch", join(app.outdir, "stacks", stack.node.id));
}

const apply = async (refused: boolean) =>
  deploy({ synthesized: synthesized(refused), emulator, toolchain: await terraformToolchain(), run, steps });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-consumer-"));
  run = RunFolder.open({ name: "consumer-test", once: true, fresh: true });
  emulator = await startEmulator({ accountId: baseProps.account, log: run.log("emulator") });
  stops.unshift(() => emulator.stop());
  deployment = await apply(false);
  sqs = new SQSClient(deployment.aws);
  functions = await runFunctions({
    aws: deployment.aws,
    accountId: baseProps.account,
    authority: await certificateAuthority(join(folder, "ca")),
    postgres: undefined,
    redis: undefined,
    run,
  });
  stops.unshift(() => functions.stop());
  served = await serve({ deployment, functions, run, print: (line) => printed.push(line) });
  stops.unshift(() => served.stop());
});

afterAll(async () => {
  for (const stop of stops) await stop();
  steps.end();
  run.release();
  rmSync(folder, { recursive: true });
});

const url = (name: "orders_url" | "letters_url") => deployment.outputs[name] ?? "";

interface Line {
  readonly message: string;
  readonly body: string;
  readonly receives: string;
  readonly bodies: readonly string[];
}

/** Lines of the function's log with a message. */
function logged(message: string): Line[] {
  const text = readFileSync(run.log(deployment.outputs.function ?? ""), "utf8");
  return text
    .split("\n")
    .filter((line) => line.includes(`"${message}"`))
    .map((line) => JSON.parse(line) as Line);
}

const isByTheClock = (body: string) => body.includes("clock");

/** Orders of each batch, without those by the clock. */
const batches = (): string[][] =>
  logged("batch")
    .map(({ bodies }) => bodies.filter((body) => !isByTheClock(body)).sort())
    .filter((bodies) => bodies.length > 0);

/** Handled orders, each with its receive count. */
const handled = (): string[] => logged("handled").map(({ body, receives }) => `${body} (${receives})`);

async function countOf(QueueUrl: string): Promise<number> {
  const AttributeNames = [
    "ApproximateNumberOfMessages" as const,
    "ApproximateNumberOfMessagesNotVisible" as const,
  ];
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

test("the plan after the apply is empty", async () => {
  expect(await deployment.verify()).toBe(true);
});

test("a batch has several orders; only the failed one comes again, and becomes a dead letter", async () => {
  const Entries = ["one", "poison", "two"].map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: url("orders_url"), Entries }));
  await until("the poison is a dead letter", async () => (await countOf(url("letters_url"))) > 0);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url("letters_url") }));
  expect(Messages.map(({ Body }) => Body)).toEqual(["poison"]);
  expect(batches()).toEqual([["one", "poison", "two"], ["poison"]]);
  expect(
    handled()
      .filter((order) => !isByTheClock(order))
      .sort(),
  ).toEqual(["one (1)", "two (1)"]);
});

test("the schedule sends an order every minute, and the function gets it", async () => {
  await until("an order came by the clock", () => handled().includes('{"order":"by the clock"} (1)'));
});

test("a delivery that the queue does not allow is printed once, with its reason and the log", async () => {
  expect(printed).toEqual([]);
  const sns = new SNSClient(deployment.aws);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "uninvited" }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url("orders_url"), AttributeNames: ["QueueArn"] }),
  );
  const orders = Attributes?.QueueArn;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: orders }));
  for (const Message of ["first", "second"]) await sns.send(new PublishCommand({ TopicArn, Message }));
  const log = run.log("event-sources");
  const dropped = `a delivery of ${TopicArn} to ${orders} was dropped: sns.amazonaws.com may not sqs:SendMessage: nothing allows it`;
  const text = () => (existsSync(log) ? readFileSync(log, "utf8") : "");
  await until("both are in the log", () => text().split(dropped).length === 3, { details: text });
  expect(printed).toEqual([`not delivered: ${dropped} (${log})`]);
});

test("nothing was done that AWS would refuse, by its models or by the function's role", async () => {
  expect(await functions.permissions.look()).toEqual([]);
  const { refused, unknown } = await refusalsOf(emulator.endpoint);
  expect({ refused, unknown }).toEqual({ refused: [], unknown: [] });
});

test("a mapping of a stream is rejected with its address, in one sentence", async () => {
  const refusal = apply(true).then(
    () => "applied",
    (error: Error) => error.message,
  );
  const message = await refusal;
  expect(message).toContain("aws_lambda_event_source_mapping.from_stream");
  expect(message).toContain("can't run in this embedded AWS: it only polls SQS queues");
});
