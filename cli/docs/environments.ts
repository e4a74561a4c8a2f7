import type { EnvironmentSettings } from "../../stacks/settings";
import { differencesOf } from "../compare/differences";
import { elementsOf } from "../compare/flatten";
import { settingsDifferences } from "../compare/settings";
import { environment } from "./inventory";
import type { Stack } from "@packages/terraform/synthesized-stack";

/** Resources of one type that are listed one by one. */
const MAX_LISTED_PER_TYPE = 4;

/** Markdown tables of the settings and resources that differ between environments. */
export function environmentTables(
  environments: readonly EnvironmentSettings[],
  stacks: readonly Stack[],
): string {
  const [first, ...others] = environments;
  if (first === undefined) return "";
  const paths = [
    ...new Set(others.flatMap((other) => settingsDifferences(first, other).map(({ path }) => path))),
  ];
  // A group of another kind (off, for example) is one row, without rows for its fields.
  const rows = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`))).sort();
  return [
    "## Settings that differ",
    "",
    `| setting | ${environments.map(({ name }) => name).join(" | ")} |`,
    `|---|${environments.map(() => "---").join("|")}|`,
    ...rows.map((path) => `| \`${path}\` | ${environments.map((one) => shown(at(one, path))).join(" | ")} |`),
    "",
    "## Resources that differ",
    "",
    `| construct | resources | ${stacks.map(environment).join(" | ")} |`,
    `|---|---|${stacks.map(() => ":-:").join("|")}|`,
    ...resourceRows(stacks),
    "",
    "`npm run compare -- staging prod` shows which setting causes each difference, and fails if no setting explains one.",
    "",
  ].join("\n");
}

/** One row per construct and set of stacks, for resources that some stacks lack. */
function resourceRows(stacks: readonly Stack[]): string[] {
  const elements = stacks.map(({ json }) => elementsOf({ resource: json.at("resource").raw ?? {} }));
  const [first = new Map(), ...others] = elements;
  const whole = others.flatMap((other) =>
    differencesOf(first, other).filter(({ attribute }) => attribute === ""),
  );
  const addresses = [...new Set(whole.map(({ address }) => address))].sort();
  const rows = new Map<string, string[]>();
  for (const address of addresses) {
    const [one] = whole.filter((difference) => difference.address === address);
    const marks = elements.map((element) => (element.has(address) ? "✓" : "")).join(" | ");
    const key = `${one?.construct.split("/")[0] ?? ""}|${marks}`;
    rows.set(key, [...(rows.get(key) ?? []), address]);
  }
  return [...rows]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, listed]) => {
      const [construct = "", ...marks] = key.split("|");
      return `| ${construct} | ${listOf(listed)} | ${marks.join("|")} |`;
    });
}

/** Addresses, one per line; the number only, for types with more than MAX_LISTED_PER_TYPE. */
function listOf(addresses: readonly string[]): string {
  const types = [...new Set(addresses.map((address) => address.split(".")[0] ?? ""))];
  return types
    .flatMap((type) => {
      const listed = addresses.filter((address) => address.startsWith(`${type}.`));
      return listed.length > MAX_LISTED_PER_TYPE
        ? [`${listed.length} × \`${type}\``]
        : listed.map((address) => `\`${address}\``);
    })
    .join("<br>");
}

function at(settings: EnvironmentSettings, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], settings);
}

/** A setting's value as in `environments.ts`, without quotes and braces; empty if undefined. */
function shown(value: unknown): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(shown).join(", ");
  if (typeof value !== "object" || value === null)
    return JSON.stringify(value).replaceAll('"', "").replaceAll("|", "\\|");
  return Object.entries(value)
    .map(([key, member]) => `${key}: ${shown(member)}`)
    .join("; ");
}
