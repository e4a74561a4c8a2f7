import { PassThrough } from "node:stream";
import { checkIdentityCenter } from "../../../cli/lib/identity-center";
import { Steps } from "../../../packages/cli-kit/progress";
import { Refusal } from "../../../packages/cli-kit/refusal";
import type { EnvironmentSettings } from "../../../stacks/settings";
import { type FakeAnswer, type FakeAws, fakeAws } from "../../support/fake-aws";
import { settingsOf } from "../../support/synth";

const prod = settingsOf("prod");
const ARN = "arn:aws:sso:::instance/ssoins-1234567890abcdef";
const center = { kind: "identity-center", adminUsers: [], adminGroups: ["a"] } as const;
const saml = {
  kind: "saml",
  metadataUrl: "https://idp.example",
  roleAttribute: "role",
  adminRoles: ["ops"],
  editorRoles: ["dev"],
} as const;
let aws: FakeAws;
let answer: FakeAnswer;

beforeEach(async () => (aws = await fakeAws(() => answer)));
afterEach(() => aws.close());

const instances = (...states: string[]): FakeAnswer => ({
  headers: { "content-type": "application/x-amz-json-1.1" },
  body: JSON.stringify({ Instances: states.map((Status) => ({ Status, InstanceArn: ARN })) }),
});

/** Checks with the fake AWS; returns what was printed. */
async function check(settings: EnvironmentSettings): Promise<string> {
  const output = new PassThrough();
  const steps = new Steps(output);
  const config = {
    region: "us-east-1",
    endpoint: aws.endpoint,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  try {
    await checkIdentityCenter(config, settings, steps);
  } finally {
    steps.end();
  }
  return String(output.read() ?? "");
}

test("finds an active instance, and prints it", async () => {
  answer = instances("CREATE_IN_PROGRESS", "ACTIVE");
  expect(await check(prod)).toContain(`IAM Identity Center: ${ARN}`);
  expect(aws.requests).toHaveLength(1);
});

test.each([
  ["none", instances()],
  ["one that is not active", instances("DELETE_IN_PROGRESS")],
])("refuses an account with %s in one line that names the setting and the region", async (_, found) => {
  answer = found;
  const checked = check({ ...prod, grafana: { ...center, identityCenterRegion: "eu-west-1" } });
  await expect(checked).rejects.toThrow(Refusal);
  await expect(checked).rejects.toThrow(
    /^prod\.grafana needs an active IAM Identity Center, and the account sees none in eu-west-1\. Nothing was changed\..*$/,
  );
});

test("refuses if the account may not ask", async () => {
  answer = {
    status: 400,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify({ __type: "AccessDeniedException", message: "not authorized" }),
  };
  await expect(check(prod)).rejects.toThrow(
    "prod.grafana needs IAM Identity Center, which can't be checked: not authorized (AccessDeniedException)",
  );
});

test.each([
  ["without Grafana", settingsOf("dev")],
  ["with SAML", { ...prod, grafana: saml }],
])("calls nothing %s", async (_, settings) => {
  answer = instances();
  expect(await check(settings)).toBe("");
  expect(aws.requests).toEqual([]);
});
