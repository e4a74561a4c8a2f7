import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { environments } from "../../stacks/environments";
import { checkEnvironments } from "../../stacks/settings";
import { SETTINGS } from "../../cli/docs/settings";
import { SAMPLE_PLAYBACK_KEY } from "../../stacks/lib/samples";
import { expectNoFaults } from "../support/faults";
import { settingsOf } from "../support/synth";
import { SettingsError } from "../../stacks/lib/schema";

const { publicKey: rsa } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const pem = (key: KeyObject): string => key.export({ type: "spki", format: "pem" }).toString();
const KEY = pem(rsa);
const { publicKey: shortKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1_024 });
const { publicKey: longKey } = generateKeyPairSync("rsa", { modulusLength: 4_096 });
const { publicKey: p384 } = generateKeyPairSync("ec", { namedCurve: "P-384" });
const { publicKey: ed25519 } = generateKeyPairSync("ed25519");

const backup = {
  dailyDays: 35,
  weeklyDays: 0,
  monthlyDays: 0,
  streams: true,
  vaultLock: true,
  copyTo: { off: "a test" },
};
const objectives = settingsOf("prod").slo;

const certificates = (edge: string, origin: string) => ({
  kind: "certificates",
  edgeCertificateArn: `arn:aws:acm:${edge}:111111111111:certificate/12345678-1234-1234-1234-123456789012`,
  originCertificateArn: `arn:aws:acm:${origin}:111111111111:certificate/12345678-1234-1234-1234-123456789013`,
});

const CENTER = {
  kind: "identity-center",
  adminUsers: ["906786f2a1-10a2b3c4-1111-2222-3333-444455556666"],
  adminGroups: [],
};
const SAML = {
  kind: "saml",
  metadataUrl: "https://idp.example/m",
  roleAttribute: "role",
  adminRoles: ["ops"],
  editorRoles: ["dev"],
};

