import { readFileSync } from "node:fs";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import {
  PutBucketNotificationConfigurationCommand,
  CreateBucketCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { until } from "../../../packages/cli-kit/wait-until";
import {
  type EventSources,
  startEventSources,
} from "../../../packages/embedded-aws/event-sources/event-sources";
import { createFunction, type FunctionOptions } from "./functions";
import { accountId, startLambda, type TestLambda } from "./lambda-service";

/** Records its messages, and reports the poisonous ones as failed. `notes` reads the record. */
const CONSUMER = `
  const { appendFileSync } = require("node:fs");
  exports.handler = async (event) => {
    appendFileSync(process.env.NOTES, JSON.stringify(event) + "\\n");
    const failed = (event.Records ?? []).filter(({ body }) => body?.startsWith("poison"));
    if (failed.some(({ body }) => body === "poison thrown")) throw new Error("thrown");
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };`;

let lambda: TestLambda;
let sources: EventSources;
let client: LambdaClient;
let sqs: SQSClient;

const faults: string[] = [];
const faultLog = () => lambda.logFile("event-sources");

beforeAll(async () => {
  lambda = await startLambda();
  client = new LambdaClient(lambda.aws);
  sqs = new SQSClient(lambda.aws);
  sources = startEventSources({
    aws: lambda.aws,
    credentials: lambda.credentials,
    functions: lambda.service,
    log: faultLog(),
    onFault: (line) => faults.push(line),
  });
});

afterAll(async () => {
  await sources.stop();
  await lambda.stop();
});

interface Record_ {
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
  readonly eventSource: string;
  readonly eventSourceARN: string;
  readonly messageAttributes: unknown;
}

interface Noted {
  readonly Records?: readonly Record_[];
}

/** Creates a function that records its events; returns the events so far. */
async function consumer(name: string, options: FunctionOptions = {}): Promise<() => Noted[]> {
  const file = lambda.logFile(`${name}-notes`);
  await createFunction(lambda.aws, name, CONSUMER, { ...options, variables: { NOTES: file } });
  return () => {
    try {
      return readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Noted);
    } catch {
      return [];
    }
  };
}

async function queue(name: string, Attributes: Record<string, string> = {}): Promise<string> {
  await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  return `arn:aws:sqs:us-east-1:${accountId}:${name}`;
}

const urlOf = (arn: string) => `${lambda.aws.endpoint}/${accountId}/${arn.split(":").at(-1)}`;

const map = (EventSourceArn: string, more: Omit<CreateEventSourceMappingCommandInput, "EventSourceArn">) =>
  client.send(new CreateEventSourceMappingCommand({ EventSourceArn, ...more }));

async function send(arn: string, ...bodies: string[]): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({
    Id: String(index),
    MessageBody,
    MessageAttributes: { colour: { DataType: "String", StringValue: "green" } },
  }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: urlOf(arn), Entries }));
}

async function countOf(arn: string): Promise<number> {
  const AttributeNames = [
    "ApproximateNumberOfMessages" as const,
    "ApproximateNumberOfMessagesNotVisible" as const,
  ];
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: urlOf(arn), AttributeNames }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

const bodiesOf = (events: readonly Noted[]) =>
  events.map(({ Records = [] }) => Records.map(({ body }) => body).sort());

const details = () => ({
  details: () => {
    try {
      return readFileSync(faultLog(), "utf8");
    } catch {
      return "";
    }
  },
});

test("a partial failure is retried, alone, until its message is a dead letter", async () => {
  const noted = await consumer("partial", { timeout: 1 });
  const letters = await queue("partial-letters");
  const redrive = JSON.stringify({ deadLetterTargetArn: letters, maxReceiveCount: 2 });
  const work = await queue("partial-work", { VisibilityTimeout: "6", RedrivePolicy: redrive });
  await send(work, "a", "poison", "b");
  await map(work, { FunctionName: "partial", FunctionResponseTypes: ["ReportBatchItemFailures"] });
  await until(
    "the poisonous message is a dead letter",
    async () => (await countOf(letters)) === 1,
    details(),
  );
  expect(bodiesOf(noted())).toEqual([["a", "b", "poison"], ["poison"]]);
  expect(noted().map(({ Records = [] }) => Records[0]?.attributes.ApproximateReceiveCount)).toEqual([
    "1",
    "2",
  ]);
  expect(noted()[0]?.Records?.[0]).toMatchObject({
    eventSource: "aws:sqs",
    eventSourceARN: work,
    awsRegion: "us-east-1",
    messageAttributes: { colour: { stringValue: "green", dataType: "String" } },
  });
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf(letters) }));
  expect(Messages.map(({ Body }) => Body)).toEqual(["poison"]);
  expect(await countOf(work)).toBe(0);
});

