import { gatewayModels, openApi } from "../../handlers/media/openapi";

/** Generated files of the API's schemas by path: the OpenAPI description, and API Gateway's models. */
export function documents(): Readonly<Record<string, string>> {
  return {
    "handlers/media/openapi.json": text(openApi()),
    "stacks/constructs/api/api-models.json": text(gatewayModels()),
  };
}

function text(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
