import type { GitHub } from "../../../cli/github/client";
import type { DeliveredEnvironment } from "../../../cli/github/environments";
import {
  asksForApproval,
  createProtection,
  protectionFaults,
  readReviewers,
} from "../../../cli/github/protection";
import { FakeGitHub } from "./server";

let server: FakeGitHub;
let github: GitHub;
beforeEach(async () => {
  server = new FakeGitHub();
  github = await server.start();
});
afterEach(() => server.stop());

const open: DeliveredEnvironment = { name: "dev", region: "us-east-1", planRole: "p", applyRole: "a" };
const guarded: DeliveredEnvironment = { ...open, name: "prod", planEnvironment: "prod-plan" };
const ALL = [open, guarded];

const reviewers = (...ids: number[]) => ({
  deployment_branch_policy: null,
  protection_rules: [
    { type: "required_reviewers", reviewers: ids.map((id) => ({ type: "User", reviewer: { id } })) },
  ],
});

test("names the environments that are missing, which GitHub would create without reviewers", async () => {
  expect(await protectionFaults(github, ALL)).toEqual([
    expect.stringMatching(/^the GitHub environment prod does not exist: npm run github:environments/),
    expect.stringMatching(/^the GitHub environment prod-plan does not exist/),
  ]);
});

test.each([
  ["no rule", { protection_rules: [] }],
  ["nobody to approve", reviewers()],
  ["a time to wait only", { protection_rules: [{ type: "wait_timer", wait_timer: 30 }] }],
  [
    "protected branches only",
    { deployment_branch_policy: { protected_branches: true }, protection_rules: [] },
  ],
  ["named branches, but none", { deployment_branch_policy: { custom_branch_policies: true } }],
])("names an environment with %s", async (_, environment) => {
  Object.assign(server.environments, { prod: reviewers(1), "prod-plan": environment });
  expect(await protectionFaults(github, ALL)).toEqual([
    expect.stringMatching(/^plans of pull requests in the GitHub environment prod-plan need no approval/),
  ]);
});

test("accepts reviewers, or named branches, where GitHub's plan has no reviewers", async () => {
  const branches = { deployment_branch_policy: { custom_branch_policies: true }, protection_rules: [] };
  server.branches.prod = ["main"];
  Object.assign(server.environments, { prod: branches, "prod-plan": reviewers(1, 2) });
  expect(await protectionFaults(github, ALL)).toEqual([]);
});

test("tells whether a job in an environment waits for a person", async () => {
  const branches = { deployment_branch_policy: { custom_branch_policies: true }, protection_rules: [] };
  Object.assign(server.environments, { prod: reviewers(1), staging: branches });
  expect(await asksForApproval(github, "prod")).toBe(true);
  expect(await asksForApproval(github, "staging")).toBe(false);
  expect(await asksForApproval(github, "dev")).toBe(false);
});

test("asks nothing about environments that are not protected", async () => {
  expect(await protectionFaults(github, [open])).toEqual([]);
  expect(server.requests).toEqual([]);
});

test("fails if GitHub refuses to answer", async () => {
  server.refuse = 403;
  await expect(protectionFaults(github, ALL)).rejects.toThrow(
    "GitHub answered 403 to GET /environments/prod",
  );
});

test("creates both environments with the reviewers; only deployments are limited to main", async () => {
  const team = [{ type: "Team", id: 12 }] as const;
  expect(await createProtection(github, ALL, team)).toEqual(["prod", "prod-plan"]);
  expect(server.environments).toEqual({
    prod: {
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      protection_rules: [{ type: "required_reviewers", reviewers: team }],
    },
    "prod-plan": {
      deployment_branch_policy: null,
      protection_rules: [{ type: "required_reviewers", reviewers: team }],
    },
  });
  expect(server.branches).toEqual({ prod: ["main"] });
  await createProtection(github, ALL, team);
  expect(server.branches).toEqual({ prod: ["main"] });
  expect(await protectionFaults(github, ALL)).toEqual([]);
});

test("environments of pull requests need reviewers in one GitHub environment; branches are not enough", async () => {
  const pullRequests = { ...open, name: "pr" };
  expect(await protectionFaults(github, [pullRequests])).toEqual([
    expect.stringMatching(/^the GitHub environment pull-requests does not exist/),
  ]);
  server.branches["pull-requests"] = ["main"];
  const branches = { deployment_branch_policy: { custom_branch_policies: true }, protection_rules: [] };
  server.environments["pull-requests"] = branches;
  expect(await protectionFaults(github, [pullRequests])).toEqual([
    expect.stringMatching(/^deployments of pull requests in the GitHub environment pull-requests need no/),
  ]);
  const team = [{ type: "Team", id: 12 }] as const;
  expect(await createProtection(github, [pullRequests], team)).toEqual(["pull-requests"]);
  expect(await protectionFaults(github, [pullRequests])).toEqual([]);
});

test("reads ids of people and teams", () => {
  expect(readReviewers("user:583231,team:12")).toEqual([
    { type: "User", id: 583_231 },
    { type: "Team", id: 12 },
  ]);
  for (const wrong of [
    "",
    "octocat",
    "user:0",
    "user:1,",
    "org:1",
    "user:1,user:2,user:3,user:4,user:5,user:6,user:7",
  ])
    expect(readReviewers(wrong)).toBeUndefined();
});
