import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../..");
const SKIPPED = new Set(["node_modules", "cdktf.out", "hcl.out", "coverage", ".local", ".git"]);

/** Every Markdown file of the project below a folder, relative to its root. */
export function markdownFiles(folder = "."): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : markdownFiles(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

export const textOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** Lines of code blocks, with continued lines joined, and code spans; without other text. */
export function codeOf(markdown: string): string[] {
  const fence = /^( *)```\w*\n([\s\S]*?)^\1```$/gm;
  const blocks = [...markdown.matchAll(fence)].flatMap(([, , body = ""]) =>
    body.replace(/\\\n\s*/g, "").split("\n"),
  );
  const spans = [...markdown.replace(fence, "").matchAll(/`([^`]+)`/g)].map(([, span = ""]) =>
    span.replace(/\s+/g, " "),
  );
  return [...blocks, ...spans].map((line) => line.trim()).filter((line) => line !== "");
}

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(markdown: string): string[] {
  const headings = markdown.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#{1,6} (.+)$/gm);
  const seen = new Map<string, number>();
  return [...headings].map(([, heading = ""]) => {
    const slug = heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}

/** Links and pictures of a page, except in code. */
export function linksOf(markdown: string): string[] {
  const prose = markdown.replace(/^( *)```[\s\S]*?^\1```$/gm, "").replace(/`[^`\n]*`/g, "");
  const inline = [...prose.matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)].map(([, target = ""]) => target);
  const tags = [...prose.matchAll(/(?:src|href|srcset)="([^"]+)"/g)].map(([, target = ""]) => target);
  return [...inline, ...tags];
}
