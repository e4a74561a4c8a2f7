import { invokeFunction } from "../../../cli/lib/invoke-function";
import { type FakeAnswer, type FakeAws, fakeAws } from "../../support/fake-aws";

let aws: FakeAws;
let answers: FakeAnswer[];

beforeEach(
  async () => (aws = await fakeAws(() => answers.shift() ?? { status: 500, body: "no answer is left" })),
);
afterEach(() => aws.close());

function invoke(name: string): Promise<unknown> {
  const config = {
    region: "us-east-1",
    endpoint: aws.endpoint,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  return invokeFunction(config, { name, event: {}, log: `log group /aws/lambda/${name}` });
}

test("the function's live version is invoked, and its result returned", async () => {
  const result = { applied: ["0001-media"], pending: [], version: 1 };
  answers = [{ body: JSON.stringify(result) }];
  await expect(invoke("streamflow-dev-migrate")).resolves.toEqual(result);
  expect(aws.requests).toEqual([
    "POST /2015-03-31/functions/streamflow-dev-migrate/invocations?Qualifier=live {}",
  ]);
});

test("a failure shows the function's error and its log group", async () => {
  const body = JSON.stringify({ errorType: "Error", errorMessage: "migration 0002 was changed" });
  answers = [{ headers: { "x-amz-function-error": "Unhandled" }, body }];
  await expect(invoke("migrate")).rejects.toThrow(
    "the function migrate failed (log group /aws/lambda/migrate):\nError: migration 0002 was changed",
  );
});

test("an answer that is no JSON is quoted", async () => {
  answers = [{ body: "error running docker" }];
  await expect(invoke("migrate")).rejects.toThrow(
    "the function migrate did not answer with JSON (log group /aws/lambda/migrate): error running docker",
  );
});
