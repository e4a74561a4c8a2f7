import type { Comparison, Explained } from "./compare";
import type { Difference } from "./differences";

/** Maximum characters of a value. */
const WIDTH = 60;
/** Maximum differences per setting, unless all are requested. */
const MAX_LISTED = 8;

export interface RenderOptions {
  /** Names of the two environments. */
  readonly from: string;
  readonly to: string;
  /** Show all differences, not only the first ones. */
  readonly all: boolean;
}

/** The comparison as text: unexplained differences first, then each setting with its effects. */
export function render(comparison: Comparison, { from, to, all }: RenderOptions): string {
  const { settings, explained, unexplained } = comparison;
  const groups = new Map<string, Explained[]>();
  for (const difference of explained) {
    const [first = "several settings together"] = difference.by;
    groups.set(first, [...(groups.get(first) ?? []), difference]);
  }
  const count = explained.length + unexplained.length;
  const lines = [
    `${from} and ${to}: ${settings.length} settings differ, ${count} attributes and resources; ` +
      `${unexplained.length} unexplained`,
  ];
  if (unexplained.length > 0) {
    lines.push(
      "",
      "unexplained by any setting:",
      ...unexplained.map((difference) => `  ${line(difference)}`),
    );
  }
  for (const { path, from: before, to: after } of settings) {
    const found = groups.get(path);
    if (found) lines.push("", `${path}: ${shown(before)} → ${shown(after)}`, ...listed(found, { path, all }));
  }
  const byName = groups.get("name");
  if (byName) lines.push("", "the name:", ...listed(byName, { path: "name", all }));
  const together = groups.get("several settings together");
  if (together) lines.push("", "several settings together:", ...listed(together, { path: "", all }));
  const idle = settings.filter(({ path }) => !explained.some(({ by }) => by.includes(path)));
  if (idle.length > 0) lines.push("", `without effect: ${idle.map(({ path }) => path).join(", ")}`);
  return lines.join("\n");
}

function listed(
  differences: readonly Explained[],
  { path, all }: { readonly path: string; readonly all: boolean },
): string[] {
  const shownNow = all ? differences : differences.slice(0, MAX_LISTED);
  const lines = shownNow.map((difference) => {
    const others = difference.by.filter((other) => other !== path);
    return `  ${line(difference)}${others.length > 0 ? ` (also ${others.join(", ")})` : ""}`;
  });
  const more = differences.length - shownNow.length;
  return more > 0 ? [...lines, `  and ${more} more (--all shows them)`] : lines;
}

function line({ address, construct, attribute, from, to }: Difference): string {
  const where = construct === "" ? address : `${address} (${construct})`;
  if (attribute !== "") return `${where}: ${attribute} ${shown(from)} → ${shown(to)}`;
  return `${from === undefined ? "+" : "-"} ${where}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "unset";
  const text = JSON.stringify(value);
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
}
