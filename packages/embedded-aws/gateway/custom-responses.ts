import type { GetGatewayResponsesCommandOutput } from "@aws-sdk/client-api-gateway";
import type { GatewayResponse, ResponseType } from "./response";

/** A gateway response of an API: it replaces an error response of API Gateway itself. */
export interface CustomResponse {
  /** HTTP status; undefined keeps the status of the response type. */
  readonly status: number | undefined;
  /** Mapping expressions by header name, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Template of the body. */
  readonly template: string | undefined;
}

export type CustomResponses = ReadonlyMap<ResponseType, CustomResponse>;

type Variables = Readonly<Record<string, string>>;

/** A variable of a template or of a mapping expression. */
const VARIABLE = /\$?\b(context(?:\.\w+)+)/g;

/**
 * Reads the gateway responses of an API. Throws if one uses a variable that the local gateway can't fill.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export function toCustomResponses({ items = [] }: GetGatewayResponsesCommandOutput): CustomResponses {
  return new Map(
    items
      .filter(({ defaultResponse }) => defaultResponse !== true)
      .map(({ responseType = "DEFAULT_4XX", statusCode, responseParameters, responseTemplates }) => {
        const headers = Object.entries(responseParameters ?? {}).map(([key, value]) => [
          key.replace("gatewayresponse.header.", "").toLowerCase(),
          value,
        ]);
        const template = responseTemplates?.["application/json"];
        const custom = {
          status: statusCode === undefined ? undefined : Number(statusCode),
          headers: Object.fromEntries(headers) as Record<string, string>,
          template,
        };
        checkVariables(responseType, custom);
        return [responseType, custom];
      }),
  );
}

/** The response as the API's gateway responses change it; unchanged if the function made it. */
export function customized(
  response: GatewayResponse,
  responses: CustomResponses,
  { requestId }: { readonly requestId: string },
): GatewayResponse {
  const { error } = response;
  if (error?.responseType === undefined) return response;
  const general = response.status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX";
  const custom = responses.get(error.responseType) ?? responses.get(general);
  if (custom === undefined) return response;
  const variables = variablesOf(requestId, { type: error.responseType, message: error.message });
  const headers = Object.entries(custom.headers).map(([name, value]) => [name, mapped(value, variables)]);
  return {
    status: custom.status ?? response.status,
    headers: { ...response.headers, ...(Object.fromEntries(headers) as Record<string, string>) },
    body: custom.template === undefined ? response.body : Buffer.from(filled(custom.template, variables)),
    error,
  };
}

function variablesOf(requestId: string, error: { type: string; message: string }): Variables {
  return {
    "context.requestId": requestId,
    "context.error.message": error.message,
    "context.error.messageString": JSON.stringify(error.message),
    "context.error.responseType": error.type,
  };
}

/** The value of a mapping expression: text in single quotes, or a variable. */
function mapped(expression: string, variables: Variables): string {
  return /^'(.*)'$/s.exec(expression)?.[1] ?? variables[expression] ?? "";
}

function filled(template: string, variables: Variables): string {
  return template.replace(VARIABLE, (text, name: string) =>
    text.startsWith("$") ? (variables[name] ?? "") : text,
  );
}

function checkVariables(type: string, { headers, template = "" }: CustomResponse): void {
  const known = variablesOf("", { type, message: "" });
  const expressions = Object.values(headers).filter((value) => !/^'.*'$/s.test(value));
  const used = [...template.matchAll(VARIABLE)].flatMap(([text, name = ""]) =>
    text.startsWith("$") ? [name] : [],
  );
  const unknown = [...expressions, ...used].find((name) => !(name in known));
  if (unknown !== undefined)
    throw new Error(`the gateway response ${type} uses ${unknown}, which the local gateway can't fill`);
}
