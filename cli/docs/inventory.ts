import { Value } from "@packages/terraform/value";
import { STATEFUL_TYPES } from "../policies/stateful-types";
import { HELD } from "@packages/plan-review/losses";
import { type Attributes, referencedName, type Stack } from "@packages/terraform/synthesized-stack";
import { many } from "./format";

/** One resource and the stacks that have it. */
interface Entry {
  readonly address: string;
  readonly type: string;
  /** Path of its construct below the stack, such as `media-queue/dead-letters`. */
  readonly construct: string;
  readonly stacks: readonly Stack[];
}

/** Markdown tables: resources that hold data, counts by type, and every resource by construct. */
export function inventory(stacks: readonly Stack[]): string {
  const entries = entriesOf(stacks);
  return [dataTable(entries), countTable(entries, stacks), ...constructTables(entries, stacks)].join("\n");
}

function entriesOf(stacks: readonly Stack[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const stack of stacks) {
    for (const { type, address, raw } of stack.resources) {
      const others = entries.get(address)?.stacks ?? [];
      entries.set(address, {
        address,
        type,
        construct: construct(raw as Attributes),
        stacks: [...others, stack],
      });
    }
  }
  return [...entries.values()].sort((one, other) => (one.address < other.address ? -1 : 1));
}

function construct(attributes: Attributes): string {
  const [, ...ids] = new Value(attributes).at("//.metadata.path").text.split("/");
  return ids.filter((id) => id !== "Default").join("/");
}

/** What is not lost with a resource whose type can hold data. */
const REMADE: Readonly<Record<string, string>> = {
  "aws_cognito_user_pool.synthetic_check_users": "no user's data: the next check makes its own user again",
};

function dataTable(entries: readonly Entry[]): string {
  const rows = entries
    .filter(({ type }) => type in STATEFUL_TYPES)
    .flatMap(({ address, type, stacks }) =>
      grouped(stacks.map((stack) => [environment(stack), protections(stack, address).join("; ")])).map(
        ([names, protection]) =>
          `| \`${address}\` | ${names} | ${REMADE[address] ?? HELD[type] ?? ""} | ${protection || "nothing"} |`,
      ),
    );
  return [
    "## Resources with data",
    "",
    "| resource | environments | lost if it is deleted | protected by |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

/** Joins the names of environments that have the same text. */
function grouped(texts: readonly (readonly [environment: string, text: string])[]): [string, string][] {
  const all = [...new Set(texts.map(([, text]) => text))];
  return all.map((text) => [
    texts.flatMap(([name, other]) => (other === text ? [name] : [])).join(", "),
    text,
  ]);
}

/** Protections of a resource and its data in a synthesized stack, for example `deletion protection`. */
function protections(stack: Stack, address: string): string[] {
  const [type = "", name = ""] = address.split(".");
  const value = new Value(stack.attributes(type, name));
  const has = (other: string, field: string): boolean =>
    stack.attributesOf(other).some(([, attributes]) => referencedName(attributes[field]) === name);
  const days = (path: string, what: string): string[] =>
    value.at(path).number > 0 ? [`${what} for ${many(value.at(path).number, "day")}`] : [];
  const bucket = type === "aws_s3_bucket" ? value.at("bucket").text : address;
  const backed = stack
    .attributesOf("aws_backup_selection")
    .some(([, { resources }]) =>
      new Value(resources).texts.some(
        (arn) => arn.includes(`${address}.`) || arn === `arn:aws:s3:::${bucket}`,
      ),
    );
  return [
    ...(value.at("lifecycle.prevent_destroy").isTrue ? ["`prevent_destroy`"] : []),
    ...(value.at("deletion_protection").isTrue || value.at("deletion_protection").text === "ACTIVE"
      ? ["deletion protection"]
      : []),
    ...days("backup_retention_period", "point-in-time recovery"),
    ...days("snapshot_retention_limit", "snapshots"),
    ...(value.at("skip_final_snapshot").raw === false ? ["final snapshot"] : []),
    ...(value.at("multi_az").isTrue ? ["standby"] : []),
    ...(type === "aws_s3_bucket" && has("aws_s3_bucket_versioning", "bucket") ? ["versioning"] : []),
    ...(type === "aws_s3_bucket" && has("aws_s3_bucket_replication_configuration", "bucket")
      ? ["replication"]
      : []),
    ...(backed ? ["AWS Backup"] : []),
    ...(has("aws_backup_vault_lock_configuration", "backup_vault_name") ? ["vault lock"] : []),
    ...(value.at("recovery_window_in_days").number > 0
      ? [`${many(value.at("recovery_window_in_days").number, "day")} recovery window`]
      : []),
  ];
}

function countTable(entries: readonly Entry[], stacks: readonly Stack[]): string {
  const types = [...new Set(entries.map(({ type }) => type))].sort();
  const count = (stack: Stack, type?: string): number =>
    entries.filter((entry) => (type ?? entry.type) === entry.type && entry.stacks.includes(stack)).length;
  const line = (title: string, type?: string): string =>
    `| ${title} | ${stacks.map((stack) => count(stack, type) || "").join(" | ")} |`;
  return [
    "## Resources by type",
    "",
    `| type | ${stacks.map(environment).join(" | ")} |`,
    `|---|${stacks.map(() => "---:").join("|")}|`,
    ...types.map((type) => line(`\`${type}\``, type)),
    line("**total**"),
    "",
  ].join("\n");
}

function constructTables(entries: readonly Entry[], stacks: readonly Stack[]): string[] {
  const parts = [...new Set(entries.map(({ construct: path }) => path.split("/")[0] ?? ""))].sort();
  const tables = parts.map((part) =>
    [
      `### ${part}`,
      "",
      `| resource | construct | ${stacks.map(environment).join(" | ")} |`,
      `|---|---|${stacks.map(() => ":-:").join("|")}|`,
      ...entries
        .filter(({ construct: path }) => path.split("/")[0] === part)
        .map(
          ({ address, construct: path, stacks: having }) =>
            `| \`${address}\` | ${path} | ${stacks.map((stack) => (having.includes(stack) ? "✓" : "")).join(" | ")} |`,
        ),
      "",
    ].join("\n"),
  );
  return ["## Resources by construct\n", ...tables];
}

/** Name of a stack's environment: `prod` for `streamflow-prod`. */
export const environment = ({ name }: Stack): string => name.replace(/^streamflow-/, "");
