import type { HttpAnswer, HttpRequest } from "../runtime/http";
import { Problem } from "./problem";

/** Handler of a route; `id` is the raw part of the path. */
export type Route = (request: HttpRequest, id: string) => Promise<HttpAnswer>;

/** Handlers by method and path. A path may have one parameter: `GET /media/{id}/playback`. */
export type Routes = Readonly<Record<string, Route>>;

/** Finds the handler of a request; throws a `Problem` for unknown paths and disallowed methods. */
export function router(routes: Routes): (request: HttpRequest) => Promise<HttpAnswer> {
  const known = [...byPath(routes)].map(([path, methods]) => ({ pattern: patternOf(path), methods }));
  return async (request) => {
    const { method, path } = request;
    for (const { pattern, methods } of known) {
      const match = pattern.exec(path);
      if (match === null) continue;
      // Like GET, without the body.
      const route = methods[method === "HEAD" ? "GET" : method];
      if (route === undefined) throw notAllowed(method, Object.keys(methods));
      const answer = await route(request, decoded(match[1] ?? ""));
      return method === "HEAD" ? { ...answer, body: "" } : answer;
    }
    throw new Problem(404, `no resource at ${path}`);
  };
}

function byPath(routes: Routes): ReadonlyMap<string, Routes> {
  const paths = new Map<string, Record<string, Route>>();
  for (const [name, route] of Object.entries(routes)) {
    const [method = "", path = ""] = name.split(" ");
    const methods = paths.get(path) ?? {};
    methods[method] = route;
    paths.set(path, methods);
  }
  return paths;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replace("{id}", "([^/]+)")}/?$`);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function notAllowed(method: string, allowed: readonly string[]): Problem {
  const allow = allowed.flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : [name])).join(", ");
  return new Problem(405, `${method} is not allowed here, only ${allow}`, { headers: { allow } });
}
