import { STATEFUL_TYPES } from "../../../../cli/policies/stateful-types";
import { Stack } from "../../../../packages/terraform/synthesized-stack";
import { ruleOf } from "../../../../policies";
import type { EnvironmentSettings } from "../../../../stacks/settings";
import {
  settingsOf,
  type Synthesized,
  synthEnvironment,
  synthFoundation,
  synthFoundationOf,
} from "../../../support/synth";

const prod = settingsOf("prod");
const off = { off: "a test" };
const elsewhere: Partial<EnvironmentSettings> = {
  region: "eu-west-1",
  network: { ...prod.network, zones: ["eu-west-1a", "eu-west-1b"] },
};
const silent = { alarms: off, slo: off, firewall: { ...prod.firewall, edge: off } };

/** Settings on which the regions of the keys depend. */
const CASES: readonly (readonly [what: string, change: Partial<EnvironmentSettings>, regions: string[]])[] = [
  ["in us-east-1", {}, ["us-east-1", "us-west-2"]],
  ["without backup copies", { backup: off }, ["us-east-1"]],
  ["in another region", elsewhere, ["eu-west-1", "us-east-1", "us-west-2"]],
  ["there, without alarms", { ...elsewhere, alarms: off, slo: off }, ["eu-west-1", "us-east-1", "us-west-2"]],
  ["there, without data at the edge", { ...elsewhere, ...silent }, ["eu-west-1", "us-west-2"]],
  [
    "there, with backup copies in us-east-1",
    {
      ...elsewhere,
      ...silent,
      backup: { ...prod.backup, copyTo: { region: "us-east-1", keepDays: 35 } },
    },
    ["eu-west-1", "us-east-1"],
  ],
];

/** Regions of aliases by name, from data sources or resources. */
function aliasRegions(
  json: Synthesized["json"],
  kind: "data" | "resource",
): [name: string, region: string][] {
  const stack = new Stack("stack", json);
  const aliases = stack.json.at(`${kind}.aws_kms_alias`);
  return aliases.keys.map((id) => {
    const alias = aliases.at(id);
    return [alias.at("name").text, stack.regionOf(alias)];
  });
}

test.each(CASES)(
  "an environment %s finds its keys where its foundation creates them",
  (_, change, regions) => {
    const expected = regions.map((region) => ["alias/streamflow-prod", region]);
    expect(aliasRegions(synthEnvironment("prod", change).json, "data").toSorted()).toEqual(expected);
    expect(aliasRegions(synthFoundation("prod", change).json, "resource").toSorted()).toEqual(expected);
  },
);

test.each(CASES)("an environment %s encrypts all data with the key of its region", (_, change) => {
  const stack = new Stack("prod", synthEnvironment("prod", change).json);
  expect(ruleOf("customer-key-encrypts-data").find(stack)).toEqual([]);
  expect(ruleOf("log-bucket-has-s3-encryption").find(stack)).toEqual([]);
});

/** Types with data that the rule does not check, each with its reason. */
const WITHOUT_KEY: Readonly<Record<string, string>> = {
  aws_cognito_user_pool: "AWS encrypts it with its own key",
  aws_kms_key: "it is a key",
  aws_s3_bucket: "its encryption is a resource of its own",
};

test.each(Object.keys(STATEFUL_TYPES))("the rule misses the key of an %s, or a reason is here", (type) => {
  const alias = { home: { name: "alias/streamflow-prod" } };
  const stack = new Stack("prod", { data: { aws_kms_alias: alias }, resource: { [type]: { one: {} } } });
  const findings = ruleOf("customer-key-encrypts-data").find(stack);
  expect(findings.length > 0).toBe(!(type in WITHOUT_KEY));
});

test("without a customer managed key, no stack has or finds a key, but that of backup copies", () => {
  const change = { encryption: "aws-owned" } as const;
  const { json, ...environment } = synthEnvironment("prod", change);
  expect(json.data).toBeUndefined();
  expect(environment.of("aws_kms_key")).toHaveLength(1);
  expect(environment.at("aws_backup_vault.backups_copies_vault").kms_key_arn).toBe(
    "${aws_kms_key.backups_copies_key.arn}",
  );
  expect(JSON.stringify(json.resource)).not.toMatch(/kms_(master_)?key_id/);
  expect(synthFoundation("prod", change).of("aws_kms_key")).toEqual([]);
});

test("a foundation in Terraform Cloud creates the keys too", () => {
  const state = { kind: "terraform-cloud", organization: "acme" } as const;
  expect(synthFoundation("prod", { state }).of("aws_kms_alias")).toHaveLength(2);
});

test("environments of one account have keys of their own", () => {
  const other: EnvironmentSettings = { ...prod, name: "qa", domain: "qa.example.com" };
  const plain: EnvironmentSettings = {
    ...prod,
    name: "lab",
    domain: "l.example.com",
    encryption: "aws-owned",
  };
  const names = synthFoundationOf([prod, other, plain])
    .of("aws_kms_alias")
    .map(({ name }) => name as string);
  expect([...new Set(names)].toSorted()).toEqual(["alias/streamflow-prod", "alias/streamflow-qa"]);
  expect(names).toHaveLength(4);
});
