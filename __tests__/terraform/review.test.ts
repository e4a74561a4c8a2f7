import { projectKnowledge } from "../../cli/review/project";
import { markdown } from "../../packages/plan-review/markdown";
import { html } from "../../packages/plan-review/html";
import { readPlan } from "../../packages/terraform/plan";
import { type Review, reviewOf } from "../../packages/plan-review/review";
import { MANY, type PlantedChange, plantedChanges, plantedSecrets } from "../support/planted-changes";
import { type Planned, planOf, removePlans, STACK } from "../support/plans";
import type { Attributes } from "../support/synth";

const plans = new Map<PlantedChange, Planned>();

/** Each takes about ten seconds, mostly on one core, so two run at once. */
beforeAll(async () => {
  const names = Object.keys(plantedChanges) as PlantedChange[];
  const worker = async () => {
    for (let name = names.shift(); name; name = names.shift()) {
      plans.set(name, await planOf(plantedChanges[name]));
    }
  };
  await Promise.all([worker(), worker()]);
});

afterAll(removePlans);

const plan = (name: PlantedChange): Attributes => JSON.parse(plans.get(name)?.json ?? "") as Attributes;

const changed = (name: PlantedChange): Attributes[] =>
  (plan(name).resource_changes as Attributes[]).filter(({ change }) => change.actions.join() !== "no-op");

/** `actions address` of each planned change. */
const actions = (name: PlantedChange): string[] =>
  changed(name).map(({ address, change }) => `${change.actions.join("/")} ${address}`);

/** A value as text; the provider's SDK plans empty strings and zeros of an updated set of blocks as null. */
const textOf = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, member: unknown) => (member === "" || member === 0 ? null : member));

/** Attributes that change. */
function attributes({ change: { before, after, after_unknown: unknown } }: Attributes): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...Object.keys(unknown)]);
  return [...names].filter(
    (name) => unknown[name] === true || textOf(before?.[name]) !== textOf(after?.[name]),
  );
}

const lambda = ["update aws_lambda_alias.media_live", "update aws_lambda_function.media"];

