import { gatewayRoutes, openApi } from "../../handlers/media/openapi";

/** What is written from the API's operations, by its path: the description that it serves, and API Gateway's routes. */
export function documents(): Readonly<Record<string, string>> {
  return {
    "handlers/media/openapi.json": text(openApi()),
    "stacks/constructs/api/media-routes.json": text(gatewayRoutes()),
  };
}

function text(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
