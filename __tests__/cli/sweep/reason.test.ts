import { GitHubError } from "../../../cli/github/client";
import { reasonToDestroy } from "../../../cli/sweep/reason";

const now = new Date("2026-12-10T03:47:00Z");
const environment = { environment: "pr-7", pullRequest: 7, deployed: new Date("2026-12-08T12:00:00Z") };

/** GitHub with one pull request, or with an error. */
const gitHub = (answer: object) => ({
  send: (_method: string, path: string) => {
    expect(path).toBe("/pulls/7");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as never);
  },
});
const reason = (answer: object, expireAfterDays = 3) =>
  reasonToDestroy(environment, { github: gitHub(answer), expireAfterDays, now });
const missing = (status: number) => new GitHubError("GET /pulls/7", { status, body: "" });
const preview = [{ name: "bug" }, { name: "preview" }];

test("an environment stays while its pull request is open, has the label, and was deployed lately", async () => {
  expect(await reason({ state: "open", labels: preview })).toBeUndefined();
});

test.each([
  ["is closed", { state: "closed", labels: preview }, 3, "the pull request is closed"],
  [
    "lost its label",
    { state: "open", labels: [{ name: "bug" }] },
    3,
    "the pull request has no label preview",
  ],
  [
    "was deployed before the days that it may be there",
    { state: "open", labels: preview },
    1,
    "deployed 2026-12-08T12:00:00.000Z, and pullRequests.expireAfterDays is 1",
  ],
  ["does not exist", missing(404), 3, "there is no such pull request"],
])("it goes when its pull request %s", async (_, answer, days, expected) => {
  expect(await reason(answer, days)).toBe(expected);
});

test("it stays where GitHub can't be asked: the error is no reason", async () => {
  await expect(reason(missing(403))).rejects.toThrow("GitHub answered 403");
});
