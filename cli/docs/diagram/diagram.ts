import type { Stack } from "@packages/terraform/synthesized-stack";
import { aroundOf } from "./surroundings";
import { type Arrow, arrowsOf } from "./arrows";
import { badgesOf } from "./badges";
import { layoutOf } from "./layout";
import { type Part, partsOf } from "./parts";
import { svg } from "./svg";

/** The architecture of a synthesized stack as SVG, and the same as Markdown tables. */
export async function diagram(stack: Stack): Promise<{ readonly picture: string; readonly words: string }> {
  const parts = partsOf(stack);
  const arrows = arrowsOf(stack, parts);
  const badges = badgesOf(stack, parts);
  const around = aroundOf(stack);
  const layout = await layoutOf(parts, arrows);
  const title = `Architecture of ${stack.name}`;
  const description = sentences(parts, arrows).join(" ");
  return {
    picture: svg({ title, description, parts, badges, around, layout }),
    words: [
      "| from | to | request |",
      "|---|---|---|",
      ...arrows.map(({ from, to, label }) => `| ${titled(parts, from)} | ${titled(parts, to)} | ${label} |`),
      "",
      "| part | details | supporting services |",
      "|---|---|---|",
      ...parts.map(
        ({ id, title: name, detail }) =>
          `| ${name} | ${detail} | ${(badges.get(id) ?? []).map(({ text }) => text).join(", ")} |`,
      ),
      "",
      ...around.map(({ badge, text }) => `- **${badge.text}**: ${text}`),
      "",
    ].join("\n"),
  };
}

const titled = (parts: readonly Part[], id: string): string =>
  parts.find((part) => part.id === id)?.title ?? id;

function sentences(parts: readonly Part[], arrows: readonly Arrow[]): string[] {
  return arrows.map(({ from, to, label }) => `${titled(parts, from)} to ${titled(parts, to)}: ${label}.`);
}
