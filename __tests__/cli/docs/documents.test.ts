import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from "../../../stacks/environments";
import { documents, FILES } from "../../../cli/docs/documents";
import { halfOpen, reaches, type Reach } from "../../../cli/docs/reach";
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

describe.each(stacks.filter(({ name }) => !name.includes("foundation")))(
  "what reaches what in $name",
  (stack) => {
    const open = reaches(stack);
    const from = (source: string): Reach[] => open.filter((reach) => reach.from === source);
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

    test("the database and the cache are reached by those who use them, and reach nothing", () => {
      expect(to("database")).toEqual(["media", "migrate", "processor"]);
      expect(to("cache")).toEqual(["media", "processor"]);
      expect([...from("database"), ...from("cache")]).toEqual([]);
    });

    test("the processor reaches nothing else of the VPC but the endpoints of AWS", () => {
      const targets = from("processor").map((reach) => reach.to);
      expect(
        targets.filter((target) => !["database", "cache", "S3", "the internet"].includes(target)),
      ).toEqual(targets.filter((target) => target === "network_endpoints"));
    });

    test("whoever calls AWS reaches its endpoints too, for their private names lead there", () => {
      const endpoints = to("network_endpoints");
      expect(endpoints).toEqual(endpoints.length === 0 ? [] : ["media", "migrate", "processor"]);
    });

    test("no rule is half of a door", () => {
      expect(halfOpen(stack)).toEqual([]);
    });
  },
);

test("finds a rule that nothing answers", () => {
  const lonely = {
    security_group_id: "${aws_security_group.media.id}",
    referenced_security_group_id: "${aws_security_group.database.id}",
    from_port: 5432,
    to_port: 5432,
  };
  const resource = { aws_vpc_security_group_egress_rule: { media_to_database: lonely } };
  expect(halfOpen(new Stack("test", { resource }))).toEqual(["media_to_database"]);
  expect(reaches(new Stack("test", { resource }))).toEqual([]);
});
