import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACMClient, RequestCertificateCommand } from "@aws-sdk/client-acm";
import { AllocateAddressCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CloudFrontClient, CreateResponseHeadersPolicyCommand } from "@aws-sdk/client-cloudfront";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { certificateChecks, delegation } from "../../../cli/doctor/certificate-checks";
import { type Check, findingsOf } from "../../../cli/doctor/finding";
import { quotaChecks, quotasOf, usedByOthers } from "../../../cli/doctor/quota-checks";
import { subscriptionChecks } from "../../../cli/doctor/subscription-checks";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";
import type { EnvironmentSettings } from "../../../stacks/settings";
import { settingsOf } from "../../support/synth";

const prod = settingsOf("prod");
let folder: string;
let emulator: Emulator;
let config: ReturnType<typeof clientConfig>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-doctor-"));
  emulator = await startEmulator({ accountId: prod.account, log: join(folder, "emulator.log") });
  config = clientConfig(emulator.endpoint, prod.region);
});

afterAll(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

/** State and text of the finding with this name. */
async function findingOf(checks: readonly Check[], name: string): Promise<string> {
  const found = (await findingsOf(checks)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`nothing asks for ${name}`);
  return `${found.state} ${found.text}`;
}

const tags = (environment: string) => [
  { Key: "Project", Value: "streamflow" },
  { Key: "Environment", Value: environment },
];

test("VPCs of others count against the quota, and the environment's own does not", async () => {
  const ec2 = new EC2Client(config);
  const vpc = (environment: string) =>
    ec2.send(
      new CreateVpcCommand({
        CidrBlock: "10.0.0.0/16",
        TagSpecifications: [{ ResourceType: "vpc", Tags: tags(environment) }],
      }),
    );
  const ask = () => findingOf(quotaChecks(prod, config), "quota: VPCs");
  // the default VPC is the first
  for (const other of ["dev", "staging", "pr-1"]) await vpc(other);
  expect(await ask()).toBe("ok 5 VPCs, of which others use 4, 1 needed");
  await vpc("prod");
  expect(await ask()).toBe("ok 5 VPCs, of which others use 4, 1 needed");
  await vpc("pr-2");
  expect(await ask()).toBe("missing 5 VPCs, of which others use 5, 1 needed");
});

test("environments of pull requests count as its own where the settings allow them", async () => {
  const base = { ...prod, pullRequests: { most: 2, expireAfterDays: 7 } };
  // the VPCs of the test before: the default one, and those of dev and staging
  expect(await findingOf(quotaChecks(base, config), "quota: VPCs")).toBe(
    "missing 5 VPCs, of which others use 3, 3 needed",
  );
});

test("response headers policies of others are counted by their names", async () => {
  const cloudfront = new CloudFrontClient(config);
  for (const Name of [
    "streamflow-prod-edge-policies-a",
    "streamflow-pr-3-edge-policies-a",
    "another-edge-a",
  ]) {
    const ResponseHeadersPolicyConfig = { Name, CustomHeadersConfig: { Quantity: 0, Items: [] } };
    await cloudfront.send(new CreateResponseHeadersPolicyCommand({ ResponseHeadersPolicyConfig }));
  }
  // The emulator has no quotas of CloudFront.
  const used = async (settings: EnvironmentSettings): Promise<number | undefined> => {
    const quota = quotasOf(settings).find(({ others }) => others === "policies");
    return quota && usedByOthers(quota, settings, config);
  };
  expect(await used(prod)).toBe(2);
  expect(await used({ ...prod, pullRequests: { most: 2, expireAfterDays: 7 } })).toBe(1);
});

test("addresses are counted in the same way; a quota that can't be asked is no fault", async () => {
  await new EC2Client(config).send(new AllocateAddressCommand({ Domain: "vpc" }));
  const [addresses] = quotaChecks(prod, config).filter(({ name }) => name === "quota: Elastic IPs");
  expect(addresses).toBeDefined();
  expect(await findingOf(addresses ? [addresses] : [], "quota: Elastic IPs")).toMatch(
    /^unknown can't be asked/,
  );
});

test("certificates of the settings that do not exist, or that nobody validated, are missing", async () => {
  const certificate = (region: string) =>
    new ACMClient({ ...config, region })
      .send(new RequestCertificateCommand({ DomainName: "other.example.com", ValidationMethod: "DNS" }))
      .then(({ CertificateArn = "" }) => CertificateArn);
  const [edge, origin] = [await certificate("us-east-1"), await certificate(prod.region)];
  const withCertificates = (edgeCertificateArn: string): EnvironmentSettings => ({
    ...prod,
    dns: { kind: "certificates", edgeCertificateArn, originCertificateArn: origin },
  });
  const gone = `${edge.slice(0, -1)}${edge.endsWith("0") ? "1" : "0"}`;
  expect(await findingOf(certificateChecks(withCertificates(gone), config), "certificate: edge")).toBe(
    `missing there is no certificate ${gone}`,
  );
  expect(await findingOf(certificateChecks(withCertificates(edge), config), "certificate: edge")).toBe(
    `missing other.example.com does not cover ${prod.domain}`,
  );
  expect(certificateChecks(prod, config)).toEqual([]);
});

test("a hosted zone that the public DNS does not ask is missing; a DNS that does not answer is no fault", async () => {
  const { HostedZone, DelegationSet } = await new Route53Client(config).send(
    new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "planted" }),
  );
  const id = HostedZone?.Id?.replace("/hostedzone/", "") ?? "";
  const ask = (resolve: () => Promise<string[]>) =>
    findingOf([{ name: "delegation", ask: () => delegation(config, id, resolve) }], "delegation");
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
  expect(await ask(() => Promise.resolve(DelegationSet?.NameServers ?? []))).toMatch(/^ok example\.com by /);
  expect(await ask(failing("ENODATA"))).toMatch(
    /^missing the public DNS has no name servers for example\.com/,
  );
  expect(await ask(failing("ECONNREFUSED"))).toMatch(/^unknown can't be asked/);
});

test("e-mails of alarms that nobody confirmed are missing", async () => {
  const sns = new SNSClient(config);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "streamflow-prod-watch-topic" }));
  const [Endpoint = ""] = "off" in prod.alarms ? [] : prod.alarms.emails;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint }));
  expect(await findingOf(subscriptionChecks(prod, config), "e-mails of alarms")).toBe(
    `missing ${Endpoint} has not confirmed the subscription, and gets no alarm`,
  );
  expect(subscriptionChecks(settingsOf("dev"), config)).toEqual([]);
});
