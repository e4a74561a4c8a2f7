import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";
import { gatewayRoutes, openApi } from "../../handlers/media/openapi";
import { FAILURE_REASONS } from "../../handlers/media/failure-reasons";
import { type Operation, OPERATIONS } from "../../handlers/media/operations";

const README = "handlers/README.md";
/** Generated tables of the README; each stands between the lines `<!-- NAME: npm run openapi -->` and `<!-- end of NAME -->`. */
const TABLES = { routes: routesTable, reasons: reasonsTable };

/**
 * What is generated from the API's operations, by its path: the description that it serves, API Gateway's routes, and
 * the README with its tables of routes and of failure reasons. Throws if the README has no place for a table.
 */
export function documents(): Readonly<Record<string, string>> {
  return {
    "handlers/media/openapi.json": text(openApi()),
    "stacks/constructs/api/media-routes.json": text(gatewayRoutes()),
    [README]: withTables(readFileSync(join(projectFolder, README), "utf8")),
  };
}

function text(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function withTables(page: string): string {
  return Object.entries(TABLES).reduce((text, [name, table]) => withTable(text, name, table()), page);
}

function withTable(page: string, name: string, table: string): string {
  const [first, last] = [`<!-- ${name}: npm run openapi -->`, `<!-- end of ${name} -->`];
  const [begin, end] = [page.indexOf(first), page.indexOf(last)];
  if (begin === -1 || end === -1) throw new Error(`${README} has no lines ${first} and ${last}`);
  return `${page.slice(0, begin + first.length)}\n\n${table}\n\n${page.slice(end)}`;
}

/** Markdown table of the routes: who may call them, and what they do. */
function routesTable(): string {
  const rows = Object.entries<Operation>(OPERATIONS).map(
    ([route, operation]) => `| \`${route}\` | ${callerOf(operation)} | ${operation.description} |`,
  );
  return ["| route | caller | what it does |", "|---|---|---|", ...rows].join("\n");
}

function callerOf({ problems }: Operation): string {
  if (problems.includes(403)) return "its creator";
  return problems.includes(401) ? "a creator" : "everyone";
}

/** Markdown table of the reasons for which an upload or its processing failed. */
function reasonsTable(): string {
  const rows = Object.entries(FAILURE_REASONS).map(([code, sentence]) => `| \`${code}\` | ${sentence} |`);
  return ["| code | what the creator reads |", "|---|---|", ...rows].join("\n");
}
