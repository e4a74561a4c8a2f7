import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from "../../../stacks/environments";
import { documents, FILES } from "../../../cli/docs/documents";
import { connectionsOf, unmatchedRules, type Connection } from "../../../cli/docs/reach";
import { readStacks, Stack } from "../../../packages/terraform/synthesized-stack";
import { synthTo } from "../../support/synth";

const outdir = mkdtempSync(join(tmpdir(), "streamflow-docs-"));
synthTo(outdir, environments);
const stacks = readStacks(outdir);

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

describe("what `npm run docs` would write", () => {
  const made = documents(stacks, environments);

  test.each(FILES)("is docs/%s", async (file) => {
    expect(readFileSync(join(__dirname, "../../../docs", file), "utf8")).toBe((await made)[file]);
  });
});

describe.each(stacks.filter(({ name }) => !name.includes("foundation")))("connections in $name", (stack) => {
  const open = connectionsOf(stack);
  const from = (source: string): Connection[] => open.filter((reach) => reach.from === source);
  const to = (target: string): string[] =>
    open.filter((reach) => reach.to === target).map((reach) => reach.from);

  test.each([
    ["media", "database", "5432"],
    ["media", "cache", "6379"],
    ["migrate", "database", "5432"],
    ["processor", "database", "5432"],
    ["processor", "cache", "6379"],
    ["processor", "the internet", "443"],
    ["balancer", "processor", "8080"],
    ["CloudFront", "balancer", "80"],
  ])("%s reaches %s on %s", (source, target, port) => {
    expect(open).toContainEqual({ from: source, to: target, port });
  });

  test("the internet reaches nothing", () => {
    expect(from("the internet")).toEqual([]);
    expect(from("0.0.0.0/0")).toEqual([]);
  });

  test("the database and the cache accept connections from their clients only, and open none", () => {
    expect(to("database")).toEqual(["media", "migrate", "processor"]);
    expect(to("cache")).toEqual(["media", "processor"]);
    expect([...from("database"), ...from("cache")]).toEqual([]);
  });

  test("inside the VPC, the processor reaches only the database, the cache and the AWS endpoints", () => {
    const targets = from("processor").map((reach) => reach.to);
    expect(targets.filter((target) => !["database", "cache", "S3", "the internet"].includes(target))).toEqual(
      targets.filter((target) => target === "network_endpoints"),
    );
  });

  test("everything that calls AWS can connect to the interface endpoints", () => {
    const endpoints = to("network_endpoints");
    expect(endpoints).toEqual(endpoints.length === 0 ? [] : ["media", "migrate", "processor"]);
  });

  test("every rule has a matching rule on the other side", () => {
    expect(unmatchedRules(stack)).toEqual([]);
  });
});

test("finds a rule without a matching rule on the other side", () => {
  const lonely = {
    security_group_id: "${aws_security_group.media.id}",
    referenced_security_group_id: "${aws_security_group.database.id}",
    from_port: 5432,
    to_port: 5432,
  };
  const resource = { aws_vpc_security_group_egress_rule: { media_to_database: lonely } };
  expect(unmatchedRules(new Stack("test", { resource }))).toEqual(["media_to_database"]);
  expect(connectionsOf(new Stack("test", { resource }))).toEqual([]);
});
