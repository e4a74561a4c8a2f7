import type { Route } from "./definition";

export interface Match {
  readonly route: Route;
  /** Decoded values of `{name}` and `{name+}`. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

type Kind = "literal" | "one" | "rest";

const kindOf = (part: string): Kind =>
  part.endsWith("+}") ? "rest" : part.startsWith("{") && part.endsWith("}") ? "one" : "literal";

const rank: Readonly<Record<Kind, number>> = { literal: 0, one: 1, rest: 2 };

const partsOf = (path: string) => path.split("/").filter((part) => part !== "");

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Path parameters if the pattern matches the path; otherwise undefined. */
function parametersOf(
  pattern: readonly string[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [i, expected] of pattern.entries()) {
    const kind = kindOf(expected);
    const name = expected.replace(/^\{|\+?\}$/g, "");
    const part = parts[i];
    if (part === undefined) return undefined;
    if (kind === "rest") return { ...found, [name]: parts.slice(i).map(decode).join("/") };
    if (kind === "one") found[name] = decode(part);
    else if (decode(part) !== expected) return undefined;
  }
  return pattern.length === parts.length ? found : undefined;
}

/** Sort order of patterns: literal segments before `{name}` before `{name+}`, from left to right. */
function moreSpecific(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = rank[kindOf(a[i] ?? "{+}")] - rank[kindOf(b[i] ?? "{+}")];
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The matching route; the resource is selected before the method, as in API Gateway. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
  const parts = partsOf(path);
  const taking = routes
    .map((route) => ({ route, pattern: partsOf(route.path) }))
    .map(({ route, pattern }) => ({ route, pattern, pathParameters: parametersOf(pattern, parts) }))
    .filter((match) => match.pathParameters !== undefined)
    .sort((a, b) => moreSpecific(a.pattern, b.pattern));
  const resource = taking[0]?.route.path;
  const ofResource = taking.filter(({ route }) => route.path === resource);
  const match =
    ofResource.find(({ route }) => route.method === method) ??
    ofResource.find(({ route }) => route.method === "ANY");
  return match && { route: match.route, pathParameters: match.pathParameters ?? {} };
}