test("the whole batch is retried when the function throws", async () => {
  const noted = await consumer("thrower", { timeout: 1 });
  const work = await queue("thrown-work", { VisibilityTimeout: "1" });
  await send(work, "a", "poison thrown");
  await map(work, { FunctionName: "thrower", FunctionResponseTypes: ["ReportBatchItemFailures"] });
  await until("the batch came twice", () => noted().length >= 2, details());
  expect(bodiesOf(noted()).slice(0, 2)).toEqual([
    ["a", "poison thrown"],
    ["a", "poison thrown"],
  ]);
});

test("a mapping is followed: disabled it leaves messages, changed it batches otherwise, deleted it ends", async () => {
  const noted = await consumer("followed");
  const work = await queue("followed-work");
  const { UUID } = await map(work, { FunctionName: "followed", Enabled: false });
  await send(work, "a", "b", "c");
  const other = await queue("other-work");
  await map(other, { FunctionName: "followed" });
  await send(other, "seen");
  await until("the other mapping is polled", () => noted().length === 1, details());
  expect(await countOf(work)).toBe(3);
  await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true, BatchSize: 2 }));
  await until("the messages are handled", async () => (await countOf(work)) === 0, details());
  expect(
    bodiesOf(noted())
      .map((bodies) => bodies.length)
      .sort(),
  ).toEqual([1, 1, 2]);
  await client.send(new DeleteEventSourceMappingCommand({ UUID }));
});

test("objects and messages call functions that allow it, and no others", async () => {
  const noted = await consumer("called");
  const s3 = new S3Client({ ...lambda.aws, forcePathStyle: true });
  const sns = new SNSClient(lambda.aws);
  const functionArn = `arn:aws:lambda:us-east-1:${accountId}:function:called`;
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "calling" }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint: functionArn }));
  await s3.send(new CreateBucketCommand({ Bucket: "calling" }));
  const notification = { LambdaFunctionArn: functionArn, Events: ["s3:ObjectCreated:*" as const] };
  const notify = () =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: "calling",
        NotificationConfiguration: { LambdaFunctionConfigurations: [notification] },
      }),
    );
  await expect(notify()).rejects.toThrow("Unable to validate the following destination configurations");
  await sns.send(new PublishCommand({ TopicArn, Message: "refused" }));
  const dropped = `a delivery of ${TopicArn} to ${functionArn} was dropped: sns.amazonaws.com may not lambda:InvokeFunction: nothing allows it`;
  await until("the message is dropped", () => faults.includes(dropped), details());
  expect(readFileSync(faultLog(), "utf8")).toContain(dropped);
  for (const [service, SourceArn] of [
    ["s3.amazonaws.com", "arn:aws:s3:::calling"],
    ["sns.amazonaws.com", TopicArn],
  ] as const) {
    const statement = { StatementId: service.split(".")[0], Principal: service, SourceArn };
    await client.send(
      new AddPermissionCommand({ FunctionName: "called", Action: "lambda:InvokeFunction", ...statement }),
    );
  }
  await notify();
  await s3.send(new PutObjectCommand({ Bucket: "calling", Key: "k", Body: "1" }));
  await sns.send(new PublishCommand({ TopicArn, Message: "m" }));
  await until("both have called", () => noted().length === 2, details());
  const records = noted().flatMap(({ Records = [] }) => Records);
  expect(records).toContainEqual(expect.objectContaining({ eventName: "ObjectCreated:Put" }));
  expect(records).toContainEqual(
    expect.objectContaining({
      EventSource: "aws:sns",
      Sns: expect.objectContaining({ Message: "m" }) as object,
    }),
  );
  const waiting = `${lambda.aws.endpoint}/moto-api/overlay/lambda-events?after=0`;
  await until("no event waits", async () => ((await (await fetch(waiting)).json()) as []).length === 0);
});
