import type { EnvironmentSettings } from "../../stacks/settings";
import { differencesOf } from "../compare/differences";
import { elementsOf } from "../compare/flatten";
import { settingsDifferences } from "../compare/settings";
import { environment } from "./inventory";
import type { Stack } from "@packages/terraform/synthesized-stack";

/** Resources of one type that are listed one by one. */
const MAX_LISTED_PER_TYPE = 4;

/** In what environments differ: every setting that is not the same in all, and resources that not all of them have. */
export function environmentTables(
  environments: readonly EnvironmentSettings[],
  stacks: readonly Stack[],
): string {
  const [first, ...others] = environments;
  if (first === undefined) return "";
  const paths = [
    ...new Set(others.flatMap((other) => settingsDifferences(first, other).map(({ path }) => path))),
  ];
  // A group that one environment has another way is told whole, not also by its fields.
  const told = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`))).sort();
  return [
    "## Settings that differ",
    "",
    `| setting | ${environments.map(({ name }) => name).join(" | ")} |`,
    `|---|${environments.map(() => "---").join("|")}|`,
    ...told.map((path) => `| \`${path}\` | ${environments.map((one) => shown(at(one, path))).join(" | ")} |`),
    "",
    "## Resources that not all have",
    "",
    `| construct | resources | ${stacks.map(environment).join(" | ")} |`,
    `|---|---|${stacks.map(() => ":-:").join("|")}|`,
    ...uneven(stacks),
    "",
    "Which setting makes which difference: `npm run compare -- staging prod`; it fails on one that no setting explains.",
    "",
  ].join("\n");
}

/** A row for each construct whose resources are only in some of the stacks. */
function uneven(stacks: readonly Stack[]): string[] {
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

/** Addresses below each other; of a type that has many only their number. */
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

/** A setting as in `environments.ts`, without quotes and braces. */
function shown(value: unknown): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(shown).join(", ");
  if (typeof value !== "object" || value === null)
    return JSON.stringify(value).replaceAll('"', "").replaceAll("|", "\\|");
  return Object.entries(value)
    .map(([key, member]) => `${key}: ${shown(member)}`)
    .join("; ");
}
