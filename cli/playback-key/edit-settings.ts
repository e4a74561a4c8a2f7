import * as ts from "typescript";

export interface NewKey {
  /** Name of the environment. */
  readonly environment: string;
  /** Name of the key in `edge.playbackKeys`. */
  readonly name: string;
  /** Public key in PEM. */
  readonly publicKey: string;
}

/**
 * The text of `stacks/environments.ts` with another playback key, the last of its environment; or undefined if the file
 * was changed so that the place is not found. `SAMPLE_PLAYBACK_KEY` is replaced.
 */
export function withPlaybackKey(source: string, key: NewKey): string | undefined {
  const file = ts.createSourceFile("environments.ts", source, ts.ScriptTarget.Latest, true);
  const keys = objectIn(objectIn(environmentNamed(file, key.environment), "edge"), "playbackKeys");
  if (keys === undefined) return undefined;
  const kept = keys.properties
    .map((property) => property.getText(file))
    .filter((text) => !text.includes("SAMPLE_PLAYBACK_KEY"));
  const entry = `${JSON.stringify(key.name)}: \`${key.publicKey.trimEnd()}\n\``;
  const text = `{ ${[...kept, entry].join(", ")} }`;
  const changed = source.slice(0, keys.getStart(file)) + text + source.slice(keys.getEnd());
  return withoutUnusedSample(changed);
}

/** The object literal of an environment. */
function environmentNamed(file: ts.SourceFile, name: string): ts.ObjectLiteralExpression | undefined {
  let found: ts.ObjectLiteralExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node) && textOf(propertyOf(node, "name")) === name) found ??= node;
    else ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const textOf = (node: ts.Expression | undefined): string | undefined =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;

function propertyOf(node: ts.ObjectLiteralExpression | undefined, name: string): ts.Expression | undefined {
  const property = node?.properties.find((one) => ts.isPropertyAssignment(one) && nameOf(one) === name);
  return property !== undefined && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/** The name of a property, quoted or not. */
const nameOf = ({ name }: ts.PropertyAssignment): string =>
  ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : "";

function objectIn(
  node: ts.ObjectLiteralExpression | undefined,
  name: string,
): ts.ObjectLiteralExpression | undefined {
  const value = propertyOf(node, name);
  return value !== undefined && ts.isObjectLiteralExpression(value) ? value : undefined;
}

/** Removes the import of the sample key after its last use. */
function withoutUnusedSample(source: string): string {
  const uses = source.match(/\bSAMPLE_PLAYBACK_KEY\b/g)?.length ?? 0;
  return uses > 1 ? source : source.replace(/^import \{ SAMPLE_PLAYBACK_KEY \} from .*\n/m, "");
}
