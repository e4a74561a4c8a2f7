import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk.bundled.js";
import type { Arrow } from "./arrows";
import type { Part } from "./parts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** Positions of all elements in pixels from the top left corner. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Rectangle>;
  readonly vpc: Rectangle | undefined;
  readonly lines: readonly {
    readonly arrow: Arrow;
    readonly points: readonly Point[];
    readonly label: Rectangle;
  }[];
}

export const BOX = { leastWidth: 150, height: 64 } as const;
/** Average width of a character in a box's title and detail, and the room beside them, in pixels. */
const [TITLE_CHARACTER, DETAIL_CHARACTER, BOX_PADDING] = [8.6, 6.3, 22];
const LABEL = { character: 6.2, height: 15 } as const;
const VPC = "vpc";

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.thoroughness": "60",
  "elk.spacing.nodeNode": "16",
  "elk.layered.spacing.nodeNodeBetweenLayers": "24",
  "elk.spacing.edgeNode": "14",
  "elk.spacing.edgeEdge": "12",
  "elk.layered.spacing.edgeNodeBetweenLayers": "16",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "12",
  "elk.padding": "[top=16,left=16,bottom=16,right=16]",
};

/** Lays out boxes and arrows from top to bottom; deterministic. */
export async function layoutOf(parts: readonly Part[], arrows: readonly Arrow[]): Promise<Layout> {
  const box = ({ id, title, detail }: Part): ElkNode => {
    const text = Math.max(title.length * TITLE_CHARACTER, detail.length * DETAIL_CHARACTER);
    return { id, width: Math.max(BOX.leastWidth, Math.ceil(text) + BOX_PADDING), height: BOX.height };
  };
  const inside = parts.filter(({ inVpc }) => inVpc);
  const vpc: ElkNode = {
    id: VPC,
    children: inside.map(box),
    layoutOptions: { "elk.padding": "[top=34,left=18,bottom=18,right=18]" },
  };
  const graph = await new ELK().layout({
    id: "root",
    layoutOptions: OPTIONS,
    children: [...parts.filter(({ inVpc }) => !inVpc).map(box), ...(inside.length > 0 ? [vpc] : [])],
    edges: arrows.map(({ from, to, label }, index): ElkExtendedEdge => ({
      id: `arrow-${index}`,
      sources: [from],
      targets: [to],
      labels: [
        {
          text: label,
          width: Math.round(label.length * LABEL.character + 8),
          height: LABEL.height,
          layoutOptions: { "elk.edgeLabels.inline": "true" },
        },
      ],
    })),
  });
  return read(graph, arrows);
}

function read(graph: ElkNode, arrows: readonly Arrow[]): Layout {
  const boxes = new Map<string, Rectangle>();
  const origins = new Map<string, Point>();
  const visit = (node: ElkNode, left: number, top: number): void => {
    const [x, y] = [left + (node.x ?? 0), top + (node.y ?? 0)];
    origins.set(node.id, { x, y });
    boxes.set(node.id, { x, y, width: node.width ?? 0, height: node.height ?? 0 });
    for (const child of node.children ?? []) visit(child, x, y);
  };
  visit(graph, 0, 0);
  const lines = (graph.edges ?? []).map((edge, index) => {
    // ELK gives an edge's coordinates relative to the box that contains both its ends.
    const { container = "root" } = edge as { container?: string };
    const { x, y } = origins.get(container) ?? { x: 0, y: 0 };
    const [section] = edge.sections ?? [];
    const [label] = edge.labels ?? [];
    const arrow = arrows[index];
    if (!section || !label || !arrow) throw new Error(`the layout has no line for ${edge.id}`);
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    return {
      arrow,
      points: points.map((point) => ({ x: x + point.x, y: y + point.y })),
      label: {
        x: x + (label.x ?? 0),
        y: y + (label.y ?? 0),
        width: label.width ?? 0,
        height: label.height ?? 0,
      },
    };
  });
  const vpc = boxes.get(VPC);
  boxes.delete(VPC);
  boxes.delete("root");
  return { width: graph.width ?? 0, height: graph.height ?? 0, boxes, vpc, lines };
}
