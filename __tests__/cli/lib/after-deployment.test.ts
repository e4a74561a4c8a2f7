import { runMigrations, smokeTest } from "../../../cli/lib/after-deployment";
import { type FakeAnswer, type FakeAws, fakeAws } from "../../support/fake-aws";

let aws: FakeAws;
let answers: FakeAnswer[];

beforeEach(
  async () => (aws = await fakeAws(() => answers.shift() ?? { status: 500, body: "no answer is left" })),
);
afterEach(() => aws.close());

const lambda = () => ({
  region: "us-east-1",
  endpoint: aws.endpoint,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

describe("migrations", () => {
  test("are run by the function's live version, and listed by name", async () => {
    answers = [{ body: JSON.stringify({ applied: ["0001-media"], pending: [], version: 1 }) }];
    await expect(runMigrations(lambda(), "streamflow-dev-migrate")).resolves.toEqual(["0001-media"]);
    expect(aws.requests).toEqual([
      "POST /2015-03-31/functions/streamflow-dev-migrate/invocations?Qualifier=live {}",
    ]);
  });

  test("that fail show the function's error and its log group", async () => {
    const body = JSON.stringify({ errorType: "Error", errorMessage: "migration 0002 was changed" });
    answers = [{ headers: { "x-amz-function-error": "Unhandled" }, body }];
    await expect(runMigrations(lambda(), "migrate")).rejects.toThrow(
      "the function migrate failed (log group /aws/lambda/migrate):\nError: migration 0002 was changed",
    );
  });
});

test("an answer that is no JSON is quoted", async () => {
  answers = [{ body: "error running docker" }];
  await expect(runMigrations(lambda(), "migrate")).rejects.toThrow(
    "the function migrate did not answer with JSON (log group /aws/lambda/migrate): error running docker",
  );
});

describe("the smoke test", () => {
  test("waits for a 200 of /health", async () => {
    answers = [{ status: 503, body: "starting" }, { body: '{"status":"ok"}' }];
    await expect(smokeTest(`${aws.endpoint}/api/`, { intervalMs: 10 })).resolves.toBe('{"status":"ok"}');
    expect(aws.requests).toEqual(["GET /api/health ", "GET /api/health "]);
  });

  test("fails with the last answer when there is none in time", async () => {
    answers = [];
    await expect(smokeTest(aws.endpoint, { timeoutMs: 50, intervalMs: 10 })).rejects.toThrow(
      `GET ${aws.endpoint}/health did not answer 200: 500 no answer is left`,
    );
  });

  test("does not accept a redirect as a response", async () => {
    answers = [{ status: 302, headers: { location: "/login" }, body: "" }, { body: "a page to log in" }];
    await expect(smokeTest(aws.endpoint, { timeoutMs: 0 })).rejects.toThrow("302");
  });
});
