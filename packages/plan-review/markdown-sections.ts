/** An entry of a section, with a shorter form if the comment is full. */
export interface Item {
  readonly short: string;
  readonly long?: string;
}

/** A part of a review that is filled from its first item until the comment is full. */
export interface Section {
  /** What an item is, for the list of what is left out. */
  readonly name: string;
  /** Title of a folded part; undefined if it is not folded. */
  readonly title: string | undefined;
  /** Order in which sections are filled, from 1. */
  readonly priority: number;
  readonly items: readonly Item[];
  /** Puts the lines into one block. */
  readonly wrap?: (lines: readonly string[]) => string;
  /** Text of a section without items. */
  readonly empty?: string;
  /** Lines for the items that are left out, from an index. */
  readonly rest?: (from: number) => readonly string[];
}

export interface Filled {
  /** Texts of the sections for each stack, without empty ones. */
  readonly texts: readonly (readonly string[])[];
  /** What is left out: `412 findings`. */
  readonly left: readonly string[];
}

/** Characters for the frame of a section with its line for what is left out. */
const FRAME_LENGTH = 260;
/** Items of a section before the others get room, and before items get their long form. */
const FIRST_ITEMS = 40;

interface Taken {
  readonly section: Section;
  /** Number of items in the comment, from the first. */
  short: number;
  /** Number of items in their long form, from the first. */
  long: number;
}

/** Characters of a section without its items. */
export function frameLength({ items, empty = "" }: Section): number {
  return items.length === 0 ? empty.length + 2 : FRAME_LENGTH;
}

/** Fills sections of several stacks into a number of characters without their frames, from the most important. */
export function fill(stacks: readonly (readonly Section[])[], budget: number): Filled {
  const taken = stacks.map((sections) => sections.map((section): Taken => ({ section, short: 0, long: 0 })));
  const inOrder = taken
    .flat()
    .filter(({ section }) => section.items.length > 0)
    .sort((one, other) => one.section.priority - other.section.priority);
  let left = budget;
  const [findings, others] = [
    inOrder.filter(({ section }) => section.priority === 1),
    inOrder.filter(({ section }) => section.priority > 1),
  ];
  // Findings keep a third for the rest: a reviewer must see what they are about.
  left -= takeShort(findings, Infinity, (left * 2) / 3);
  left -= takeShort(others, FIRST_ITEMS, left);
  left -= takeLong(findings, Infinity, left / 2);
  left -= takeLong(others, FIRST_ITEMS, left);
  left -= takeShort(findings, Infinity, left);
  left -= takeShort(others, Infinity, left);
  left -= takeLong(findings, Infinity, left);
  takeLong(others, Infinity, left);
  return {
    texts: taken.map((sections) => sections.map(textOf).filter((text) => text !== "")),
    left: leftOut(taken.flat()),
  };
}

/** Adds items in turn; returns the used characters. */
function takeShort(sections: readonly Taken[], most: number, budget: number): number {
  let used = 0;
  for (const one of sections) {
    const { items } = one.section;
    while (one.short < Math.min(most, items.length)) {
      const length = (items[one.short]?.short.length ?? 0) + 1;
      if (used + length > budget) return used;
      used += length;
      one.short++;
    }
  }
  return used;
}

/** Replaces items by their long form; returns the additional characters. */
function takeLong(sections: readonly Taken[], most: number, budget: number): number {
  let used = 0;
  for (const one of sections) {
    const { items } = one.section;
    while (one.long < Math.min(most, one.short)) {
      const item = items[one.long];
      const length = (item?.long?.length ?? item?.short.length ?? 0) - (item?.short.length ?? 0);
      if (used + length > budget) break;
      used += length;
      one.long++;
    }
  }
  return used;
}

function textOf({ section, short, long }: Taken): string {
  const { title, items, wrap, empty = "", rest } = section;
  if (items.length === 0) return empty;
  const lines = items
    .slice(0, short)
    .map((item, index) => (index < long ? (item.long ?? item.short) : item.short));
  const more = rest?.(short) ?? (short < items.length ? [`- and ${items.length - short} more`] : []);
  const body = [...(lines.length === 0 ? [] : wrap === undefined ? lines : [wrap(lines)]), ...more];
  return title === undefined
    ? body.join("\n")
    : `<details><summary>${title}</summary>\n\n${body.join(wrap === undefined ? "\n" : "\n\n")}\n\n</details>`;
}

function leftOut(taken: readonly Taken[]): string[] {
  const counts = new Map<string, number>();
  const add = (name: string, many: number) => {
    if (many > 0) counts.set(name, (counts.get(name) ?? 0) + many);
  };
  for (const { section, short, long } of taken) {
    add(section.name, section.items.length - short);
    const shortened = section.items
      .slice(long, short)
      .filter((item) => item.long !== undefined && item.long !== item.short);
    add(`details of ${section.name}`, shortened.length);
  }
  return [...counts].map(([name, many]) =>
    name.startsWith("details of ")
      ? `the details of ${many} ${name.slice(11)}${many === 1 ? "" : "s"}`
      : plural(many, name),
  );
}

function plural(many: number, name: string): string {
  if (many === 1) return `1 ${name}`;
  return name.startsWith("change ") ? `${many} changes${name.slice(6)}` : `${many} ${name}s`;
}
