import { execFileSync } from "node:child_process";
import { motoPython } from "../../../packages/embedded-aws/programs/moto";
import { parsePolicy } from "../../../packages/iam/document";
import { evaluate } from "../../../packages/iam/evaluate";
import { testEnvironments } from "../../support/test-environments";
import { SERVICE_CASES, type ServiceCase } from "./service-cases";
import { type ManagedPolicies, rolesOf, type UsedRole } from "./used-roles";

/** Documents of AWS's managed policies by name, from moto. */
const managedPolicies = (async (): Promise<ManagedPolicies> => {
  const { python } = await motoPython();
  const script = [
    "import json",
    "from moto.iam.aws_managed_policies import aws_managed_policies_data as data",
    "print(json.dumps({name: policy['Document'] for name, policy in json.loads(data).items()}))",
  ].join("\n");
  const text = execFileSync(python, ["-c", script], { encoding: "utf8", maxBuffer: 2 ** 26 });
  return JSON.parse(text) as ManagedPolicies;
})();

/** Actions that AWS lists for a service. */
function listedActions({ source, actions }: ServiceCase, managed: ManagedPolicies): readonly string[] {
  return actions ?? parsePolicy(source, managed[source] ?? {}).flatMap((statement) => statement.actions);
}

/** What AWS would refuse to the service: actions and resources that the role's policies or its boundary do not allow. */
function denials(
  { context, resources = () => ["*"] }: ServiceCase,
  role: UsedRole,
  actions: readonly string[],
) {
  return actions.flatMap((action) =>
    resources(action, role).flatMap((resource) => {
      const request = { action, resource, context: context?.(role) ?? {} };
      const { result, reason } = evaluate(request, role);
      return result === "allowed" ? [] : [`${role.name}: ${action} on ${resource}: ${reason}`];
    }),
  );
}

describe.each(SERVICE_CASES)("by the role of $service", (one) => {
  test(`AWS can do what ${one.source} lists for ${one.what}, in every environment`, async () => {
    const managed = await managedPolicies;
    const listed = listedActions(one, managed);
    expect(listed.length).toBeGreaterThan(3);
    const roles = testEnvironments
      .flatMap(({ name }) => rolesOf(name, one.service, managed))
      .filter(({ name }) => name.includes(one.address ?? ""))
      .filter((role) => one.isFor?.(role) ?? true);
    expect(roles.length).toBeGreaterThan(0);
    const needed = listed.filter((action) => !(action in one.unneeded));
    expect(roles.flatMap((role) => denials(one, role, needed))).toEqual([]);
    // A reason for an action that AWS does not list is unused.
    expect(Object.keys(one.unneeded).filter((action) => !listed.includes(action))).toEqual([]);
  });
});

test("a role without a right, and one whose boundary does not allow it, are named", async () => {
  const [role] = rolesOf("prod", "backup.amazonaws.com", await managedPolicies);
  if (role === undefined) throw new Error("prod has no backups");
  const restore: ServiceCase = { service: "", what: "", source: "", unneeded: {} };
  expect(denials(restore, role, ["rds:DescribeDBSnapshots", "sqs:SendMessage", "iam:GetRole"])).toEqual([
    expect.stringMatching(/^prod aws_iam_role\.backups_role: sqs:SendMessage on \*: nothing allows it$/),
    expect.stringMatching(/iam:GetRole on \*: its boundary does not allow it$/),
  ]);
});
