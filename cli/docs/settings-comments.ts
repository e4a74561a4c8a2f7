import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";
import ts from "typescript";

/** The doc comment of a setting. */
export interface SettingComment {
  readonly text: string;
  /** Text of the tags `default`, `cost` and `risk`. */
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * Doc comments of all settings, by path such as `database.instanceClass`. They are read from the schema's source, so
 * that each is written once. Only the syntax is parsed: type checking would take seconds. Throws if the schema is
 * missing.
 */
export function settingComments(): ReadonlyMap<string, SettingComment> {
  const declared = new Map(files().flatMap((file) => file.statements.flatMap(declarations)));
  const comments = new Map<string, SettingComment>();
  const visit = (node: ts.Node, above: string): void => {
    for (const property of groupsIn(node, declared).flatMap(({ properties }) => [...properties])) {
      if (!ts.isPropertyAssignment(property)) continue;
      const path = `${above}${property.name.getText()}`;
      if (!comments.has(path)) comments.set(path, commentOf(property));
      visit(property.initializer, `${path}.`);
    }
  };
  const root = declared.get("environmentSchema");
  if (root === undefined) throw new Error("stacks/settings.ts declares no environmentSchema");
  visit(root, "");
  return comments;
}

/** The source files of the schema. */
function files(): ts.SourceFile[] {
  const constructs = join(projectFolder, "stacks/constructs");
  const subjects = readdirSync(constructs).map((subject) => join(constructs, subject, "settings.ts"));
  return [join(projectFolder, "stacks/settings.ts"), ...subjects.filter(existsSync)].map((path) =>
    ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true),
  );
}

/** Names that a statement declares, with their nodes. */
function declarations(statement: ts.Statement): [name: string, node: ts.Node][] {
  if (ts.isFunctionDeclaration(statement)) return [[statement.name?.text ?? "", statement.body ?? statement]];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
    initializer === undefined ? [] : [[name.getText(), initializer]],
  );
}

/** Fields of each `group({ … })` in an expression, directly or by a declared name; nested groups are not entered. */
function groupsIn(node: ts.Node, declared: ReadonlyMap<string, ts.Node>): ts.ObjectLiteralExpression[] {
  if (ts.isCallExpression(node) && node.expression.getText() === "group") {
    return node.arguments.filter(ts.isObjectLiteralExpression);
  }
  const named = ts.isIdentifier(node) ? declared.get(node.text) : undefined;
  if (named !== undefined) return groupsIn(named, declared);
  const found: ts.ObjectLiteralExpression[] = [];
  ts.forEachChild(node, (child) => void found.push(...groupsIn(child, declared)));
  return found;
}

function commentOf(property: ts.PropertyAssignment): SettingComment {
  const line = (comment: Parameters<typeof ts.getTextOfJSDocComment>[0]): string =>
    (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
  const docs = ts.getJSDocCommentsAndTags(property).filter(ts.isJSDoc);
  const tags = docs.flatMap((doc) => [...(doc.tags ?? [])]);
  return {
    text: docs.map(({ comment }) => line(comment)).join(" "),
    tags: new Map(tags.map(({ tagName, comment }) => [tagName.text, line(comment)])),
  };
}
