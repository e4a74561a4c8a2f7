import type { EvaluatedFinding } from "../../policies/evaluate";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";

/** What holds data: one that Terraform takes for another is destroyed with all that is in it. */
export const STATEFUL = [
  "aws_backup_vault",
  "aws_cognito_user_pool",
  "aws_db_instance",
  "aws_ecr_repository",
  "aws_elasticache_replication_group",
  "aws_kms_key",
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
  "aws_sqs_queue",
];

/** Addresses of what holds data, by stack; those of foundations together, whatever their accounts are. */
export type Manifest = Readonly<Record<string, readonly string[]>>;

export const ACCEPT = "npm run policies -- --accept";
const RULE = {
  rule: "stateful-addresses-are-kept",
  sentence: "A resource that holds data keeps its Terraform address.",
};

export function manifestOf(stacks: readonly Stack[]): Manifest {
  const entries = [...new Set(stacks.map(nameOf))].sort().map((name) => {
    const addresses = stacks
      .filter((stack) => nameOf(stack) === name)
      .flatMap((stack) => stateful(stack).map(({ address }) => address));
    return [name, [...new Set(addresses)].sort()] as const;
  });
  return Object.fromEntries(entries);
}

/** What the manifest calls a stack: `streamflow-foundation` without its account. */
const nameOf = ({ name }: Stack): string => name.replace(/-\d{12}$/, "");

/** Addresses that are gone without a `moved` block, and new ones that the manifest does not list. */
export function compare(manifest: Manifest, stacks: readonly Stack[]): EvaluatedFinding[] {
  const ended = Object.keys(manifest).filter((name) => !stacks.some((stack) => nameOf(stack) === name));
  return [
    ...stacks.flatMap((stack) => compareStack(manifest[nameOf(stack)] ?? [], stack)),
    ...ended.flatMap((name) => (manifest[name] ?? []).map((address) => gone({ address, stack: name }, []))),
  ];
}

function compareStack(listed: readonly string[], stack: Stack): EvaluatedFinding[] {
  const found = stateful(stack);
  const fresh = found.filter(({ address }) => !listed.includes(address));
  const missing = listed.filter(
    (address) =>
      !found.some((resource) => resource.address === address) &&
      !stack.moves.some(({ from }) => from === address),
  );
  return [
    ...missing.map((address) => gone({ address, stack: stack.name }, fresh)),
    ...fresh.map(({ address, path }): EvaluatedFinding => ({
      ...RULE,
      stack: stack.name,
      address,
      path,
      finding: "holds data, and is not in docs/stateful-addresses.json",
      remedy: `list it: ${ACCEPT}`,
      files: ["docs/stateful-addresses.json"],
    })),
  ];
}

function gone(
  { address, stack }: Pick<EvaluatedFinding, "address" | "stack">,
  fresh: readonly Resource[],
): EvaluatedFinding {
  const [type] = address.split(".");
  const heirs = fresh.filter((resource) => resource.type === type).map(({ path }) => path);
  return {
    ...RULE,
    stack,
    address,
    path: heirs.join(" or ") || stack,
    finding: "held data and is gone: Terraform would destroy it",
    remedy: [
      `if it only has another id now, add where that is made${heirs.length > 0 ? ` (${heirs.join(" or ")})` : ""}:`,
      `  resource.moveFromId("${address}");`,
      `if its data may go: ${ACCEPT}`,
    ].join("\n"),
    files: [],
  };
}

function stateful(stack: Stack): Resource[] {
  return stack.of(...STATEFUL).toSorted((a, b) => (a.address < b.address ? -1 : 1));
}
