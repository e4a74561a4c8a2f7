import { accessTables } from "./access";
import { costTable, firstDesign, idleCost, total } from "./cost";
import { reachTable } from "./reach";
import type { Stack } from "./synthesized";

const made =
  "Made by `npm run docs` from the synthesized stacks; a change of it in a pull request is for a reviewer.";

/** Documents that are made from the synthesized stacks, by their file in `docs/`. */
export function documents(stacks: readonly Stack[]): Record<string, string> {
  const environments = stacks.filter(({ name }) => !name.includes("foundation"));
  return {
    "access.md": page("Who may do what", stacks.map(accessTables)),
    "cost.md": page("What an idle month costs", [
      PRICED,
      ...environments.map(cost),
      costTable("first design", firstDesign()),
    ]),
    "network.md": page("What reaches what", environments.map(reachTable)),
  };
}

const PRICED =
  "List prices of us-east-1 from `tools/docs/prices.ts`, without traffic, storage of objects and logs.\n";

function cost(stack: Stack): string {
  const items = idleCost(stack);
  const share = (total(items) / total(firstDesign())).toFixed(2);
  return costTable(`${stack.name}: ${share} × the first design`, items);
}

function page(title: string, parts: readonly string[]): string {
  return [`# ${title}`, "", made, "", ...parts].join("\n").trimEnd() + "\n";
}