describe("Terraform's plan", () => {
  test.each<[PlantedChange, string[]]>([
    ["nothing", []],
    [
      "databaseRenamed",
      [
        "update aws_cloudwatch_dashboard.watch_dashboard",
        "update aws_cloudwatch_metric_alarm.watch_alarms_database_connections",
        "update aws_cloudwatch_metric_alarm.watch_alarms_database_cpu",
        "update aws_cloudwatch_metric_alarm.watch_alarms_database_storage",
        "update aws_db_instance.database",
      ],
    ],
    [
      "engineMajorVersion",
      ["update aws_db_instance.database", "create/delete aws_db_parameter_group.database_parameter_group"],
    ],
    [
      "instanceClass",
      [
        // The alarm's threshold of connections depends on it.
        "update aws_cloudwatch_dashboard.watch_dashboard",
        "update aws_cloudwatch_metric_alarm.watch_alarms_database_connections",
        "update aws_db_instance.database",
      ],
    ],
    [
      "queueDeleted",
      [
        "update aws_ecs_service.processor",
        "delete/create aws_ecs_task_definition.processor_task",
        // The media function sends to it (a retry), by an address in its environment.
        ...lambda,
        "delete aws_sqs_queue.media_queue",
      ],
    ],
    ["policyWidened", ["update aws_iam_role_policy.media_role_permissions"]],
    ["openedToTheWorld", ["create aws_vpc_security_group_ingress_rule.database_from_anywhere"]],
    ["firewallRuleRemoved", ["update aws_wafv2_web_acl.edge_firewall", "update aws_wafv2_web_acl.firewall"]],
    [
      "natModeChanged",
      [
        "update aws_ecs_service.processor",
        "delete aws_eip.network_nat_a_address",
        "delete aws_nat_gateway.network_nat_a",
        "delete aws_route.network_nat_private_a_routes_internet",
        "delete aws_route.network_nat_private_b_routes_internet",
        "delete aws_vpc_security_group_egress_rule.media_security_group_to_internet",
        "delete aws_vpc_security_group_egress_rule.migrate_security_group_to_internet",
      ],
    ],
    ["onlyCode", lambda],
    ["secretInOutput", lambda],
  ])("of %s does this and nothing else", (name, expected) => {
    expect(actions(name)).toEqual(expected);
  });

  test("of nothing changes no output either", () => {
    const outputs = Object.values(plan("nothing").output_changes as Attributes);
    expect(outputs.length).toBeGreaterThan(10);
    expect(outputs.filter((change) => change.actions.join() !== "no-op")).toEqual([]);
  });

  test("of a renamed construct creates another database, and deletes the one with the data", () => {
    expect(actions("databaseConstructRenamed")).toEqual(
      expect.arrayContaining(["delete aws_db_instance.database", "create aws_db_instance.primary"]),
    );
  });

  test("of a major version names the attributes that replace the parameter group", () => {
    const group = changed("engineMajorVersion").find(({ type }) => type === "aws_db_parameter_group");
    expect(group?.change.replace_paths).toEqual([["family"], ["name"]]);
  });

  test("of a function's code changes its zip and the resources of a new version", () => {
    const [alias, media] = changed("onlyCode");
    expect(attributes(alias ?? {})).toEqual(["function_version"]);
    expect(attributes(media ?? {})).toEqual(
      expect.arrayContaining(["filename", "source_code_hash", "version"]),
    );
    expect(attributes(media ?? {})).not.toContain("environment");
  });

  test("of only tags changes nothing but the tags of everything that has some", () => {
    const resources = changed("onlyTags");
    expect(resources.length).toBeGreaterThan(100);
    expect(new Set(resources.flatMap(({ change }) => change.actions as string[]))).toEqual(
      new Set(["update"]),
    );
    expect(new Set(resources.flatMap(attributes))).toEqual(new Set(["tags_all"]));
  });

  test("of a secret in an output reports that the plan shows it", () => {
    expect(plan("secretInOutput").output_changes.deploy_token).toMatchObject({
      actions: ["create"],
      after: plantedSecrets.githubToken,
    });
    for (const secret of Object.values(plantedSecrets)) {
      expect(plans.get("secretInOutput")?.json).toContain(secret);
    }
  });

  test("of four hundred changes has creations, updates and replacements", () => {
    const all = actions("fourHundredChanges");
    expect(all.length).toBeGreaterThan(MANY);
    for (const kind of ["create ", "update ", "delete/create ", "create/delete "]) {
      expect(all.filter((line) => line.startsWith(kind)).length).toBeGreaterThan(0);
    }
  });
});

