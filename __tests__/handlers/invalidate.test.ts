import type { SQSEvent, SQSRecord } from "aws-lambda";
import { handler } from "../../handlers/invalidate";
import { removedMessage } from "../../handlers/services/removed-media";

const ID = "0b9d3c1e-7c3e-4d7b-9a53-0f2a64a1c9de";
const OTHER = "5f0c6d2a-1111-4222-8333-94a5b6c7d8e9";
const environment = { ...process.env };

interface Call {
  readonly url: string;
  readonly method: string | undefined;
  readonly authorization: string;
  readonly path: string | undefined;
  readonly reference: string | undefined;
}

let calls: Call[];
/** Status and error code of CloudFront by path. */
let refusals: Record<string, readonly [status: number, code: string]>;
let lines: string[];
/** The time; each test begins long after the one before, so that no earlier refusal counts. */
let now = Date.now();
/** Milliseconds by which each look at the clock is later. */
let step: number;

beforeEach(() => {
  [calls, refusals, lines] = [[], {}, []];
  now += 3_600_000;
  step = 0;
  jest.spyOn(Date, "now").mockImplementation(() => (now += step));
  Object.assign(process.env, {
    ENVIRONMENT: "test",
    DISTRIBUTION_ID: "E123",
    LOG_LEVEL: "INFO",
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_SECRET_ACCESS_KEY: "s3cret",
  });
  delete process.env.AWS_ENDPOINT_URL;
  jest.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    return Promise.resolve(cloudFront(url, init));
  });
  jest.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...environment };
});

function cloudFront(url: string, { method, headers, body }: RequestInit = {}): Response {
  const [, path = ""] = /<Path>(.*)<\/Path>/.exec(body as string) ?? [];
  const [, reference] = /<CallerReference>(.*)<\/CallerReference>/.exec(body as string) ?? [];
  const authorization = new Headers(headers).get("authorization") ?? "";
  calls.push({ url, method, authorization, path, reference });
  const refusal = refusals[path];
  if (refusal !== undefined) {
    const [status, code] = refusal;
    return new Response(`<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`, { status });
  }
  return new Response("<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>", { status: 201 });
}

/** An event with these bodies, whose messages are called m0, m1, … */
const event = (...bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({ messageId: `m${index}`, body }) as SQSRecord),
});
const written = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const pathOf = (id: string): string => `/stream/${id}/*`;

test("invalidates everything below the stream's folder, at CloudFront's only endpoint, and measures it", async () => {
  expect(await handler(event(removedMessage(ID)))).toEqual({ batchItemFailures: [] });
  expect(calls).toEqual([
    {
      url: "https://cloudfront.amazonaws.com/2020-05-31/distribution/E123/invalidation",
      method: "POST",
      authorization: expect.stringContaining("/us-east-1/cloudfront/aws4_request"),
      path: pathOf(ID),
      reference: "m0",
    },
  ]);
  expect(written()).toEqual([
    expect.objectContaining({ level: "INFO", message: "invalidated", mediaId: ID, invalidation: "I1" }),
    expect.objectContaining({
      Environment: "test",
      InvalidatedVideos: 1,
      _aws: expect.objectContaining({
        CloudWatchMetrics: [
          expect.objectContaining({ Metrics: [{ Name: "InvalidatedVideos", Unit: "Count" }] }),
        ],
      }),
    }),
  ]);
});

test("a message that comes again has the same path and reference, whatever else is in its batch", async () => {
  await handler(event(removedMessage(ID), removedMessage(OTHER)));
  await handler(event(removedMessage(ID)));
  const [first, second, again] = calls;
  expect(again).toEqual(first);
  expect([second?.path, second?.reference]).toEqual([pathOf(OTHER), "m1"]);
});

test.each([
  [400, "TooManyInvalidationsInProgress"],
  [400, "Throttling"],
  [400, "ThrottlingException"],
  [429, "TooManyRequestsException"],
  [503, "Throttling"],
])(
  "what CloudFront refuses with %i %s comes again and is no error, and the rest waits",
  async (status, code) => {
    refusals[pathOf(ID)] = [status, code];
    // The time of the client's retries is over after the first.
    step = 3_000;
    const answer = await handler(event(removedMessage(ID), removedMessage(OTHER)));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m1" }] });
    expect(new Set(calls.map(({ path }) => path))).toEqual(new Set([pathOf(ID)]));
    expect(written()).toEqual([
      expect.objectContaining({ level: "WARN", mediaId: ID }),
      expect.objectContaining({ level: "INFO", mediaId: OTHER }),
    ]);
  },
);

test("after a refusal, the next calls wait for a minute, and then try again", async () => {
  refusals[pathOf(ID)] = [400, "TooManyInvalidationsInProgress"];
  await handler(event(removedMessage(ID)));
  now += 50_000;
  expect(await handler(event(removedMessage(OTHER)))).toEqual({
    batchItemFailures: [{ itemIdentifier: "m0" }],
  });
  expect(calls).toHaveLength(1);
  now += 10_000;
  expect(await handler(event(removedMessage(OTHER)))).toEqual({ batchItemFailures: [] });
  expect(calls).toHaveLength(2);
});

test.each([500, 503])("a failure of CloudFront with status %i fails the call", async (status) => {
  refusals[pathOf(ID)] = [status, "InternalFailure"];
  step = 3_000;
  await expect(handler(event(removedMessage(ID)))).rejects.toThrow("cloudfront is unavailable");
});

test("any other refusal fails the call, so that the alarm counts it and the batch comes again", async () => {
  refusals[pathOf(ID)] = [403, "AccessDenied"];
  await expect(handler(event(removedMessage(ID)))).rejects.toThrow("CreateInvalidation: AccessDenied");
});

test("an answer without an id fails the call", async () => {
  jest.spyOn(globalThis, "fetch").mockResolvedValue(new Response("<Invalidation/>", { status: 201 }));
  await expect(handler(event(removedMessage(ID)))).rejects.toThrow("the answer has no Id");
});

test.each([
  ["no JSON", "removed"],
  ["nothing", "null"],
  ["another message", '{"Event":"s3:TestEvent"}'],
  ["a pattern for all videos", removedMessage("*")],
  ["a path", removedMessage(`${ID}/../x`)],
])("%s is not sent to CloudFront, and becomes a dead letter", async (_, body) => {
  expect(await handler(event(body, removedMessage(OTHER)))).toEqual({
    batchItemFailures: [{ itemIdentifier: "m0" }],
  });
  expect(calls.map(({ path }) => path)).toEqual([pathOf(OTHER)]);
  expect(written()[0]).toMatchObject({ level: "ERROR", messageId: "m0" });
});

test("names each variable that is missing", async () => {
  delete process.env.DISTRIBUTION_ID;
  process.env.LOG_LEVEL = "LOUD";
  await expect(handler(event())).rejects.toThrow(/DISTRIBUTION_ID is missing; LOG_LEVEL must be one of/);
});
