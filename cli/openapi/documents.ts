import { gatewayModels, openApi } from "../../handlers/media/openapi";

/** What is written from the API's schemas, by its path: the description that it serves, and what API Gateway checks. */
export function documents(): Readonly<Record<string, string>> {
  return {
    "handlers/media/openapi.json": text(openApi()),
    "stacks/constructs/api/api-models.json": text(gatewayModels()),
  };
}

function text(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
