import type { GitHub } from "../../../cli/github/client";
import { markerOf } from "../../../cli/github/comment";
import { keepIssue } from "../../../cli/github/issue";
import { FakeGitHub } from "./server";

let server: FakeGitHub;
let github: GitHub;
beforeEach(async () => {
  server = new FakeGitHub();
  github = await server.start();
});
afterEach(() => server.stop());

const drift = { title: "Drift in prod", body: "one queue" };

test("opens one issue, updates it, and closes it when there is nothing to report", async () => {
  server.add(server.issues, "a person's issue");
  expect(await keepIssue(github, "drift-prod", drift)).toBe("opened");
  expect(await keepIssue(github, "drift-prod", { ...drift, body: "two queues" })).toBe("updated");
  expect(server.issues).toHaveLength(2);
  expect(server.issues[1]).toMatchObject({
    title: "Drift in prod",
    body: `${markerOf("drift-prod")}\ntwo queues`,
    state: "open",
  });
  expect(await keepIssue(github, "drift-prod", undefined)).toBe("closed");
  expect(server.issues.map(({ state }) => state)).toEqual(["open", "closed"]);
});

test("does nothing when there is nothing to report, and opens a new issue after one was closed", async () => {
  expect(await keepIssue(github, "drift-prod", undefined)).toBe("nothing to do");
  expect(server.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  await keepIssue(github, "drift-prod", drift);
  await keepIssue(github, "drift-prod", undefined);
  expect(await keepIssue(github, "drift-prod", drift)).toBe("opened");
});

test("keeps the issues of environments apart", async () => {
  await keepIssue(github, "drift-prod", drift);
  expect(await keepIssue(github, "drift-dev", drift)).toBe("opened");
  expect(await keepIssue(github, "drift-dev", undefined)).toBe("closed");
  expect(server.issues.map(({ state }) => state)).toEqual(["open", "closed"]);
});
