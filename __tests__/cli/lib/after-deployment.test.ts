import { smokeTest } from "../../../cli/lib/after-deployment";
import { type FakeAnswer, type FakeAws, fakeAws } from "../../support/fake-aws";

let aws: FakeAws;
let answers: FakeAnswer[];

beforeEach(
  async () => (aws = await fakeAws(() => answers.shift() ?? { status: 500, body: "no answer is left" })),
);
afterEach(() => aws.close());

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