describe("the review", () => {
  const reviewed = (name: PlantedChange): Review =>
    reviewOf(readPlan(plans.get(name)?.json ?? "", name), {
      ...projectKnowledge,
      stack: STACK,
      synthesized: JSON.parse(plans.get(name)?.synthesized ?? "") as unknown,
    });
  const comment = (...names: PlantedChange[]) => markdown(names.map(reviewed), { longest: 65_536 });

  /** Expected verdict and reasons: `rule`, and words of its sentence. */
  test.each<[PlantedChange, Review["verdict"], [string, RegExp][]]>([
    ["nothing", "no-changes", []],
    [
      "databaseRenamed",
      "needs-review",
      [["outage", /identifier goes from .*-database to .*-main: .* a new host name/]],
    ],
    ["databaseConstructRenamed", "blocked", [["data-loss", /aws_db_instance\.database is deleted/]]],
    ["engineMajorVersion", "blocked", [["no-way-back", /postgres goes from 17 to 18/]]],
    [
      "instanceClass",
      "needs-review",
      [
        ["outage", /db\.t4g\.small to db\.t4g\.medium/],
        ["cost", /idle cost rises by \d+\.\d\d \$/],
      ],
    ],
    ["queueDeleted", "blocked", [["data-loss", /aws_sqs_queue\.media_queue is deleted/]]],
    ["policyWidened", "blocked", [["access-gained", /media\/role may \* on \*/]]],
    [
      "openedToTheWorld",
      "blocked",
      [["exposure", /the internet can reach port 5432 of aws_security_group\.database/]],
    ],
    [
      "firewallRuleRemoved",
      "needs-review",
      [["exposure", /KnownBadInputsRuleSet of the web ACL firewall is removed/]],
    ],
    ["natModeChanged", "needs-review", [["exposure", /processor gives public addresses/]]],
    ["onlyCode", "safe", []],
    ["onlyTags", "safe", []],
    [
      "secretInOutput",
      "blocked",
      [
        ["secret-in-output", /the output deploy_token/],
        ["secret-in-attribute", /PARTNER_ACCESS_KEY, .*PARTNER_PASSWORD/],
      ],
    ],
    ["fourHundredChanges", "blocked", [["data-loss", /aws_sqs_queue\.media_queue is replaced/]]],
  ])("of %s says %s, and why", (name, verdict, reasons) => {
    const review = reviewed(name);
    expect(review.verdict).toBe(verdict);
    for (const [rule, words] of reasons) {
      expect(review.findings).toContainEqual(
        expect.objectContaining({ rule, title: expect.stringMatching(words) as string }),
      );
    }
    const severities = {
      "no-changes": [],
      safe: [],
      "needs-review": ["review"],
      blocked: ["review", "block"],
    }[verdict];
    const others = review.findings.filter(({ severity }) => severity !== "info");
    expect(
      [...new Set(others.map(({ severity }) => severity))].filter(
        (one) => !severities.includes(one as never),
      ),
    ).toEqual([]);
    if (reasons.length === 0) expect(others).toEqual([]);
  });

  test("of nothing is one line", () => {
    expect(comment("nothing")).toBe(`\`${STACK}\`: no changes.`);
  });

  test("of a database under another address prints the moved block that keeps it", () => {
    expect(comment("databaseConstructRenamed")).toContain("moved { from = aws\\_db\\_instance.database");
  });

  test("of a policy with unknown values shows the expressions of the configuration", () => {
    const change = reviewed("databaseConstructRenamed").changes.find(
      ({ address }) => address === "aws_iam_role_policy.media_role_permissions",
    );
    expect(change?.differences.map(({ path }) => path)).toEqual([
      "policy.Statement[0].Resource",
      "policy.Statement[0].Resource",
    ]);
  });

  test("of only code names the zip and the version, of only tags the tag, once for all resources", () => {
    expect(
      reviewed("onlyCode").changes.flatMap(({ differences }) => differences.map(({ path }) => path)),
    ).toEqual(["function_version", "filename", "source_code_hash"]);
    const tags = comment("onlyTags");
    expect(tags.match(/tags\.Repository/g)).toHaveLength(2);
    expect(reviewed("onlyTags").changes.every(({ tagsOnly }) => tagsOnly)).toBe(true);
  });

  test("never shows a secret, neither in the comment nor on the page nor in the file", () => {
    const review = reviewed("secretInOutput");
    const all = [comment("secretInOutput"), html([review]), JSON.stringify(review)];
    for (const secret of Object.values(plantedSecrets)) {
      expect(all.filter((text) => text.includes(secret))).toEqual([]);
    }
  });

  test("of four hundred changes, and of all findings at once, fits a comment; the page lists all", () => {
    const names = [...plans.keys()];
    for (const text of [comment("fourHundredChanges"), comment(...names)]) {
      expect(text.length).toBeLessThanOrEqual(65_536);
      expect(text).toMatch(/Omitted here: /);
    }
    const page = html([reviewed("fourHundredChanges")]);
    for (const { address } of reviewed("fourHundredChanges").changes) expect(page).toContain(address);
  });
});
