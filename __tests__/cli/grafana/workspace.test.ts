import { GrafanaClient } from "@aws-sdk/client-grafana";
import { withToken } from "../../../cli/grafana/workspace";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { type FakeAnswer, type FakeAws, fakeAws } from "../../support/fake-aws";

const WORKSPACE = "g-0123456789";
let aws: FakeAws;
let status = "ACTIVE";
let refuseToken = false;

function answer(request: string): FakeAnswer {
  const json = (body: object, code = 200): FakeAnswer => ({
    status: code,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const path = request.split(" ").slice(0, 2).join(" ");
  if (path === `GET /workspaces/${WORKSPACE}`) {
    return json({ workspace: { id: WORKSPACE, status, endpoint: `${WORKSPACE}.grafana-workspace.example` } });
  }
  if (path.startsWith("POST") && path.endsWith("/tokens")) {
    if (refuseToken) return json({ message: "not today" }, 400);
    return json({
      serviceAccountToken: { id: "9", name: "n", key: "glsa_key" },
      serviceAccountId: "7",
      workspaceId: WORKSPACE,
    });
  }
  if (path.startsWith("POST"))
    return json({ id: "7", name: "n", grafanaRole: "ADMIN", workspaceId: WORKSPACE });
  return json({ tokenId: "9", serviceAccountId: "7", workspaceId: WORKSPACE });
}

beforeEach(async () => {
  [status, refuseToken] = ["ACTIVE", false];
  aws = await fakeAws(answer);
});
afterEach(() => aws.close());

const asked = () => aws.requests.map((request) => request.split(" ").slice(0, 2).join(" "));
const ACCOUNT = `/workspaces/${WORKSPACE}/serviceaccounts`;
const run = (work: () => Promise<string>) =>
  withToken(new GrafanaClient(clientConfig(aws.endpoint, "us-east-1")), WORKSPACE, ({ url, token }) => {
    expect([url, token]).toEqual([`https://${WORKSPACE}.grafana-workspace.example`, "glsa_key"]);
    return work();
  });
const whole = [
  `GET /workspaces/${WORKSPACE}`,
  `POST ${ACCOUNT}`,
  `POST ${ACCOUNT}/7/tokens`,
  `DELETE ${ACCOUNT}/7/tokens/9`,
  `DELETE ${ACCOUNT}/7`,
];

test("creates a token for 15 minutes, and deletes it and its service account", async () => {
  expect(await run(() => Promise.resolve("done"))).toBe("done");
  expect(asked()).toEqual(whole);
  expect(aws.requests[1]).toContain('"grafanaRole":"ADMIN"');
  expect(aws.requests[2]).toContain('"secondsToLive":900');
});

test("deletes both when the work fails", async () => {
  await expect(run(() => Promise.reject(new Error("no dashboards")))).rejects.toThrow("no dashboards");
  expect(asked()).toEqual(whole);
});

test("deletes the account when there is no token", async () => {
  refuseToken = true;
  await expect(run(() => Promise.resolve(""))).rejects.toThrow("not today");
  expect(asked()).toEqual([...whole.slice(0, 3), whole.at(-1)]);
});

test("creates nothing where the workspace is not active yet", async () => {
  status = "CREATING";
  await expect(run(() => Promise.resolve(""))).rejects.toThrow("must be ACTIVE, is CREATING");
  expect(asked()).toEqual(whole.slice(0, 1));
});
