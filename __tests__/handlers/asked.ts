import type { HttpApp, HttpRequest } from "../../handlers/runtime/http";

/** Calls an app with the arguments of the Fetch API. */
export async function asked(
  app: HttpApp,
  to: string,
  init: RequestInit,
  bindings: Pick<HttpRequest, "requestId" | "caller" | "trace">,
): Promise<Response> {
  const { method = "GET", body, headers } = init;
  const { pathname, searchParams } = new URL(to, "https://api");
  const query: Record<string, string[]> = {};
  for (const [name, value] of searchParams) (query[name] ??= []).push(value);
  const sent = new Headers(headers);
  const answer = await app.answer({
    method,
    path: pathname,
    query,
    header: (name) => sent.get(name) ?? undefined,
    body: Buffer.from(await new Response(body ?? null).arrayBuffer()),
    ...bindings,
  });
  const told = new Headers();
  for (const [name, values] of Object.entries(answer.headers)) {
    for (const value of [values].flat()) told.append(name, value);
  }
  return new Response([204, 304].includes(answer.status) ? null : answer.body, {
    status: answer.status,
    headers: told,
  });
}