/** Every rule: the path of an invalid value, the value, and text that its message must contain. */
const RULES: [path: string, value: unknown, allowed: string][] = [
  ["name", "Dev_1", "lower-case letters"],
  ["account", "12345", "12 digits"],
  ["account", 111111111111, "as a string"],
  ["region", "us-east-9", "us-east-1"],
  ["profile", "my profile", "AWS profile"],
  ["repository", "streamflow", "owner/name"],
  ["repositoryIds", { owner: "octocat", repository: 456789 }, "a whole number above 0"],
  ["accountWide", { gitHubProvider: "mine", apiGatewayLogRole: "create" }, '"create", "existing"'],
  ["accountWide", { gitHubProvider: "create", apiGatewayLogRole: true }, '"create", "existing"'],
  [
    "accountWide",
    { gitHubProvider: "create", terraformCloudProvider: "mine", apiGatewayLogRole: "create" },
    '"create", "existing"',
  ],
  ["repositoryIds", { owner: 123456, repository: 0 }, "gh api repos/OWNER/NAME"],
  ["pullRequests", { most: 0, expireAfterDays: 3 }, "from 1 to 10 environments"],
  ["pullRequests", { most: 2, expireAfterDays: 0 }, "from 1 to 30 days"],
  ["pullRequests", true, "{ most, expireAfterDays }"],
  ["state.audit", { retentionDays: 0, dataEvents: true }, "from 1 to 3650 days"],
  ["state.audit", { retentionDays: 365, dataEvents: "yes" }, "true or false"],
  [
    "state",
    {
      kind: "s3",
      bucket: "a".repeat(58),
      region: "us-east-1",
      audit: { retentionDays: 365, dataEvents: false },
    },
    "at most 57 characters with an audit",
  ],
  ["dns", { kind: "route53", hostedZoneId: "zone" }, "Route 53 zone"],
  ["dns", { kind: "cloudflare" }, '"route53", "certificates"'],
  ["dns", { ...certificates("eu-west-1", "us-east-1") }, "in us-east-1"],
  ["dns", { ...certificates("us-east-1", "eu-west-1") }, "a certificate in us-east-1"],
  ["dns", { off: "" }, "the reason"],
  ["domain", "localhost", "host name"],
  ["domain", "https://dev.streamflow.com", "host name"],
  ["protect", "yes", "true or false"],
  ["encryption", "alias/aws/s3", '"aws-owned", "customer"'],
  ["state.kind", "local-file", '"s3", "terraform-cloud"'],
  ["state.bucket", "My_Bucket", "lower-case letters"],
  ["state.region", "moon-1", "eu-west-1"],
  ["state", { kind: "terraform-cloud", organization: "" }, "Terraform Cloud organization"],
  ["logs.retentionDays", 10, "14"],
  ["network.cidr", "10.0.0.0/8", "/16"],
  ["network.cidr", "8.8.0.0/16", "private"],
  ["network.cidr", "10.0.0.300/16", "/16"],
  ["network.zones", ["us-east-1a"], "from 2 to 4"],
  ["network.zones", ["us-east-1a", "us-east-1z"], 'dev.network.zones[1] must be one of "us-east-1a"'],
  ["network.zones", ["us-east-1a", "eu-west-1a"], "us-east-1b"],
  ["network.zones", ["us-east-1a", "us-east-1a"], "listed once"],
  ["network.nat", "two", '"none", "one", "perZone"'],
  ["network.endpoints", ["secretsmanager", "sqs", "dynamodb"], "monitoring"],
  ["network.endpoints", ["sqs"], "secretsmanager"],
  ["network.endpointZones", "two", '"one", "all"'],
  ["network.flowLogs", "SOME", '"ALL", "REJECT"'],
  ["network.flowLogs", { off: " " }, "the reason"],
  ["database.engineVersion", "9.6", "PostgreSQL version"],
  ["database.instanceClass", "db.t4g.tiny", "db.t4g.micro"],
  ["database.instanceClass", "t4g.micro", "db.t4g.micro"],
  ["database.storageGiB", 5, "from 20 to 59578 GiB"],
  ["database.maxStorageGiB", 20, "from 22 to 65536 GiB"],
  ["database.multiAz", false, "the reason"],
  ["database.backupRetentionDays", 0, "from 1 to 35 days"],
  ["database.backupWindow", "3am", "03:00-04:00"],
  ["database.maintenanceWindow", "sunday", "sun:05:00-sun:06:00"],
  ["database.monitoringIntervalSeconds", 7, "60"],
  ["database.performanceInsights", true, "db.t4g.micro"],
  ["database.applyImmediately", undefined, "got nothing"],
  ["cache.engine", "memcached", '"redis", "valkey"'],
  ["cache.engineVersion", "8.0", '"7.0", "7.1"'],
  ["cache.nodeType", "cache.t4g.nano", "cache.t4g.micro"],
  ["cache.engineVersion", "6.2", '"7.0", "7.1", "7.2", "8.0", "8.1"'],
  ["cache.replicas", 6, "from 0 to 5"],
  ["cache.authentication", "password", 'must be one of "iam" or { off: "the reason" }'],
  ["cache.authentication", { off: "" }, 'the reason, as in { off: "the reason" }'],
  ["cache.snapshotRetentionDays", -1, "from 0 to 35 days"],
  ["queue.visibilityTimeout", "5 mins", "duration"],
  ["queue.visibilityTimeout", "13 hours", '"12 hours"'],
  ["queue.maxReceives", 0, "from 1 to 1000"],
  ["queue.deadLetterRetention", "15 days", '"14 days"'],
  ["api.throttleRate", 0, "from 1 to 10000"],
  ["quotas.videos", 0, "from 1 to 100000"],
  ["quotas.gibibytes", 0, "from 1 to 900000"],
  ["quotas.minutes", 0.5, "from 1 to 1000000"],
  ["api.throttleBurst", 1.5, "from 1 to 5000"],
  ["media.memory", 64, "from 128 to 10240 MB"],
  ["media.timeout", "30 seconds", '"29 seconds"'],
  ["media.concurrency", 0, "from 1 to 1000"],
  ["storage.sourcesInfrequentAccessDays", 29, "from 30 to 3650 days"],
  ["storage.noncurrentDays", 0, "from 1 to 3650 days"],
  ["storage.logsExpirationDays", 0, "from 1 to 3650 days"],
  ["processor.cpu", 300, "256"],
  ["processor.memory", 3_000, "one of 512, 1024, 2048 MiB"],
  ["processor.diskGiB", 20, "from 21 to 200 GiB"],
  ["processor.minimumTasks", 0, "from 1 to 10 tasks"],
  ["processor.maximumTasks", 0, "from 1 to 100 tasks"],
  ["processor.cpuTarget", 100, "from 10 to 90 percent"],
  ["processor.backlogTarget", 0, "from 1 to 1000 messages"],
  ["processor.cooldown", "5 seconds", '"10 seconds"'],
  ["processor.spot", "yes", "true or false"],
  ["processor.containerInsights", undefined, "got nothing"],
  ["processor.preset", "fastest", '"veryfast"'],
  ["processor.loudness", 16, "a whole number from -31 to -9 LUFS"],
  ["processor.av1", "on", "true or false"],
  ["processor.downloads", "yes", "true or false"],
  ["firewall.rateLimit", 5, "from 10 to"],
  ["firewall.managedGroups", ["everything"], '"common", "sql"'],
  ["firewall.edge", false, "the reason"],
  ["edge.priceClass", "PriceClass_1", "PriceClass_100"],
  ["edge.invalidateDeleted", { off: "a test" }, "true or false"],
  ["edge.playbackKeys", {}, "keys by name, from 1 to 5"],
  ["edge.playbackKeys", { mine: "ssh-rsa AAAA" }, "public key in PEM"],
  ["app.branch", "", "name of a branch"],
  ["app.stage", "LIVE", '"PRODUCTION", "BETA", "DEVELOPMENT"'],
  ["app.repository", "git@github.com:you/it", "https URL"],
  ["tracing.samplingRate", 5, "from 0 to 1"],
  ["alarms", { off: "" }, "the reason"],
  ["alarms", { owner: "platform", emails: ["nobody"], pagers: [] }, "e-mail address"],
  ["alarms", { owner: "platform", emails: [], pagers: [] }, "alarms need a recipient"],
  ["alarms", { owner: "", emails: ["a@b.co"], pagers: [] }, "the name of a team"],
  ["alarms", { owner: "platform", emails: [], pagers: ["http://pager.example/x"] }, "an https URL"],
  [
    "alarms",
    { owner: "platform", emails: [], pagers: ["https://p.example/a", "https://p.example/b"] },
    "on a different host",
  ],
  ["slo", { off: "" }, "the reason"],
  ["slo", objectives, "off if alarms are off"],
  ["slo", { ...objectives, availability: 100 }, "from 94 to below 100 percent"],
  ["slo", { ...objectives, ready: { percent: 90, milliseconds: 1 } }, "from 94 to below 100 percent"],
  ["slo", { ...objectives, latency: { percent: 99, milliseconds: 0.5 } }, "a whole number from 1"],
  ["slo", { ...objectives, minimum: { requests: 0, videos: 1 } }, "from 1 to 1000000 requests"],
  ["budget", { off: "" }, "the reason"],
  ["budget", { monthlyUsd: 0, emails: ["a@b.co"] }, "from 1 to 10000000 US dollars"],
  ["budget", { monthlyUsd: 10, emails: [] }, "a budget needs a recipient"],
  ["budget", { monthlyUsd: 10, emails: ["nobody"] }, "e-mail address"],
  ["syntheticCheck", { everyMinutes: 4, readyWithinMinutes: 5 }, "from 5 to 240 minutes"],
  ["syntheticCheck", { everyMinutes: 30, readyWithinMinutes: 13 }, "a function runs for 15 minutes at most"],
  ["grafana", { kind: "password" }, '"identity-center", "saml"'],
  ["grafana", { ...CENTER, adminUsers: [] }, "no administrator"],
  ["grafana", { ...CENTER, adminUsers: ["me@acme.com"] }, "list-users"],
  ["grafana", { ...CENTER, adminGroups: ["operators"] }, "list-groups"],
  ["grafana", { ...CENTER, identityCenterRegion: "mars" }, "us-east-1"],
  ["grafana", { ...SAML, metadataUrl: "http://idp.example" }, "an https URL"],
  ["grafana", { ...SAML, roleAttribute: "" }, "1 to 256 characters"],
  ["grafana", { ...SAML, adminRoles: [] }, "at least 1"],
  ["grafana", { ...SAML, editorRoles: [] }, "at least 1"],
  ["backup", { off: "" }, "the reason"],
  ["backup", { ...backup, dailyDays: 0 }, "from 1 to 3650 days"],
  ["backup", { ...backup, copyTo: true }, "{ region, keepDays }"],
  ["backup", { ...backup, copyTo: { off: "" } }, "the reason"],
  [
    "backup",
    { ...backup, copyTo: { region: "us-east-1", keepDays: 7 } },
    "a copy in the same region is lost",
  ],
  ["backup", { ...backup, copyTo: { region: "us-west-2", keepDays: 0 } }, "from 1 to 3650 days"],
  // names that collide with construct ids, with the foundation's names, or with each other in Terraform's addresses
  ["name", "aws", "none of aws, backend, foundation, github, pr, state"],
  ["name", "foundation", "the account's foundation uses that name"],
  ["name", "a-b", "lower-case letters and digits"],
  ["name", "production-eu", "2 to 12"],
  ["edge.playbackKeys", { Default: KEY }, "other than Default and private-keys"],
  ["edge.playbackKeys", { "private-keys": KEY }, "other than Default and private-keys"],
  ["edge.playbackKeys", { "my key": KEY }, "letters, digits, hyphens and underscores"],
  ["edge.playbackKeys", { "a-b": KEY, a_b: KEY }, "differs from a-b in more than"],
  [
    "alarms",
    { owner: "platform", emails: ["on.call@a.co", "on-call@a.co"], pagers: [] },
    'different from "on.call@a.co" in at least one letter',
  ],
  ["alarms", { owner: "platform", emails: ["on@a.co", "on@a.co"], pagers: [] }, "listed once"],
  [
    "alarms",
    { owner: "platform", emails: ["a@b.co"], pagers: ["https://a.b.co/x"] },
    'different from "a@b.co"',
  ],
  // keys
  ["edge.playbackKeys", { mine: pem(shortKey) }, "got an RSA key of 1024 bits"],
  ["edge.playbackKeys", { mine: pem(longKey) }, "got an RSA key of 4096 bits"],
  ["edge.playbackKeys", { mine: pem(p384) }, "got a key of secp384r1"],
  ["edge.playbackKeys", { mine: pem(ed25519) }, "got a key of ed25519"],
  [
    "edge.playbackKeys",
    { mine: privateKey.export({ type: "pkcs8", format: "pem" }).toString() },
    "got a PEM of PRIVATE KEY: CloudFront",
  ],
  ["edge.playbackKeys", { mine: KEY.replace("MII", "") }, "got a PEM that can't be read"],
  ["edge.playbackKeys", { mine: `-----BEGIN CERTIFICATE-----\n${KEY}` }, "got a PEM of CERTIFICATE"],
  ["edge.playbackKeys", { mine: undefined }, "got nothing"],
  ["edge.playbackKeys", [KEY], "keys by name"],
  ["edge.playbackKeys", { a: KEY, b: KEY, c: KEY, d: KEY, e: KEY, f: KEY }, "from 1 to 5"],
  // buckets
  ["state.bucket", "xn--state", "S3 reserves names that start with xn--"],
  ["state.bucket", "sthree-state", "sthree-"],
  ["state.bucket", "amzn-s3-demo-state", "amzn-s3-demo-"],
  ["state.bucket", "state-s3alias", "end with -s3alias"],
  ["state.bucket", "state--ol-s3", "--ol-s3"],
  ["state.bucket", "state.mrap", ".mrap"],
  ["state.bucket", "state--x-s3", "--x-s3"],
  ["state.bucket", "state--table-s3", "--table-s3"],
  ["state.bucket", "state-111111111111-us-east-1-an", "-an"],
  ["state.bucket", "a".repeat(64), "3 to 63"],
  // windows
  ["database.backupWindow", "03:00-03:29", "from 30 minutes to 12 hours"],
  ["database.backupWindow", "04:00-03:00", 'start first, got "04:00-03:00": it lasts 23 hours'],
  ["database.backupWindow", "24:00-01:00", "UTC times"],
  ["database.backupWindow", "05:30-06:30", "must be outside database.backupWindow, which is 05:30-06:30"],
  ["database.maintenanceWindow", "sun:05:00-sun:05:29", "at least 30 minutes"],
  ["database.maintenanceWindow", "sun:06:00-sun:05:00", "start first"],
  ["database.maintenanceWindow", "mon:16:00-tue:17:00", "it lasts 25 hours"],
  ["database.maintenanceWindow", "tue:02:30-tue:03:30", "RDS rejects overlapping windows"],
  ["database.maintenanceWindow", "sun:23:00-mon:03:30", "RDS rejects overlapping windows"],
  ["database.maintenanceWindow", "Sunday:05:00-Sunday:06:00", "UTC times"],
  // sizes
  ["database.instanceClass", "db.m7g.24xlarge", "db.m7g has large, xlarge"],
  ["database.instanceClass", "db.m5.small", "db.m5 has large"],
  ["database.instanceClass", "m7g.large", "families are db.t3"],
  ["cache.nodeType", "cache.m7g.micro", "cache.m7g has large"],
  ["cache.nodeType", "db.t4g.micro", "families are cache.t3"],
  ["processor.cpu", "256", 'got "256"'],
  ["processor.memory", "1024", "a whole number from 512 to 122880 MiB"],
  ["database.storageGiB", 100, "RDS requires at least 10 % more than database.storageGiB, 100"],
  ["processor.minimumTasks", 10.5, "from 1 to 10 tasks"],
  ["processor.av1", true, "at least 4096 MiB with processor.av1"],
  // lists
  ["network.endpoints", ["secretsmanager", "secretsmanager"], "listed once"],
  ["network.zones", "us-east-1a", "a list of zones"],
  ["firewall.managedGroups", ["common", "common"], "listed once"],
  [
    "budget",
    { monthlyUsd: 10, emails: Array.from({ length: 11 }, (_, index) => `a${index}@b.co`) },
    "at most 10",
  ],
  ["budget", { monthlyUsd: 10, emails: ["a@b.co", "a@b.co"] }, "listed once"],
  ["budget", { monthlyUsd: "150", emails: ["a@b.co"] }, "US dollars"],
  // hosts and URLs
  ["app.domain", "dev.streamflow.com", "a host name other than domain"],
  ["app.domain", "console", "a host name"],
  ["app.branch", "feature/player", "Amplify uses it in a host name"],
  ["alarms", { owner: "platform", emails: [], pagers: ["https://[/x"] }, "an https URL"],
  ["repository", "https://github.com/you/streamflow", "owner/name"],
  ["state", { kind: "terraform-cloud", organization: "acme", hostname: "https://tfe" }, "a host name"],
  ["state", { kind: "terraform-cloud", organization: "acme", project: "a*" }, "letters, digits, spaces"],
  ["state", { kind: "terraform-cloud", organization: "acme", execution: "agent" }, '"remote", "local"'],
  [
    "state",
    { kind: "terraform-cloud", organization: "acme", teams: { platform: "owner" } },
    '"read", "plan"',
  ],
  ["state", { kind: "terraform-cloud", organization: "acme", notificationUrl: "http://a.b" }, "an https URL"],
  ["state", { kind: "terraform-cloud", organization: "acme", reviewTask: "yes" }, "true or false"],
  // missing, null, misspelt or of another type
  ["network", undefined, "must be { cidr, zones, nat, "],
  ["queue", null, "must be { visibilityTimeout, "],
  ["state", { bucket: "streamflow-state", region: "us-east-1" }, '"s3", "terraform-cloud", got nothing'],
  ["alarms", {}, "{ owner, emails, "],
  ["alarms", false, 'or { off: "the reason" }, got false'],
  ["backup", true, "{ dailyDays"],
  ["multiAz", true, "is not a setting; allowed here: name, account"],
  ["database.multiAz", { off: " " }, "the reason"],
  ["firewall.edge", { off: false }, "the reason"],
  ["slo", { ...objectives, latency: { percent: "99", milliseconds: 1 } }, "from 94 to below 100 percent"],
  ["slo", { ...objectives, ready: { percent: 99, milliseconds: 0 } }, "from 1 to 86400000 ms"],
  ["slo", { ...objectives, minimum: { requests: 1, videos: 0 } }, "from 1 to 1000000 videos"],
  ["backup", { ...backup, weeklyDays: -1 }, "from 0 to 3650 days"],
  ["backup", { ...backup, monthlyDays: 4_000 }, "from 0 to 3650 days"],
  ["backup", { ...backup, vaultLock: { off: "" } }, "the reason"],
  ["backup", { ...backup, streams: { off: "" } }, "the reason"],
  ["database.multiAz", { on: true }, 'true or { off: "the reason" }'],
  ["database.readReplicas", 2, "is not a setting; allowed here: engineVersion, instanceClass"],
  ["region", undefined, "got nothing"],
  ["dns", { kind: "route53", hostedZoneId: "" }, 'got ""'],
  ["dns", undefined, '{ off: "the reason" }'],
  ["tracing.samplingRate", "0.1", "a number from 0 to 1"],
  ["tracing.samplingRate", NaN, "got NaN"],
  ["media.memory", 512n, "got 512n"],
  ["profile", () => "dev", "got [Function"],
  ["logs.retentionDays", "14", 'got "14"'],
];

