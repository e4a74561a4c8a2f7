import { CACHE_NODE_TYPES } from "@packages/aws-sizes/cache";
import { DATABASE_CLASSES } from "@packages/aws-sizes/database";
import { FARGATE_MEMORY_MIB } from "@packages/aws-sizes/fargate";
import * as z from "zod";
import { allowedBy, rulesOf } from "../../stacks/lib/schema";
import { environmentSchema, RULES_BETWEEN_ENVIRONMENTS } from "../../stacks/settings";
import { type SettingComment, settingComments } from "./settings-comments";

/** A setting or a group of settings. */
export interface Setting {
  /** Path such as `database.instanceClass`; `NAME` stands for a free key, as in `edge.playbackKeys.NAME`. */
  readonly path: string;
  /** Description of the allowed values. */
  readonly allowed: string;
  readonly isOptional: boolean;
}

/** Every setting of the environment schema. */
export const SETTINGS: readonly Setting[] = settingsIn(environmentSchema, "");

function settingsIn(schema: z.ZodType, path: string): Setting[] {
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
    return Object.entries(shape).flatMap(([key, value]) =>
      settingsAt(value, path === "" ? key : `${path}.${key}`),
    );
  }
  if (schema instanceof z.ZodUnion) {
    return merged((schema.options as z.ZodType[]).flatMap((option) => settingsIn(option, path)));
  }
  return schema instanceof z.ZodRecord ? settingsAt(schema.valueType as z.ZodType, `${path}.NAME`) : [];
}

/** Sentences of the rules of a schema and of all its parts. */
function rulesIn(schema: z.ZodType): string[] {
  return [...rulesOf(schema), ...partsOf(schema).flatMap(rulesIn)];
}

function partsOf(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
    return Object.values(shape);
  }
  if (schema instanceof z.ZodUnion) return schema.options as z.ZodType[];
  return schema instanceof z.ZodOptional ? [schema.unwrap() as z.ZodType] : [];
}

/** Settings that several alternatives share, such as `kind`, become one. */
function merged(settings: readonly Setting[]): Setting[] {
  const paths = [...new Set(settings.map(({ path }) => path))];
  return paths.map((path) => {
    const same = settings.filter((one) => one.path === path);
    const allowed = [...new Set(same.map((one) => one.allowed))].join(" or ");
    return { path, allowed, isOptional: same.some(({ isOptional }) => isOptional) };
  });
}

function settingsAt(schema: z.ZodType, path: string): Setting[] {
  const isOptional = schema instanceof z.ZodOptional;
  const inner = isOptional ? (schema.unwrap() as z.ZodType) : schema;
  return [{ path, allowed: allowedAt(inner), isOptional }, ...settingsIn(inner, path)];
}

function allowedAt(schema: z.ZodType): string {
  const allowed = allowedBy.get(schema)?.allowed;
  if (schema instanceof z.ZodArray) {
    return `${allowed ?? "a list"}; each is ${allowedAt(schema.element as z.ZodType)}`;
  }
  if (allowed !== undefined) return allowed;
  return schema instanceof z.ZodLiteral
    ? [...schema.values].map((value) => JSON.stringify(value)).join(" or ")
    : "";
}

const OFF = '{ off: "the reason" }';

const INTRODUCTION = [
  "An environment is a value in [stacks/environments.ts](../stacks/environments.ts). `npm run synth` checks it against the",
  "schema that this page is generated from, and prints one line per mistake: path, value, what is allowed and why.",
  'Settings that allow `{ off: "the reason" }` can only be turned off with a reason.',
  "Settings without a default are required. [Rules between settings](#rules-between-settings) stand at the end.",
  "Without a cost or a risk, none is known.",
  "[Sizes](#sizes) lists what AWS offers. Prices are list prices of us-east-1; [cost.md](cost.md) has the totals.",
  "",
].join("\n");

/** Markdown rows of sizes by family: `db.t4g`: micro, small. */
function byFamily(classes: readonly string[]): string[] {
  const families = new Map<string, string[]>();
  for (const name of classes) {
    const dot = name.lastIndexOf(".");
    const family = name.slice(0, dot);
    families.set(family, [...(families.get(family) ?? []), name.slice(dot + 1)]);
  }
  return [...families].map(([family, sizes]) => `| \`${family}\` | ${sizes.join(", ")} |`);
}

const RULES = [
  "## Rules between settings",
  "",
  ...rulesIn(environmentSchema).map((sentence) => `- ${sentence}`),
  "",
  "Between environments:",
  "",
  ...RULES_BETWEEN_ENVIRONMENTS.map((sentence) => `- ${sentence}`),
  "",
].join("\n");

const SIZES = [
  "## Sizes",
  "",
  "| `processor.cpu` | `processor.memory` |",
  "|---:|---|",
  ...[...FARGATE_MEMORY_MIB].map(([cpu, memory]) => `| ${cpu} | ${memory.join(", ")} |`),
  "",
  "| `database.instanceClass` | sizes |",
  "|---|---|",
  ...byFamily(DATABASE_CLASSES),
  "",
  "| `cache.nodeType` | sizes |",
  "|---|---|",
  ...byFamily(CACHE_NODE_TYPES),
  "",
].join("\n");

/** Markdown sections for the environment and each group of settings, with a table of its settings. */
export function settingsPage(): string {
  const comments = settingComments();
  const documented = SETTINGS.filter(({ path }) => !path.endsWith(".off"));
  const inside = (group: string): Setting[] => documented.filter(({ path }) => path.startsWith(`${group}.`));
  const top = documented.filter(({ path }) => !path.includes("."));
  const groups = top.filter(({ path }) => inside(path).length > 0);
  const rest = top.filter((setting) => !groups.includes(setting));
  return [
    INTRODUCTION,
    ["## Environment", "", ...table(rest, comments), ""].join("\n"),
    ...groups.map((group) => {
      const { text = "", tags } = comments.get(group.path) ?? {};
      const optional = group.isOptional ? `Default: ${tags?.get("default") ?? "none"}.` : "";
      const off = group.allowed.endsWith(OFF) ? `Or \`${OFF}\`.` : "";
      const about = [text, off, optional, ...consequences(tags)].filter(Boolean).join(" ");
      return [`## ${group.path}`, "", about, "", ...table(inside(group.path), comments), ""].join("\n");
    }),
    RULES,
    SIZES,
  ].join("\n");
}

/** Markdown table of settings without its empty columns. */
function table(settings: readonly Setting[], comments: ReadonlyMap<string, SettingComment>): string[] {
  const rows = settings.map(({ path, allowed, isOptional }) => {
    const { text = "Each entry.", tags } = comments.get(path) ?? {};
    const byDefault = isOptional ? (tags?.get("default") ?? "none") : "";
    return [`\`${path}\``, text, allowed, byDefault, consequences(tags).join("<br>")];
  });
  const header = ["setting", "meaning", "allowed", "default", "cost and risk"];
  const documented = header.map((_, column) => rows.some((cells) => cells[column] !== ""));
  return [header, header.map(() => "---"), ...rows].map((cells) => {
    const texts = cells.filter((_, column) => documented[column]).map((cell) => cell.replaceAll("|", "\\|"));
    return `| ${texts.join(" | ")} |`;
  });
}

function consequences(tags: SettingComment["tags"] | undefined): string[] {
  return [
    ["cost", "Cost"],
    ["risk", "Risk"],
  ].flatMap(([name = "", label = ""]) => {
    const text = tags?.get(name);
    return text === undefined ? [] : [`${label}: ${text}`];
  });
}
