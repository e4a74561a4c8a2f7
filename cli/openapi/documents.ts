import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";
import { gatewayRoutes, openApi } from "../../handlers/media/openapi";
import { type Operation, OPERATIONS } from "../../handlers/media/operations";

const README = "handlers/README.md";
/** Lines of the README between which the table of routes is generated. */
const [BEGIN, END] = ["<!-- routes: npm run openapi -->", "<!-- end of routes -->"];

/**
 * What is generated from the API's operations, by its path: the description that it serves, API Gateway's routes, and
 * the README with its table of routes. Throws if the README has no place for the table.
 */
export function documents(): Readonly<Record<string, string>> {
  return {
    "handlers/media/openapi.json": text(openApi()),
    "stacks/constructs/api/media-routes.json": text(gatewayRoutes()),
    [README]: withRoutes(readFileSync(join(projectFolder, README), "utf8")),
  };
}

function text(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function withRoutes(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end === -1) throw new Error(`${README} has no lines ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${routesTable()}\n\n${page.slice(end)}`;
}

/** Markdown table of the routes: who may call them, and what they do. */
function routesTable(): string {
  const rows = Object.entries<Operation>(OPERATIONS).map(
    ([route, operation]) => `| \`${route}\` | ${callerOf(operation)} | ${operation.summary} |`,
  );
  return ["| route | caller | what it does |", "|---|---|---|", ...rows].join("\n");
}

function callerOf({ problems }: Operation): string {
  if (problems.includes(403)) return "its creator";
  return problems.includes(401) ? "a creator" : "everyone";
}
