import type { EnvironmentSettings } from "../../stacks/settings";
import { accessMatrix, accessTables } from "./access";
import { costTable, firstDesign, idleCost, total } from "./cost";
import { designOf } from "./design";
import { diagram } from "./diagram/diagram";
import { environmentTables } from "./environments";
import { inventory } from "./inventory";
import { readMeasurements } from "./performance/measurements";
import { performancePage } from "./performance/page";
import { PRICES_OF } from "./prices";
import { reachTable } from "./reach";
import { runbookIndex } from "./runbooks";
import type { Stack } from "@packages/terraform/synthesized-stack";
import { settingsPage } from "./settings";
import { usageTables } from "./usage-table";

const made = (source: string): string =>
  `Made by \`npm run docs\` from ${source}; a change of it in a pull request is for a reviewer.`;

/** The environment whose picture is drawn, and for which runbooks are written: it has everything. */
const DRAWN_ENVIRONMENT = "prod";

/** Documents that are made from the synthesized stacks and from measurements, by their file in `docs/`. */
export const FILES = [
  "access.md",
  "access-matrix.md",
  "architecture.svg",
  "architecture-in-words.md",
  "cost.md",
  "environments.md",
  "inventory.md",
  "network.md",
  "performance.md",
  "runbooks/README.md",
  "settings.md",
] as const;
export type Documents = Readonly<Record<(typeof FILES)[number], string>>;

export async function documents(
  stacks: readonly Stack[],
  settings: readonly EnvironmentSettings[],
): Promise<Documents> {
  const foundations = stacks.filter(({ name }) => name.includes("foundation"));
  const environments = settings.flatMap(({ name }) =>
    stacks.filter((stack) => stack.name === `streamflow-${name}`),
  );
  const drawn = environments.find(({ name }) => name.endsWith(`-${DRAWN_ENVIRONMENT}`)) ?? environments[0];
  const operated = settings.find(({ name }) => name === DRAWN_ENVIRONMENT) ?? settings.at(-1);
  if (drawn === undefined || operated === undefined)
    throw new Error("there is no environment to draw: synthesize one");
  const { picture, words } = await diagram(drawn);
  return {
    "access.md": page("Who may do what", [
      "At a glance, by service: [access-matrix.md](access-matrix.md). Below the roles of a stack are the resources that",
      "have a policy of their own, each with everybody whom it or a role's policy names.\n",
      ...[...environments, ...foundations].map(accessTables),
    ]),
    "access-matrix.md": page("Who may do what, at a glance", [
      "On which resources and under which conditions: [access.md](access.md).\n",
      ...[...environments, ...foundations].map(accessMatrix),
    ]),
    "architecture.svg": picture,
    "architecture-in-words.md": page(`The picture of ${drawn.name}, in words`, [words]),
    "cost.md": page("What a month costs", [
      PRICES_NOTE,
      ...environments.map(cost),
      costTable("first design", firstDesign()),
      usageTables(environments.map(designOf)),
    ]),
    "environments.md": page("In what environments differ", [environmentTables(settings, environments)]),
    "inventory.md": page("What there is", [inventory(environments), ...account(foundations)]),
    "network.md": page("What reaches what", [
      "Cells are TCP ports; what has no cell is closed.\n",
      ...environments.map(reachTable),
    ]),
    "performance.md": performancePage(readMeasurements()),
    "runbooks/README.md": page("Runbooks", [runbookIndex(environments, operated)]),
    "settings.md": page("Settings", [settingsPage()], "the schema of the settings"),
  };
}

/** What each account has once, before its first environment. */
function account(foundations: readonly Stack[]): string[] {
  const [first] = foundations;
  return first === undefined ? [] : [`# Once in each account\n\n${inventory(foundations)}`];
}

const PRICES_NOTE =
  "First a month in which nobody uses it, then [with videos](#with-videos). " +
  `List prices of us-east-1 as of ${PRICES_OF}, from \`cli/docs/prices.ts\`.\n`;

function cost(stack: Stack): string {
  const items = idleCost(stack);
  const share = (total(items) / total(firstDesign())).toFixed(2);
  return costTable(`${stack.name}: ${share} × the first design`, items);
}

function page(title: string, parts: readonly string[], source = "the synthesized stacks"): string {
  return [`# ${title}`, "", made(source), "", ...parts].join("\n").trimEnd() + "\n";
}