function changed(path: string, value: unknown): typeof environments {
  const settings = structuredClone(settingsOf("dev")) as unknown as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const group = keys.reduce((at, key) => at[key] as Record<string, unknown>, settings);
  group[last] = value;
  return [settings as never];
}

function problemsOf(all: typeof environments): readonly string[] {
  try {
    checkEnvironments(all);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

const mistakes = RULES.map(([path, value]) => problemsOf(changed(path, value)));

test("the environments as committed break no rule", () => {
  expectNoFaults(problemsOf(environments));
});

test.each(RULES)("fails on %s = %j, naming what is allowed", (path, value, allowed) => {
  const problems = problemsOf(changed(path, value));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(allowed);
  // Errors in lists and groups name the path of the wrong member.
  expect(problems[0]).toContain(path === "name" ? `${String(value)}.name` : "dev.");
  expect(problems[0]).not.toContain("\n");
});

test("every setting has a mistake in the table", () => {
  const found = mistakes.flat().map((line) => line.slice(line.indexOf(".") + 1, line.indexOf(" must ")));
  const leaves = SETTINGS.map(({ path }) => path).filter(
    (path) => !path.endsWith(".NAME") && !SETTINGS.some((other) => other.path.startsWith(`${path}.`)),
  );
  expectNoFaults(
    leaves
      .filter((path) => !found.some((one) => one === path || one.startsWith(`${path}[`)))
      .map((path) => `add a wrong value of ${path} to RULES in __tests__/stacks/settings.test.ts`),
  );
});

test("an empty list, or another type, is one error", () => {
  const line = (value: unknown): readonly string[] => problemsOf(value as never);
  expect(line([])).toEqual([
    "environments must be a list of environments, at least 1, got []: nothing would be synthesized",
  ]);
  expect(line(undefined)).toEqual(["environments must be a list of environments, at least 1, got nothing"]);
  expect(line([null])).toEqual([
    expect.stringMatching(/^environments\[0\] must be \{ name, account, .* got null$/),
  ]);
});

test("a wrong setting does not hide a rule between two others", () => {
  const [dev] = changed("database.maintenanceWindow", "tue:02:30-tue:03:30");
  const database = { ...settingsOf("dev").database, ...dev?.database, storageGiB: "20" };
  expect(problemsOf([{ ...dev, database } as never])).toEqual([
    expect.stringMatching(/^dev\.database\.storageGiB must be a whole number/),
    expect.stringMatching(/^dev\.database\.maintenanceWindow must be outside database\.backupWindow/),
  ]);
});

test("windows may touch, and a backup may go over midnight", () => {
  const database = { ...settingsOf("dev").database, backupWindow: "23:45-00:15" };
  const at = (maintenanceWindow: string): readonly string[] =>
    problemsOf([{ ...settingsOf("dev"), database: { ...database, maintenanceWindow } }]);
  expect(at("mon:00:15-mon:00:45")).toEqual([]);
  expect(at("sun:23:00-sun:23:45")).toEqual([]);
  expect(at("mon:00:10-mon:00:45")).toHaveLength(1);
  expect(at("sun:22:00-sun:23:46")).toHaveLength(1);
});

test("the database's windows must not overlap the jobs of AWS Backup", () => {
  const staging = settingsOf("staging");
  const at = (window: Partial<typeof staging.database>): readonly string[] =>
    problemsOf([{ ...staging, database: { ...staging.database, ...window } }]);
  expect(at({ backupWindow: "07:00-08:00" })).toEqual([
    expect.stringMatching(
      /^staging\.database\.backupWindow must be outside 06:30-08:30 UTC, got "07:00-08:00"/,
    ),
  ]);
  expect(at({ maintenanceWindow: "wed:08:00-wed:09:00" })).toHaveLength(1);
  expect(at({ backupWindow: "08:30-09:00" })).toEqual([]);
  expect(problemsOf(changed("database.backupWindow", "07:00-08:00"))).toEqual([]);
});

test.each([
  ["as OpenSSL writes it", KEY],
  ["without its last newline", KEY.trimEnd()],
  ["with CRLF", KEY.replaceAll("\n", "\r\n")],
  ["as PKCS #1", rsa.export({ type: "pkcs1", format: "pem" }).toString()],
  ["ECDSA on P-256", pem(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey)],
])("accepts a playback key %s", (_, key) => {
  expect(problemsOf(changed("edge.playbackKeys", { mine: key }))).toEqual([]);
});

/** Settings of a real account in place of the sample's. */
const YOURS = { repository: "you/streamflow", budget: { monthlyUsd: 1, emails: ["you@example.com"] } };

test("the sample's repository and addresses are rejected in other accounts", () => {
  const [dev] = changed("edge.playbackKeys", { mine: KEY });
  const own = { ...dev, account: "471112345678" };
  expect(problemsOf([own as never])).toEqual([
    expect.stringMatching(/^dev\.repository must be your own repository, got "streamflow\/infrastructure"/),
    expect.stringMatching(/^dev\.budget\.emails must be your own addresses, got "platform@streamflow\.com"/),
  ]);
  expect(problemsOf([{ ...own, ...YOURS } as never])).toEqual([]);
});

test("the sample key is rejected in other accounts, in any form", () => {
  const [dev] = changed("edge.playbackKeys", { mine: SAMPLE_PLAYBACK_KEY.trimEnd() });
  expect(problemsOf([{ ...dev, ...YOURS, account: "471112345678" } as never])).toEqual([
    expect.stringMatching(/^dev\.edge\.playbackKeys must be a public key of your own, got the sample key/),
  ]);
});

test("reports all errors of all environments together", () => {
  const [first, second] = [changed("domain", "nowhere"), changed("network.cidr", "10.0.0.0/8")];
  const dev = { ...first[0], logs: { retentionDays: 2 } } as never;
  const other = { ...second[0], name: "other", domain: "other.streamflow.com" } as never;
  expect(problemsOf([dev, other])).toEqual([
    expect.stringMatching(/^dev\.domain must be a host name such as "dev\.streamflow\.com", got "nowhere"$/),
    expect.stringMatching(/^dev\.logs\.retentionDays must be one of 1, 3, 5, .*, got 2$/),
    expect.stringMatching(
      /^other\.network\.cidr must be a private IPv4 block of \/16 .*, got "10\.0\.0\.0\/8"/,
    ),
  ]);
});

test("fails when environments of one account differ in region or state", () => {
  const dev = settingsOf("dev");
  const test = {
    ...dev,
    name: "test",
    domain: "test.streamflow.com",
    region: "us-east-2",
    state: { kind: "s3", bucket: "another", region: "us-east-1" } as const,
    network: { ...dev.network, zones: ["us-east-2a", "us-east-2b"] },
  };
  const problems = problemsOf([dev, test]);
  expect(problems).toEqual([
    expect.stringMatching(
      /^test\.region must be the same as in dev, "us-east-1", got "us-east-2": both are in account/,
    ),
    expect.stringMatching(/^test\.state must be the same as in dev, \{.*\}, got \{.*\}: both are in account/),
  ]);
  expect(problemsOf([dev, { ...test, account: "222222222222" }])).toEqual([]);
});

test("fails when environments of two accounts share a state bucket", () => {
  const dev = settingsOf("dev");
  const other = { ...dev, name: "test", domain: "test.streamflow.com", account: "222222222222" };
  expect(problemsOf([dev, other])).toEqual([
    expect.stringMatching(
      /^test\.state\.bucket must be a bucket of account 222222222222, got .*: dev uses it/,
    ),
  ]);
});

test("fails when the quotas would stop the synthetic check", () => {
  const syntheticCheck = { everyMinutes: 5, readyWithinMinutes: 5 };
  const withQuotas = (videos: number, minutes: number) => ({
    ...settingsOf("prod"),
    syntheticCheck,
    quotas: { videos, gibibytes: 1, minutes },
  });
  expect(problemsOf([withQuotas(576, 10)])).toEqual([]);
  expect(problemsOf([withQuotas(575, 9)])).toEqual([
    "prod.quotas.videos must be at least 576 with a check every 5 minutes, got 575: the quotas of creators apply to the check too",
    "prod.quotas.minutes must be at least 10 with a check, got 9: the quotas of creators apply to the check too",
  ]);
});

test("fails when the media function could not reach the queue of deleted videos", () => {
  const dev = settingsOf("dev");
  const network = { ...dev.network, endpoints: ["secretsmanager"] } as const;
  const off = { ...dev.edge, invalidateDeleted: false };
  expect(problemsOf([{ ...dev, network }])).toEqual([
    'dev.edge.invalidateDeleted must be false, or network.endpoints must contain "sqs", got true: the media function could not reach the queue of deleted videos, and deletions would fail',
  ]);
  expect(problemsOf([{ ...dev, network, edge: off }])).toEqual([]);
  expect(problemsOf([{ ...dev, network: { ...network, nat: "one", endpoints: [] } }])).toEqual([]);
});

test("fails when a host name of one environment is that of another", () => {
  const dev = settingsOf("dev");
  const named = (name: string, domain: string, app = dev.app) => ({ ...dev, name, domain, app });
  const app = { ...dev.app, domain: "app.streamflow.com" };
  const unique = (path: string, host: string): string =>
    `${path} must be unique, got "${host}": another environment has this host name`;
  expect(problemsOf([dev, named("test", `origin.${dev.domain}`)])).toEqual([
    unique("test.domain", `origin.${dev.domain}`),
  ]);
  expect(problemsOf([named("one", "a.streamflow.com", app), named("two", "app.streamflow.com")])).toEqual([
    unique("two.domain", "app.streamflow.com"),
  ]);
  expect(problemsOf([named("one", "a.streamflow.com", app), named("two", "b.streamflow.com", app)])).toEqual([
    unique("two.app.domain", "app.streamflow.com"),
  ]);
});

test("fails when two environments share a name or a domain", () => {
  const twin = settingsOf("dev");
  expect(problemsOf([twin, twin])).toEqual([
    'dev.name must be unique, got "dev": another environment has it',
    'dev.domain must be unique, got "dev.streamflow.com": another environment has this host name',
  ]);
});
