import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from "../../../stacks/environments";
import { documents, FILES } from "../../../cli/docs/documents";
import { connectionsOf, unmatchedRules, type Connection } from "../../../cli/docs/reach";
import { readStacks, Stack } from "../../../packages/terraform/synthesized-stack";
import { expectNoFaults, staleFault } from "../../support/faults";
import { synthTo } from "../../support/synth";

const outdir = mkdtempSync(join(tmpdir(), "streamflow-docs-"));
synthTo(outdir, environments);
const stacks = readStacks(outdir);

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

describe("what `npm run docs` would write", () => {
  const made = documents(stacks, environments);

  test.each(FILES)("is docs/%s", async (name) => {
    const file = `docs/${name}`;
    const content = readFileSync(join(__dirname, "../../..", file), "utf8");
    const fault = staleFault({ file, content, command: "npm run docs" }, (await made)[name]);
    expectNoFaults(fault === undefined ? [] : [fault]);
  });
});

test("a generated file that is out of date is named, with its first other line and the command that writes it", () => {
  const file = { file: "docs/cost.md", content: "# Cost\n1 $\n", command: "npm run docs" };
  expect(staleFault(file, "# Cost\n1 $\n")).toBeUndefined();
  expect(staleFault(file, "# Cost\n2 $\n")).toBe(
    'docs/cost.md is out of date: run npm run docs. Line 2 is "1 $", and should be "2 $"',
  );
  expect(staleFault(file, "# Cost\n1 $\nmore")).toContain('Line 3 is "", and should be "more"');
  expect(staleFault({ ...file, content: "# Cost\n1 $\nmore" }, "# Cost\n1 $")).toContain(
    'Line 3 is "more", and should be missing',
  );
});

describe.each(stacks.filter(({ name }) => !name.includes("foundation")))(
  "what reaches what in $name",
  (stack) => {
    const open = connectionsOf(stack);
    const from = (source: string): Connection[] => open.filter((reach) => reach.from === source);
    const to = (target: string): string[] =>
      open.filter((reach) => reach.to === target).map((reach) => reach.from);

    const hasCertificate = stack.of("aws_lb_listener").some((one) => one.at("certificate_arn").exists);

    test.each([
      ["media", "database", "5432"],
      ["media", "cache", "6379"],
      ["migrate", "database", "5432"],
      ["processor", "database", "5432"],
      ["processor", "cache", "6379"],
      ["processor", "the internet", "443"],
      ["balancer", "processor", "8080"],
      ["CloudFront", "balancer", hasCertificate ? "443" : "80"],
    ])("%s reaches %s on %s", (source, target, port) => {
      expect(open).toContainEqual({ from: source, to: target, port });
    });

    test("the internet reaches nothing", () => {
      expect(from("the internet")).toEqual([]);
      expect(from("0.0.0.0/0")).toEqual([]);
    });

    test("the database and the cache reach nothing", () => {
      expect([...from("database"), ...from("cache")]).toEqual([]);
    });

    test("inside the VPC, the processor reaches only the database, the cache and the AWS endpoints", () => {
      const targets = from("processor").map((reach) => reach.to);
      expect(
        targets.filter((target) => !["database", "cache", "S3", "the internet"].includes(target)),
      ).toEqual(targets.filter((target) => target === "network_endpoints"));
    });

    test("callers of AWS APIs reach the endpoints too, whose private names resolve to them", () => {
      if (stack.of("aws_security_group").every(({ name }) => name !== "network_endpoints_security_group"))
        return;
      const reaching = to("network_endpoints");
      // A function outside of the VPC calls AWS through the internet.
      const functions = stack.of("aws_lambda_function").filter((one) => one.at("vpc_config").exists);
      expectNoFaults(
        ["processor", ...functions.map(({ name }) => name)]
          .filter((name) => !reaching.includes(name))
          .map((name) => `give ${name} the connections ...network.awsServices in stacks/streamflow-stack.ts`),
      );
    });

    test("every rule has a matching rule on the other side", () => {
      expect(unmatchedRules(stack)).toEqual([]);
    });
  },
);

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
