import { goalChart } from "./goal-chart";
import { curveChart } from "./curve-chart";
import { machineText, type Results } from "./results";
import { text, type Part, WIDTH } from "./svg";

/** The results as one SVG: how far each ratio is from its goal, and how growing cases grow. Light and dark. */
export function picture({ machine, cases }: Results): string {
  const parts: Part[] = [
    goalChart(cases.flatMap(({ rows }) => rows)),
    ...cases.flatMap(({ benchmark, measured }) =>
      (benchmark.curves ?? []).map((curve) => curveChart(benchmark.name, curve, measured)),
    ),
  ];
  let top = 60;
  const placed = parts.map(({ height, content }) => {
    const group = `<g transform="translate(0 ${top})">\n${content}\n</g>`;
    top += height;
    return group;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${top}"/>`,
    text(24, 30, "Measured side by side", "title"),
    text(24, 49, machineText(machine), "quiet"),
    ...placed,
    "</svg>\n",
  ].join("\n");
}

const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 17px; font-weight: 600 } .head { font-weight: 600 } .quiet { fill: #59636e; font-size: 12px }
.end { text-anchor: end } .middle { text-anchor: middle }
.page { fill: #ffffff } .grid { stroke: #d1d9e0 } .goal { stroke: #59636e; stroke-dasharray: 4 3 }
.met { fill: #0969da } .missed { fill: #ffffff; stroke: #bc4c00; stroke-width: 2.5 }
.curve { fill: none; stroke: #0969da; stroke-width: 2 } .bar { stroke: #0969da; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .quiet { fill: #9198a1 }
.page { fill: #0d1117 } .grid { stroke: #3d444d } .goal { stroke: #9198a1 }
.met { fill: #4493f8 } .missed { fill: #0d1117; stroke: #f0883e } .curve, .bar { stroke: #4493f8 }
}`;
