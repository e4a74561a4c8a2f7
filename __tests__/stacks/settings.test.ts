import { environments } from "../../stacks/environments";
import { checkEnvironments } from "../../stacks/settings";
import { settingsOf } from "../support/synth";
import { SettingsError } from "../../stacks/settings";

const backup = { dailyDays: 35, weeklyDays: 0, monthlyDays: 0, vaultLock: true, copyTo: { off: "a test" } };
const promises = settingsOf("prod").slo;

/** Every rule: the path that is broken, a value that breaks it, and words that its message must hold. */
const RULES: [path: string, value: unknown, allowed: string][] = [
  ["name", "Dev_1", "lower-case letters"],
  ["account", "12345", "12 digits"],
  ["account", 111111111111, "as a text"],
  ["region", "us-east-9", "us-east-1"],
  ["profile", "my profile", "AWS profile"],
  ["repository", "streamflow", "owner/name"],
  ["repositoryIds", { owner: "octocat", repository: 456789 }, "a whole number above 0"],
  ["repositoryIds", { owner: 123456, repository: 0 }, "gh api repos/OWNER/NAME"],
  ["hostedZoneId", "zone", "Route 53 zone"],
  ["account", "123456789012", "a public key of your own"],
  ["domain", "localhost", "host name"],
  ["domain", "https://dev.streamflow.com", "host name"],
  ["protect", "yes", "true or false"],
  ["state.kind", "local-file", '"s3", "terraform-cloud"'],
  ["state.bucket", "My_Bucket", "lower-case letters"],
  ["state.region", "moon-1", "eu-west-1"],
  ["state", { kind: "terraform-cloud", organization: "" }, "Terraform Cloud organization"],
  ["logs.retentionDays", 10, "14"],
  ["network.cidr", "10.0.0.0/8", "/16"],
  ["network.cidr", "8.8.0.0/16", "private"],
  ["network.cidr", "10.0.0.300/16", "/16"],
  ["network.zones", ["us-east-1a"], "from 2 to 4"],
  ["network.zones", ["us-east-1a", "us-east-1z"], "us-east-1f"],
  ["network.zones", ["us-east-1a", "eu-west-1a"], "us-east-1b"],
  ["network.zones", ["us-east-1a", "us-east-1a"], "named once"],
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
  ["cache.replicas", 6, "from 0 to 5"],
  ["cache.snapshotRetentionDays", -1, "from 0 to 35 days"],
  ["queue.visibilityTimeout", "5 mins", "duration"],
  ["queue.visibilityTimeout", "13 hours", '"12 hours"'],
  ["queue.maxReceives", 0, "from 1 to 1000"],
  ["queue.deadLetterRetention", "15 days", '"14 days"'],
  ["api.throttleRate", 0, "from 1 to 10000"],
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
  ["processor.imageTag", "a tag", "image tag"],
  ["firewall.rateLimit", 5, "from 10 to"],
  ["firewall.managedGroups", ["everything"], '"common", "sql"'],
  ["firewall.edge", false, "the reason"],
  ["edge.priceClass", "PriceClass_1", "PriceClass_100"],
  ["edge.playbackKeys", {}, "keys by name, from 1 to 5"],
  ["edge.playbackKeys", { mine: "ssh-rsa AAAA" }, "public key in PEM"],
  ["app.branch", "", "name of a branch"],
  ["app.stage", "LIVE", '"PRODUCTION", "BETA", "DEVELOPMENT"'],
  ["app.repository", "git@github.com:you/it", "https URL"],
  ["tracing.samplingRate", 5, "from 0 to 1"],
  ["alarms", { off: "" }, "the reason"],
  ["alarms", { owner: "platform", emails: ["nobody"], pagers: [] }, "e-mail address"],
  ["alarms", { owner: "platform", emails: [], pagers: [] }, "nobody is told"],
  ["alarms", { owner: "", emails: ["a@b.co"], pagers: [] }, "the name of a team"],
  ["alarms", { owner: "platform", emails: [], pagers: ["http://pager.example/x"] }, "an https URL"],
  [
    "alarms",
    { owner: "platform", emails: [], pagers: ["https://p.example/a", "https://p.example/b"] },
    "of a host of its own",
  ],
  ["slo", { off: "" }, "the reason"],
  ["slo", promises, "off where alarms are"],
  ["slo", { ...promises, availability: 100 }, "from 94 to below 100 percent"],
  ["slo", { ...promises, ready: { percent: 90, milliseconds: 1 } }, "from 94 to below 100 percent"],
  ["slo", { ...promises, latency: { percent: 99, milliseconds: 0.5 } }, "a whole number from 1"],
  ["slo", { ...promises, minimum: { requests: 0, videos: 1 } }, "from 1 to 1000000 requests"],
  ["budget", { off: "" }, "the reason"],
  ["budget", { monthlyUsd: 0, emails: ["a@b.co"] }, "from 1 to 10000000 US dollars"],
  ["budget", { monthlyUsd: 10, emails: [] }, "somebody must be told"],
  ["budget", { monthlyUsd: 10, emails: ["nobody"] }, "e-mail address"],
  ["grafana", { authentication: "PASSWORD" }, '"AWS_SSO", "SAML"'],
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

test("the environments as committed break no rule", () => {
  expect(problemsOf(environments)).toEqual([]);
});

test.each(RULES)("fails on %s = %j, naming what is allowed", (path, value, allowed) => {
  const problems = problemsOf(changed(path, value));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(allowed);
  // The problem of a list or a group is told at the member that is wrong.
  expect(problems[0]).toContain(path === "name" ? "Dev_1.name" : "dev.");
  expect(problems[0]).not.toContain("\n");
});

test("reports all mistakes of all environments at once", () => {
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

test("fails when environments of one account are in two regions, or keep their states apart", () => {
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
      /^test\.region must be that of dev, "us-east-1", got "us-east-2": both are in account/,
    ),
    expect.stringMatching(/^test\.state must be that of dev, \{.*\}, got \{.*\}: both are in account/),
  ]);
  expect(problemsOf([dev, { ...test, account: "222222222222" }])).toEqual([]);
});

test("fails when two environments share a name or a domain", () => {
  const twin = settingsOf("dev");
  expect(problemsOf([twin, twin])).toEqual([
    'dev.name must be its own, got "dev": another has it',
    'dev.domain must be its own, got "dev.streamflow.com": another has it',
  ]);
});
